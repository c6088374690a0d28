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
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /**
   * Executes the update behind a digest with the votes of a round, by positions of the set. Votes
   * that the contract does not count are left out: who was slashed since it voted may complete a
   * quorum here and not there. Then the votes of a later round are sent, as soon as there are
   * enough.
   */
  void submit(long epoch, EpochSet set, RoundEffect.Submit submit) {
    if (isExecuted(epoch)) {
      return;
    }
    Proposal proposal = store.proposal(submit.digest()).orElseThrow();
    Update update = EpochStructs.fromProto(proposal.update(), "update");
    BigInteger excluded = node.contracts().multisig().excluded();
    Optional<Map.Entry<Integer, Map<Integer, Signature>>> quorum =
        collected(epoch, set, submit.digest(), excluded);
    if (quorum.isEmpty()) {
      LOG.infof(
          "epoch %d: no round has enough votes that count; excluded are positions %s",
          epoch, excluded.toString(2));
      return;
    }
    TransactionOutcome outcome =
        node.sender()
            .send(
                node.contracts()
                    .multisig()
                    .execute(
                        update,
                        quorum.get().getKey(),
                        MultisigCalls.votes(quorum.get().getValue()),
                        nextSet(set, update, proposal)));
    report(epoch, outcome);
  }

  /** The votes on record; our own, which may complete the quorum, is being signed meanwhile. */
  private Optional<Map.Entry<Integer, Map<Integer, Signature>>> collected(
      long epoch, EpochSet set, Bytes32 digest, BigInteger excluded) {
    for (int look = 1; ; look++) {
      var quorum = quorum(store.votes(epoch), set, digest, excluded);
      if (quorum.isPresent() || look == MOST_LOOKS) {
        return quorum;
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return quorum;
      }
    }
  }

  /** The first round in which enough votes for a digest count, with them by position. */
  static Optional<Map.Entry<Integer, Map<Integer, Signature>>> quorum(
      List<CastVote> votes, EpochSet set, Bytes32 digest, BigInteger excluded) {
    Map<Integer, Map<Integer, Signature>> rounds = new TreeMap<>();
    for (CastVote cast : votes) {
      int position = set.operators().indexOf(cast.operator());
      boolean counts = position >= 0 && !excluded.testBit(position);
      if (counts && cast.vote().digest().equals(digest)) {
        rounds
            .computeIfAbsent(cast.vote().round(), round -> new TreeMap<>())
            .put(position, new Signature(cast.signature()));
      }
    }
    return rounds.entrySet().stream()
        .filter(round -> 3 * round.getValue().size() > 2 * set.members().size())
        .findFirst();
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
