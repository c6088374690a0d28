package io.smartnodes.cli.money;

import io.smartnodes.cli.session.Session;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.sdk.ValidatorNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Collects the proofs of what an account owns while there are validators that answer. */
public final class Proofs {
  private static final int ATTEMPTS = 20;

  private final Session session;

  /** Proofs for the account of a session, which must be registered. */
  public Proofs(Session session) {
    this.session = session;
  }

  /**
   * Everything that the account owns in the newest executed state.
   *
   * @param jobs whose money is asked for too
   * @throws IllegalStateException if the network executes faster than it answers
   */
  public ProofFile collect(Collection<Bytes32> jobs) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      List<Session.Executed<Allotment>> allotments = new ArrayList<>();
      for (Address asset : assets()) {
        for (Address home : homes()) {
          session
              .leaf(LeafKey.allotment(session.account(), asset, home), Allotment.class)
              .filter(leaf -> leaf.value().amount().compareTo(Amount.ZERO) > 0)
              .ifPresent(allotments::add);
        }
      }
      List<Session.Executed<Job>> held =
          jobs.stream()
              .flatMap(job -> session.leaf(LeafKey.job(job), Job.class).stream())
              .filter(leaf -> leaf.value().held().compareTo(Amount.ZERO) > 0)
              .toList();
      long epoch = session.contracts().core().epoch();
      Set<Bytes32> roots = new HashSet<>(Set.of(session.contracts().core().stateRoot()));
      allotments.forEach(leaf -> roots.add(leaf.root()));
      held.forEach(leaf -> roots.add(leaf.root()));
      if (roots.size() == 1) {
        return new ProofFile(
            session.deployment().chainId(),
            session.deployment().core().toString(),
            epoch,
            roots.iterator().next().toString(),
            session.account().toString(),
            allotments.stream().map(ProofFile.AllotmentProof::of).toList(),
            held.stream().map(ProofFile.JobProof::of).toList());
      }
      pause();
    }
    throw new IllegalStateException(
        "the validators' states and the chain's never stood at one epoch; try again");
  }

  private List<Address> assets() {
    return Stream.concat(
            session.contracts().core().approvedAssets().stream(),
            Stream.of(session.deployment().token()))
        .distinct()
        .toList();
  }

  private List<Address> homes() {
    return Stream.concat(
            session.network().validators().stream().map(ValidatorNode::operator),
            Stream.of(Address.ZERO))
        .distinct()
        .toList();
  }

  private static void pause() {
    try {
      Thread.sleep(1_000);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }
}
