package io.smartnodes.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Message;
import io.grpc.StatusRuntimeException;
import io.quarkus.arc.Arc;
import io.quarkus.reactive.datasource.ReactiveDataSource.ReactiveDataSourceLiteral;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smartnodes.attestation.facts.Blocks;
import io.smartnodes.attestation.rows.BlockRow;
import io.smartnodes.attestation.rows.SeedRow;
import io.smartnodes.attestation.rows.SessionRow;
import io.smartnodes.attestation.wire.VerdictWire;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.events.Outbox;
import io.smartnodes.events.lease.Shards;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.proto.attestation.v1.CallJuryRequest;
import io.smartnodes.proto.chain.v1.BlockSeen;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.job.v1.ReceiptAcknowledged;
import io.smartnodes.protocol.attestation.jury.SignedVerdict;
import io.smartnodes.protocol.attestation.jury.Verdict;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What one instance does while others store blocks, and take shards over. */
@QuarkusTest
@QuarkusTestResource(TestNode.class)
@TestProfile(InstancesTest.OfItsOwn.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InstancesTest {
  @Inject Tx tx;
  @Inject Outbox outbox;
  @Inject AttestationStore store;
  @Inject Sessions sessions;
  @Inject HeldShards held;
  @Inject Blocks blocks;
  @Inject TestBeans.Pool pool;

  private TestWorker worker;
  private JobSpec first;
  private JobSpec second;
  private JobSpec third;
  private JobSpec fourth;
  private Client validator;

  /** A process and a database for this class. */
  public static class OfItsOwn implements QuarkusTestProfile {}

  @BeforeAll
  void aStateAndTheFirstBlocks() {
    worker = new TestWorker();
    first = World.job(worker, 11);
    second = World.job(worker, 12);
    third = World.job(worker, 13);
    fourth = World.job(worker, 14);
    validator = new Client(TestKeys.KEY);
    publish("reputation.v1", "state", World.genesis(first, second, third, fourth));
    for (long number = 1; number <= 3; number++) {
      publish(
          "chain.v1",
          "chain",
          BlockSeen.newBuilder()
              .setNumber(number)
              .setHash(Fields.bytes(hash(number)))
              .setConfirmedNumber(number - 2)
              .build());
    }
    until(() -> blocks.confirmed(1).isPresent());
    until(() ->
        LongStream.range(0, Shards.COUNT)
            .allMatch(shard -> held.tenure(Bytes32.ofNumber(shard)).isPresent()));
  }

  @AfterAll
  void close() {
    validator.close();
    worker.close();
  }

  private void publish(String topic, String key, Message message) {
    tx.runAndAwait(AttestationStore.UNIT, session -> outbox.publish(topic, key, message));
  }

  private static Bytes32 hash(long number) {
    return Keccak.words(Bytes32.ofNumber(number));
  }

  private static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(20_000_000L);
    }
  }

  /** Another instance stores a block, and its signal does not come. */
  private void storedElsewhere(long number, Bytes32 hash) {
    BlockRow row = new BlockRow();
    row.number = number;
    row.hash = hash.toString();
    row.seenAt = Instant.now();
    row.confirmedTo = number - 2;
    tx.runAndAwait(AttestationStore.UNIT, session -> session.merge(row));
  }

  private ReceiptAcknowledged claim(JobSpec spec, long drawHeight) {
    List<Bytes> outputs = worker.run(spec);
    return World.receipt(
        spec, worker, new TestWorker.Claim(spec, outputs, TestWorker.results(outputs)), drawHeight);
  }

  private static Bytes32 receiptOf(ReceiptAcknowledged message) {
    return JobStructs.fromProto(message.getReceipt().getReceipt(), "receipt").hashStruct();
  }

  private void call(ReceiptAcknowledged message) {
    validator.stub.callJury(CallJuryRequest.newBuilder().setReceipt(message).build());
  }

  private static SessionRow row(ReceiptAcknowledged message) {
    SessionRow row = new SessionRow();
    row.receiptHash = receiptOf(message).toString();
    row.body = message.toByteArray();
    row.secret = Bytes32.ofNumber(5).toString();
    row.openedAt = Instant.now();
    return row;
  }

  @Test
  void aJuryIsDrawnFromBlocksWhoseSignalsWereLost() throws InterruptedException {
    ReceiptAcknowledged message = claim(first, 5);
    call(message);
    assertThat(sessions.find(receiptOf(message))).isPresent();
    storedElsewhere(4, hash(4));
    until(() -> blocks.newest() == 4);

    // Replaced before it was confirmed.
    storedElsewhere(4, hash(444));
    for (long number = 5; number <= 7; number++) {
      storedElsewhere(number, hash(number));
    }
    assertThat(
            Objects.requireNonNull(pool.certified.poll(60, TimeUnit.SECONDS), "no certificate")
                .getCertificate()
                .getReceipt())
        .isEqualTo(message.getReceipt());
    assertThat(blocks.confirmed(4).orElseThrow().hash()).isEqualTo(hash(444));
  }

  @Test
  void noUnitUsesAPoolWithoutALimitToSilence() {
    for (String unit : List.of("attestation", "ledger", "proposer", "registry", "router")) {
      assertThat(Arc.container().select(PgPoolCreator.class, new ReactiveDataSourceLiteral(unit)))
          .as(unit)
          .hasSize(1);
    }
  }

  @Test
  void aSeedWhoseSignalWasLostIsFound() {
    SeedRow row = new SeedRow();
    row.epoch = 3;
    row.seed = Bytes32.ofNumber(33).toString();
    tx.runAndAwait(AttestationStore.UNIT, session -> session.merge(row));
    until(() -> blocks.seed(3).isPresent());
    assertThat(blocks.seed(3)).contains(Bytes32.ofNumber(33));
  }

  @Test
  void whoLostTheShardOpensNoSession() {
    ReceiptAcknowledged message = claim(second, 1_000);
    Bytes32 receipt = receiptOf(message);
    Tenure ours = held.tenure(receipt).orElseThrow();
    Tenure over = new Tenure(ours.unit(), ours.name(), UUID.randomUUID(), ours.fence());
    held.add(over);
    try {
      StatusRuntimeException refused =
          catchThrowableOfType(StatusRuntimeException.class, () -> call(message));
      assertThat(Errors.read(Objects.requireNonNull(refused, "not refused")).orElseThrow().code())
          .isEqualTo(ErrorCode.ERROR_CODE_NOT_READY);
      assertThat(store.session(receipt)).isEmpty();
      assertThat(sessions.find(receipt)).isEmpty();
    } finally {
      held.add(ours);
    }
    call(message);
    assertThat(sessions.find(receipt)).isPresent();
  }

  @Test
  void aSessionOnRecordGoesOnWhereItsShardIsHeldAndNowhereElse() {
    ReceiptAcknowledged message = claim(third, 1_000);
    Bytes32 receipt = receiptOf(message);
    Tenure ours = held.tenure(receipt).orElseThrow();
    SessionRow row = store.open(row(message), ours);

    held.remove(ours);
    try {
      sessions.begin(row);
      assertThat(sessions.find(receipt)).isEmpty();
    } finally {
      held.add(ours);
    }
    call(message);
    assertThat(sessions.find(receipt)).isPresent();
    assertThat(sessions.find(receipt).orElseThrow().session().judged().secret())
        .isEqualTo(Bytes32.ofNumber(5));
  }

  @Test
  void aVerdictFindsTheSessionThatIsOnRecordOnly() {
    ReceiptAcknowledged message = claim(fourth, 1_000);
    Bytes32 receipt = receiptOf(message);
    SessionRow row = store.open(row(message), held.tenure(receipt).orElseThrow());
    assertThat(sessions.find(receipt)).isEmpty();
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                validator.stub.offerVerdict(
                    VerdictWire.toProto(
                        new SignedVerdict(
                            TestKeys.OPERATOR,
                            new Verdict.Silence(receipt),
                            Bytes.of(new byte[65])))));
    // It is not drawn yet, which only a session can say.
    assertThat(Objects.requireNonNull(refused, "not refused").getMessage())
        .contains("the draw block is not confirmed here");
    assertThat(sessions.find(receipt).orElseThrow().session().judged().secret().toString())
        .isEqualTo(row.secret);
  }
}
