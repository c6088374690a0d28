package io.smartnodes.router.heard;

import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.Event;
import io.smartnodes.events.EventConsumer;
import io.smartnodes.events.signal.Signals;
import io.smartnodes.proto.attestation.v1.JobCertified;
import io.smartnodes.proto.chain.v1.BlockSeen;
import io.smartnodes.proto.reputation.v1.StateAdvanced;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.router.RouterState;
import io.smartnodes.router.instances.RouterSignals;
import io.smartnodes.router.rows.CertificateRow;
import io.smartnodes.router.rows.SeedRow;
import io.smartnodes.wire.BodyStructs;
import jakarta.inject.Singleton;
import java.util.Set;

/** Hears blocks, certificates and seeds: stores them, and tells all instances of it. */
@Singleton
public class RouterEvents implements EventConsumer {
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
      long number = event.parse(BlockSeen.parser()).getNumber();
      return HeardStore.storeHead(number)
          .chain(() -> Signals.emit(RouterSignals.HEAD, Long.toString(number)));
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
    return Tx.current()
        .session()
        .merge(row)
        .chain(() -> Signals.emit(RouterSignals.CERTIFICATE, row.id));
  }

  private Uni<Void> advanced(StateAdvanced event) {
    if (!event.getLastPart()) {
      return Uni.createFrom().voidItem();
    }
    SeedRow row = new SeedRow();
    row.epoch = event.getEpoch();
    row.seed = Bytes32.of(event.getSeed().toByteArray()).toString();
    return Tx.current()
        .session()
        .merge(row)
        .chain(() -> Signals.emit(RouterSignals.SEED, Long.toString(row.epoch)));
  }
}
