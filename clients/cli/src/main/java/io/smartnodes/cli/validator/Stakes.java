package io.smartnodes.cli.validator;

import io.smartnodes.chain.TransactionOutcome.Receipt;
import io.smartnodes.chain.contracts.MultisigCalls;
import io.smartnodes.chain.contracts.OperatorInfo;
import io.smartnodes.cli.session.OnChain;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.crypto.Signature;
import io.smartnodes.protocol.Amount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An operator's dealings with the multisig: stake, node keys, leaving. Blocking. */
public final class Stakes {
  private static final int ENTRY = 40;
  private static final int ADDRESS = 20;

  private final OnChain chain;
  private final MultisigCalls multisig;

  /** Dealings of an account. */
  public Stakes(OnChain chain) {
    this.chain = chain;
    this.multisig = chain.contracts().multisig();
  }

  /** A validator of the set that votes. */
  public record Member(Address node, Address operator) {}

  /** Where an operator stands. */
  public OperatorInfo operator(Address operator) {
    return multisig.operatorInfo(operator);
  }

  /** The set that votes on the next epoch, in its order. */
  public List<Member> set() {
    byte[] set = multisig.validatorSet().toArray();
    List<Member> members = new ArrayList<>();
    for (int at = 0; at < set.length; at += ENTRY) {
      members.add(
          new Member(
              Address.of(Arrays.copyOfRange(set, at, at + ADDRESS)),
              Address.of(Arrays.copyOfRange(set, at + ADDRESS, at + ENTRY))));
    }
    return members;
  }

  /** The least that a joining operator stakes. */
  public Amount minimumStake() {
    return multisig.minimumStake();
  }

  /** Stakes SNO and asks to enter the set with a node key. */
  public Receipt join(NodeKey node, Address payout, Amount stake) {
    chain.approve(multisig.address(), stake);
    return chain.send("join", multisig.join(node.publicKey(), payout, proof(node), stake));
  }

  /** Adds to the stake. */
  public Receipt topUp(Amount amount) {
    chain.approve(multisig.address(), amount);
    return chain.send("top-up", multisig.topUp(amount));
  }

  /** Asks to serve with another node key from the next set on. */
  public Receipt rotate(NodeKey node, Address payout) {
    return chain.send("rotation", multisig.rotate(node.publicKey(), payout, proof(node)));
  }

  /** Asks to leave. */
  public Receipt exit() {
    return chain.send("exit", multisig.exit());
  }

  /** Undoes an exit or an ejection: asks to enter the set again. */
  public Receipt rejoin() {
    return chain.send("rejoining", multisig.rejoin());
  }

  /** Ends the notice of an operator whose time has come; anybody may. */
  public Receipt completeExit(Address operator) {
    return chain.send("completion of the exit", multisig.completeExit(operator));
  }

  /** Takes the stake back to the payout address. */
  public Receipt withdraw() {
    return chain.send("withdrawal", multisig.withdraw());
  }

  /** The node key agrees to serve the operator. */
  private Signature proof(NodeKey key) {
    return MultisigCalls.proof(chain.deployment().domain(), chain.account(), key);
  }
}
