package io.smartnodes.router;

import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.Event;
import io.smartnodes.events.EventConsumer;
import io.smartnodes.proto.attestation.v1.JobCertified;
import io.smartnodes.proto.chain.v1.BlockSeen;
import io.smartnodes.proto.reputation.v1.StateAdvanced;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.router.rows.CertificateRow;
import io.smartnodes.router.rows.SeedRow;
import io.smartnodes.wire.BodyStructs;
import jakarta.inject.Singleton;
import java.util.Set;

/** Hears blocks, certificates and seeds: stores them, then wakes the scheduler. */
@Singleton
public class RouterEvents implements EventConsumer {
  private final RouterState state;
  private final Board board;

  /** Called by the container. */
  public RouterEvents(RouterState state, Board board) {
    this.state = state;
    this.board = board;
  }

  @Override
  public String name() {
    return "job-router";
  }

  @Override
  public String unit() {
    return RouterState.UNIT;
  }

  @Override
  public Set<String> topics() {
    return Set.of("chain.v1", "attestation.v1", "reputation.v1");
  }

  @Override
  public Uni<Void> on(Event event) {
    if (event.is(BlockSeen.getDefaultInstance())) {
      // The head alone is not stored: the next block brings it again.
      state.seen(event.parse(BlockSeen.parser()).getNumber());
      return Uni.createFrom().voidItem();
    }
    if (event.is(JobCertified.getDefaultInstance())) {
      return certified(event.parse(JobCertified.parser()));
    }
    if (event.is(StateAdvanced.getDefaultInstance())) {
      return advanced(event.parse(StateAdvanced.parser()));
    }
    return Uni.createFrom().voidItem();
  }

  private Uni<Void> certified(JobCertified event) {
    Certificate made = BodyStructs.fromProto(event.getCertificate(), "certificate");
    Bytes32 receipt = made.receipt().receipt().hashStruct();
    CertificateRow row = new CertificateRow();
    row.id = receipt + ":" + made.outcome().code();
    row.receiptHash = receipt.toString();
    row.job = made.receipt().receipt().jobId().toString();
    row.worker = made.receipt().lease().worker().toString();
    row.outcome = made.outcome().code();
    row.body = event.getCertificate().toByteArray();
    Tx.afterCommit(() -> judged(made));
    return Tx.current().session().merge(row).replaceWithVoid();
  }

  private void judged(Certificate made) {
    if (made.outcome() == Outcome.REFUTED) {
      board.refuted().add(made.receipt().lease().worker());
    }
    if (board.job(made.receipt().receipt().jobId()).isPresent()) {
      board.judged().add(made);
    }
    board.wake();
  }

  private Uni<Void> advanced(StateAdvanced event) {
    if (!event.getLastPart()) {
      return Uni.createFrom().voidItem();
    }
    Bytes32 seed = Bytes32.of(event.getSeed().toByteArray());
    SeedRow row = new SeedRow();
    row.epoch = event.getEpoch();
    row.seed = seed.toString();
    Tx.afterCommit(() -> {
      state.learned(event.getEpoch(), seed);
      board.wake();
    });
    return Tx.current().session().merge(row).replaceWithVoid();
  }
}
