package io.smartnodes.chain;

import io.smartnodes.chain.contracts.MultisigCalls;
import io.smartnodes.chain.contracts.SmartnodesContracts;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.crypto.Signature;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.epoch.AssetTotals;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.wire.deployment.Deployment;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Updates that take the whole inbox, and calls that execute them with real votes. */
final class Executions {
  private final SmartnodesContracts contracts;
  private final Deployment deployment;

  Executions(SmartnodesContracts contracts, Deployment deployment) {
    this.contracts = contracts;
    this.deployment = deployment;
  }

  /** The next update to a root, with payouts of SNO in the totals and a set to come. */
  Update update(Bytes32 root, Amount balances, Amount payouts, Bytes nextSet) {
    long length = contracts.core().inboxLength();
    return new Update(
        contracts.core().epoch() + 1,
        contracts.core().stateRoot(),
        root,
        Keccak.text("body"),
        length,
        contracts.core().inboxHashAt(length),
        contracts.core().asOf(),
        List.of(
            new AssetTotals(
                contracts.token().address(),
                balances,
                payouts,
                Amount.ZERO,
                Amount.ZERO,
                Amount.ZERO)),
        List.of(),
        List.of(),
        nextSet.keccak());
  }

  /** Its execution with votes of some keys, each at its position in the present set. */
  ContractCall execute(Update update, List<NodeKey> voters, Bytes nextSet) {
    Vote vote = new Vote(update.epoch(), 0, update.hashStruct());
    Map<Integer, Signature> signatures = new TreeMap<>();
    for (NodeKey voter : voters) {
      signatures.put(signatures.size(), new Signature(deployment.domain().sign(vote, voter)));
    }
    return contracts.multisig().execute(update, 0, MultisigCalls.votes(signatures), nextSet);
  }

  static Bytes set(List<NodeKey> nodes, List<Address> operators) {
    ByteArrayOutputStream set = new ByteArrayOutputStream();
    for (int i = 0; i < nodes.size(); i++) {
      set.writeBytes(nodes.get(i).address().toArray());
      set.writeBytes(operators.get(i).toArray());
    }
    return Bytes.of(set.toByteArray());
  }
}
