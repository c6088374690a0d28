package io.smartnodes.attestation;

import io.smallrye.mutiny.Uni;
import io.smartnodes.attestation.rows.BlockRow;
import io.smartnodes.attestation.rows.CallRow;
import io.smartnodes.attestation.rows.SeedRow;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.Event;
import io.smartnodes.events.EventConsumer;
import io.smartnodes.events.signal.Signals;
import io.smartnodes.proto.chain.v1.BlockSeen;
import io.smartnodes.proto.job.v1.ReceiptAcknowledged;
import io.smartnodes.proto.reputation.v1.StateAdvanced;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.wire.JobStructs;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Set;

/** Hears blocks, seeds, and the receipts whose jury this home has to call. */
@Singleton
public class AttestationEvents implements EventConsumer {
  private static final long FORGOTTEN_AFTER = 20_000;

  private final InstantSource time = InstantSource.system();

  @Override
  public String name() {
    return "attestation";
  }

  @Override
  public String unit() {
    return AttestationStore.UNIT;
  }

  @Override
  public Set<String> topics() {
    return Set.of("chain.v1", "job.v1", "reputation.v1");
  }

  @Override
  public Uni<Void> on(Event event) {
    if (event.is(BlockSeen.getDefaultInstance())) {
      return seen(event.parse(BlockSeen.parser()), event);
    }
    if (event.is(ReceiptAcknowledged.getDefaultInstance())) {
      return acknowledged(event.parse(ReceiptAcknowledged.parser()));
    }
    if (event.is(StateAdvanced.getDefaultInstance())) {
      return advanced(event.parse(StateAdvanced.parser()));
    }
    return Uni.createFrom().voidItem();
  }

  private Uni<Void> seen(BlockSeen block, Event event) {
    BlockRow row = new BlockRow();
    row.number = block.getNumber();
    row.hash = Bytes32.of(block.getHash().toByteArray()).toString();
    row.seenAt = event.createdAt();
    row.confirmedTo = block.getConfirmedNumber();
    Uni<Void> kept =
        Tx.current()
            .session()
            .merge(row)
            .chain(() -> Signals.emit(AttestationSignals.BLOCK, Long.toString(row.number)));
    return row.number % 1_000 == 0 ? kept.chain(() -> forget(row.number)) : kept;
  }

  private static Uni<Void> forget(long number) {
    return Tx.current()
        .session()
        .createMutationQuery("delete from BlockRow where number < :number")
        .setParameter("number", number - FORGOTTEN_AFTER)
        .executeUpdate()
        .replaceWithVoid();
  }

  private Uni<Void> acknowledged(ReceiptAcknowledged receipt) {
    CallRow row = new CallRow();
    row.receiptHash =
        JobStructs.fromProto(receipt.getReceipt().getReceipt(), "receipt").hashStruct().toString();
    row.body = receipt.toByteArray();
    row.calledAt = time.instant();
    return AttestationStore.called(row)
        .chain(() -> Signals.emit(AttestationSignals.CALL, row.receiptHash));
  }

  private Uni<Void> advanced(StateAdvanced state) {
    if (!state.getLastPart()) {
      return Uni.createFrom().voidItem();
    }
    SeedRow row = new SeedRow();
    row.epoch = state.getEpoch();
    row.seed = Bytes32.of(state.getSeed().toByteArray()).toString();
    return Tx.current()
        .session()
        .merge(row)
        .chain(() -> Signals.emit(AttestationSignals.SEED, Long.toString(row.epoch)));
  }
}
