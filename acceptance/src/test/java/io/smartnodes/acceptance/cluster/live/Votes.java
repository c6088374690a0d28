package io.smartnodes.acceptance.cluster.live;

import io.smartnodes.acceptance.cluster.kube.Kube;
import io.smartnodes.acceptance.cluster.report.Steps;
import io.smartnodes.chain.ChainEvent;
import io.smartnodes.chain.ChainLog;
import io.smartnodes.cli.network.LocalNetwork;
import io.smartnodes.cli.session.Session;
import io.smartnodes.cli.validator.Stakes;
import io.smartnodes.crypto.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The epochs that the chain executed, and which of them carry the vote of one validator. */
public final class Votes {
  private final LocalNetwork network;
  private final Stakes stakes;
  private final Address node;

  public Votes(LocalNetwork network, Session session, int founder) {
    this.network = network;
    this.stakes = new Stakes(session.onChain());
    this.node = network.fleet().nodeKey(founder).address();
  }

  /** The last executed epoch. */
  public long epoch() {
    return network.contracts().core().epoch();
  }

  /** All executions after an epoch, in the order of the chain. */
  public List<ChainEvent.UpdateExecuted> executions(long after) {
    List<ChainEvent.UpdateExecuted> executions = new ArrayList<>();
    for (ChainLog log :
        network.chain().logs(0, network.chain().headNumber(), network.contracts().followed())) {
      if (network.contracts().event(log).orElse(null) instanceof ChainEvent.UpdateExecuted one
          && one.epoch() > after) {
        executions.add(one);
      }
    }
    return executions;
  }

  /** The epochs after one that carry its vote. */
  public List<Long> counted(long after) {
    int position = position();
    return executions(after).stream()
        .filter(one -> one.bitmap().testBit(position))
        .map(ChainEvent.UpdateExecuted::epoch)
        .toList();
  }

  private int position() {
    List<Stakes.Member> set = stakes.set();
    for (int i = 0; i < set.size(); i++) {
      if (set.get(i).node().equals(node)) {
        return i;
      }
    }
    throw new IllegalStateException("the validator of the cluster is not in the set any more");
  }

  /** Waits until an epoch after one is executed with its vote; says which. */
  public long awaitCounted(long after, Duration patience) throws InterruptedException {
    Kube.await(
        "an epoch after " + after + " with a vote of the cluster's validator",
        patience,
        () -> !counted(after).isEmpty());
    return counted(after).getFirst();
  }

  /** Waits until some more epochs are executed. */
  public void awaitEpoch(long number, Duration patience) throws InterruptedException {
    Kube.await("epoch " + number + " executed", patience, () -> epoch() >= number);
  }

  /** Checks that the chain executed every epoch after one exactly once. */
  public String everyEpochOnce(long after) {
    List<Long> numbers = executions(after).stream().map(ChainEvent.UpdateExecuted::epoch).toList();
    long last = epoch();
    for (int i = 0; i < numbers.size(); i++) {
      Steps.check(numbers.get(i) == after + i + 1, "epochs executed: " + numbers);
    }
    Steps.check(numbers.size() >= last - after, "epochs executed: " + numbers + " of " + last);
    return "epochs "
        + (after + 1)
        + "-"
        + last
        + " executed once each, "
        + counted(after).size()
        + " with its vote";
  }
}
