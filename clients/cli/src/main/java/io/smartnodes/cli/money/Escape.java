package io.smartnodes.cli.money;

import io.smartnodes.chain.ChainEvent;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.ContractError;
import io.smartnodes.chain.contracts.CoreCalls;
import io.smartnodes.cli.session.ChainRefused;
import io.smartnodes.cli.session.OnChain;
import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.InboxKind;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Takes money out of Core after 30 days without an execution: balances by the proofs of the last
 * executed state, and deposits that no state has consumed. Needs no validator. Blocking.
 */
public final class Escape {
  private final OnChain chain;
  private final CoreCalls core;

  /** Escapes that an account pays the gas for; the money goes to its owner, whoever sends. */
  public Escape(OnChain chain) {
    this.chain = chain;
    this.core = chain.contracts().core();
  }

  /** What can be taken, and the call that takes it. */
  public record Exit(String what, Address asset, Amount amount, ContractCall call) {}

  /** How one of them ended. */
  public sealed interface Outcome {
    /** What was tried. */
    Exit exit();

    /** The chain paid. */
    record Paid(Exit exit, Bytes32 transaction) implements Outcome {}

    /** The chain refused, for example because it paid before. */
    record Refused(Exit exit, ContractError error, String message) implements Outcome {}
  }

  /**
   * The exits of what a file proves.
   *
   * @throws UsageProblem if the file is of another deployment, or a later epoch was executed
   */
  public List<Exit> proven(ProofFile file) {
    if (file.chainId() != chain.deployment().chainId()
        || !Address.fromHex(file.core()).equals(chain.deployment().core())) {
      throw new UsageProblem("the proofs are of another deployment");
    }
    if (!core.stateRoot().equals(Bytes32.fromHex(file.stateRoot()))) {
      throw new UsageProblem(
          "the proofs are of epoch "
              + file.epoch()
              + ", the last executed one is "
              + core.epoch()
              + ": take new ones with 'smartnodes proof --save'");
    }
    Address account = Address.fromHex(file.account());
    List<Exit> exits = new ArrayList<>();
    for (ProofFile.AllotmentProof proof : file.allotments()) {
      Allotment leaf = proof.leaf(account);
      exits.add(
          new Exit(
              leaf.home().isZero() ? "free balance" : "allotment of " + leaf.home(),
              leaf.asset(),
              leaf.amount(),
              core.escapeAllotment(leaf, ProofFile.hashes(proof.siblings()))));
    }
    for (ProofFile.JobProof proof : file.jobs()) {
      Job leaf = proof.leaf(account);
      exits.add(
          new Exit(
              "job " + leaf.jobId(),
              leaf.asset(),
              leaf.held(),
              core.escapeJob(leaf, ProofFile.hashes(proof.siblings()))));
    }
    return exits;
  }

  /** The exits of an account's deposits that no executed state has consumed. */
  public List<Exit> deposits(Address account) {
    long consumed = core.inboxConsumed();
    return chain.logs(core.address()).stream()
        .flatMap(log -> chain.contracts().event(log).stream())
        .flatMap(event ->
            event instanceof ChainEvent.ItemQueued queued
                ? Stream.of(queued.item())
                : Stream.<InboxItem>empty())
        .filter(item -> item.kind() == InboxKind.DEPOSIT && item.index() >= consumed)
        .filter(item -> item.account().equals(account))
        .map(item ->
            new Exit(
                "deposit " + item.index(), item.asset(), item.amount(), core.escapeDeposit(item)))
        .toList();
  }

  /** Takes one. */
  public Outcome take(Exit exit) {
    try {
      return new Outcome.Paid(
          exit, chain.send("escape of the " + exit.what(), exit.call()).transactionHash());
    } catch (ChainRefused refused) {
      return new Outcome.Refused(exit, refused.error(), String.valueOf(refused.getMessage()));
    }
  }
}
