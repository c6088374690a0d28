package io.smartnodes.proposer;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartnodes.chain.TransactionOutcome;
import io.smartnodes.chain.contracts.MultisigCalls;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Signature;
import io.smartnodes.proposer.set.EpochSet;
import io.smartnodes.proposer.store.EpochStore;
import io.smartnodes.proposer.store.EpochStore.CastVote;
import io.smartnodes.proposer.store.EpochStore.Proposal;
import io.smartnodes.protocol.epoch.RoundEffect;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.wire.EpochStructs;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/** Sends executions with the votes of a quorum to the chain. For virtual threads. */
@Singleton
public class Submissions {
  private static final Logger LOG = Logger.getLogger(Submissions.class);

  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int MOST_LOOKS = 30;

  private final EpochStore store;
  private final Node node;
  private final MeterRegistry meters;

  /** Called by the container. */
  public Submissions(EpochStore store, Node node, MeterRegistry meters) {
    this.store = store;
    this.node = node;
    this.meters = meters;
  }

  /** Executes the update behind a digest with the votes of a round, by positions of the set. */
  void submit(long epoch, EpochSet set, RoundEffect.Submit submit) {
    if (isExecuted(epoch)) {
      return;
    }
    Proposal proposal = store.proposal(submit.digest()).orElseThrow();
    Update update = EpochStructs.fromProto(proposal.update(), "update");
    Map<Integer, Signature> signatures = collected(epoch, set, submit);
    TransactionOutcome outcome =
        node.sender()
            .send(
                node.contracts()
                    .multisig()
                    .execute(
                        update,
                        submit.round(),
                        MultisigCalls.votes(signatures),
                        nextSet(set, update, proposal)));
    report(epoch, outcome);
  }

  /** The votes on record; our own, which may complete the quorum, is being signed meanwhile. */
  private Map<Integer, Signature> collected(long epoch, EpochSet set, RoundEffect.Submit submit) {
    for (int look = 1; ; look++) {
      Map<Integer, Signature> signatures = votes(epoch, set, submit);
      if (look == MOST_LOOKS || 3 * signatures.size() > 2 * set.members().size()) {
        return signatures;
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return signatures;
      }
    }
  }

  private Map<Integer, Signature> votes(long epoch, EpochSet set, RoundEffect.Submit submit) {
    Map<Integer, Signature> signatures = new TreeMap<>();
    for (CastVote cast : store.votes(epoch)) {
      int position = set.operators().indexOf(cast.operator());
      if (position >= 0
          && cast.vote().round() == submit.round()
          && cast.vote().digest().equals(submit.digest())) {
        signatures.put(position, new Signature(cast.signature()));
      }
    }
    return signatures;
  }

  /** Empty if the set stays: the contract has it, and the bytes cost gas. */
  static Bytes nextSet(EpochSet set, Update update, Proposal proposal) {
    Bytes32 hash = update.nextSetHash();
    return hash.equals(set.hash()) ? Bytes.EMPTY : proposal.nextSet().orElse(Bytes.EMPTY);
  }

  private void report(long epoch, TransactionOutcome outcome) {
    switch (outcome) {
      case TransactionOutcome.Mined mined -> {
        meters.counter("smartnodes.executions.submitted").increment();
        LOG.debugf(
            "execution of epoch %d stands in block %d", epoch, mined.receipt().blockNumber());
      }
      // Two that submit in the same block: the second pays for the race, and nothing is wrong.
      case TransactionOutcome.Failed failed ->
          LOG.logf(
              isExecuted(epoch) ? Logger.Level.DEBUG : Logger.Level.WARN,
              "execution of epoch %d failed: %s",
              epoch,
              failed.error());
      case TransactionOutcome.Refused refused ->
          LOG.logf(
              isExecuted(epoch) ? Logger.Level.DEBUG : Logger.Level.WARN,
              "execution of epoch %d was not sent: %s",
              epoch,
              refused.error());
      case TransactionOutcome.Unconfirmed open ->
          LOG.warnf("execution of epoch %d stands in no block yet: %s", epoch, open.hash());
    }
  }

  /** Another validator was first: whatever the contract says then, the race was lost. */
  private boolean isExecuted(long epoch) {
    return node.contracts().core().epoch() >= epoch;
  }
}
