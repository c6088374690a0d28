package io.smartnodes.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Message;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smartnodes.attestation.rows.SessionRow;
import io.smartnodes.attestation.wire.VerdictWire;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.events.Outbox;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.proto.attestation.v1.CallJuryRequest;
import io.smartnodes.proto.attestation.v1.ListCertificatesRequest;
import io.smartnodes.proto.attestation.v1.OfferCertificateRequest;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.job.v1.ReceiptAcknowledged;
import io.smartnodes.protocol.attestation.jury.SignedVerdict;
import io.smartnodes.protocol.attestation.jury.Verdict;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Attestation as it runs: a database, mutual TLS, events, a signer, a worker and its program. */
@QuarkusTest
@QuarkusTestResource(TestNode.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AttestationTest {
  @Inject Tx tx;
  @Inject Outbox outbox;
  @Inject MeterRegistry meters;
  @Inject AttestationStore store;
  @Inject Sessions sessions;
  @Inject HeldShards held;
  @Inject TestBeans.Pool pool;

  private TestWorker worker;
  private JobSpec honest;
  private JobSpec cheated;
  private JobSpec resumed;
  private Client validator;

  @BeforeAll
  void aChainAndAState() {
    worker = new TestWorker();
    honest = World.job(worker, 1);
    cheated = World.job(worker, 2);
    resumed = World.job(worker, 3);
    validator = new Client(TestKeys.KEY);
    publish("reputation.v1", "state", World.genesis(honest, cheated, resumed));
    World.blocks().forEach(block -> publish("chain.v1", "chain", block));
  }

  @AfterAll
  void close() {
    validator.close();
    worker.close();
  }

  private void publish(String topic, String key, Message message) {
    tx.runAndAwait(AttestationStore.UNIT, session -> outbox.publish(topic, key, message));
  }

  private ReceiptAcknowledged claim(JobSpec spec, int falsified) {
    List<Bytes> outputs = new ArrayList<>(worker.run(spec));
    if (falsified >= 0) {
      outputs.set(falsified, Bytes.fromHex("0bad"));
    }
    return World.receipt(
        spec, worker, new TestWorker.Claim(spec, outputs, TestWorker.results(outputs)));
  }

  private Certificate nextCertified() throws InterruptedException {
    return BodyStructs.fromProto(
        Objects.requireNonNull(pool.certified.poll(60, TimeUnit.SECONDS), "no certificate")
            .getCertificate(),
        "certificate");
  }

  private static Errors.Refusal refusal(ThrowingCallable call) {
    StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, call);
    return Errors.read(Objects.requireNonNull(refused, "not refused")).orElseThrow();
  }

  @Test
  @Order(1)
  void anHonestReceiptIsReplayedAndConfirmed() throws InterruptedException {
    publish("job.v1", honest.hashStruct().toString(), claim(honest, -1));
    Certificate certificate = nextCertified();
    assertThat(certificate.outcome()).isEqualTo(Outcome.CONFIRMED);
    assertThat(certificate.receipt().receipt().jobId()).isEqualTo(honest.hashStruct());
    assertThat(meters.counter("smartnodes.attestation.replays", "result", "equal").count())
        .isEqualTo(TestWorker.UNITS);
    assertThat(
            validator
                .stub
                .listCertificates(
                    ListCertificatesRequest.newBuilder()
                        .setJobId(Fields.bytes(honest.hashStruct()))
                        .build())
                .getCertificatesList())
        .containsExactly(BodyStructs.toProto(certificate));
  }

  @Test
  @Order(2)
  void aFalsifiedUnitIsRefutedAndNamed() throws InterruptedException {
    publish("job.v1", cheated.hashStruct().toString(), claim(cheated, 17));
    Certificate certificate = nextCertified();
    assertThat(certificate.outcome()).isEqualTo(Outcome.REFUTED);
    assertThat(certificate.refutation().unit()).isEqualTo(17);
    assertThat(certificate.refutation().claimedOutputHash())
        .isEqualTo(Bytes.fromHex("0bad").keccak());
    assertThat(meters.counter("smartnodes.attestation.refutations").count()).isEqualTo(1);
  }

  private Certificate certificateOf(JobSpec spec) {
    return BodyStructs.fromProto(
        validator
            .stub
            .listCertificates(
                ListCertificatesRequest.newBuilder()
                    .setJobId(Fields.bytes(spec.hashStruct()))
                    .build())
            .getCertificates(0),
        "certificate");
  }

  private void offer(Certificate certificate) {
    validator.stub.offerCertificate(
        OfferCertificateRequest.newBuilder()
            .setCertificate(BodyStructs.toProto(certificate))
            .build());
  }

  @Test
  @Order(3)
  void aSessionThatHadSpokenBeforeARestartEndsWithoutAnotherReplay() throws InterruptedException {
    ReceiptAcknowledged message = claim(resumed, -1);
    Bytes32 receipt =
        JobStructs.fromProto(message.getReceipt().getReceipt(), "receipt").hashStruct();
    SessionRow row = new SessionRow();
    row.receiptHash = receipt.toString();
    row.body = message.toByteArray();
    row.secret = Bytes32.ofNumber(5).toString();
    row.openedAt = Instant.now();
    Tenure tenure = held.tenure(receipt).orElseThrow();
    assertThat(store.open(row, tenure).secret).isEqualTo(row.secret);
    SessionRow another = new SessionRow();
    another.receiptHash = row.receiptHash;
    another.body = row.body;
    another.secret = Bytes32.ofNumber(6).toString();
    another.openedAt = row.openedAt;
    assertThat(store.open(another, tenure).secret).as("once per receipt").isEqualTo(row.secret);
    Verdict said = new Verdict.Confirming(receipt);
    store.remember(
        new SignedVerdict(TestKeys.OPERATOR, said, World.DOMAIN.sign(said.signed(), TestKeys.KEY)),
        Instant.now());
    double before = meters.counter("smartnodes.attestation.replays", "result", "equal").count();
    store.openSessions().stream()
        .filter(open -> open.receiptHash.equals(row.receiptHash))
        .forEach(sessions::begin);
    assertThat(nextCertified().receipt().receipt().hashStruct()).isEqualTo(receipt);
    assertThat(meters.counter("smartnodes.attestation.replays", "result", "equal").count())
        .isEqualTo(before);
  }

  @Test
  @Order(4)
  void anAlteredCertificateIsRefused() {
    Certificate good = certificateOf(honest);
    Errors.Refusal altered =
        refusal(() ->
            offer(
                new Certificate(
                    good.receipt(),
                    good.acks(),
                    Outcome.SILENT,
                    good.refutation(),
                    good.verdicts())));
    assertThat(altered.code()).isEqualTo(ErrorCode.ERROR_CODE_BAD_SIGNATURE);
    assertThat(altered.field()).isEqualTo("certificate.verdicts[0].signature");
    Errors.Refusal bare =
        refusal(() ->
            offer(
                new Certificate(
                    good.receipt(), good.acks(), Outcome.SILENT, good.refutation(), List.of())));
    assertThat(bare.code()).isEqualTo(ErrorCode.ERROR_CODE_INVALID_ITEM);
    assertThat(bare.field()).isEqualTo("certificate.verdicts");
  }

  @Test
  @Order(5)
  void aForgedVerdictAndThatOfAStrangerAreRefused() {
    Bytes32 receipt = certificateOf(honest).receipt().receipt().hashStruct();
    Verdict verdict = new Verdict.Silence(receipt);
    Errors.Refusal forged = refusal(() -> offerVerdict(TestKeys.OPERATOR, verdict));
    assertThat(forged.code()).isEqualTo(ErrorCode.ERROR_CODE_BAD_SIGNATURE);
    assertThat(forged.field()).isEqualTo("verdict.signature");
    Errors.Refusal stranger = refusal(() -> offerVerdict(TestKeys.STRANGER.address(), verdict));
    assertThat(stranger.code()).isEqualTo(ErrorCode.ERROR_CODE_NOT_ALLOWED);
    assertThat(stranger.field()).isEqualTo("verdict.operator");
  }

  private void offerVerdict(Address operator, Verdict verdict) {
    Bytes signature = World.DOMAIN.sign(verdict.signed(), TestKeys.STRANGER);
    validator.stub.offerVerdict(
        VerdictWire.toProto(new SignedVerdict(operator, verdict, signature)));
  }

  @Test
  @Order(6)
  void aCallWithAForgedLeaseOrAnotherJobIsRefused() {
    ReceiptAcknowledged good = claim(honest, 3);
    ReceiptAcknowledged.Builder forged = good.toBuilder();
    forged.getReceiptBuilder().setHomeSignature(good.getReceipt().getWorkerSignature());
    Errors.Refusal lease =
        refusal(
            () -> validator.stub.callJury(CallJuryRequest.newBuilder().setReceipt(forged).build()));
    assertThat(lease.code()).isEqualTo(ErrorCode.ERROR_CODE_BAD_SIGNATURE);
    assertThat(lease.field()).isEqualTo("receipt.receipt.home_signature");
    Errors.Refusal job =
        refusal(() ->
            validator.stub.callJury(
                CallJuryRequest.newBuilder()
                    .setReceipt(good.toBuilder().setSpec(JobStructs.toProto(cheated)))
                    .build()));
    assertThat(job.code()).isEqualTo(ErrorCode.ERROR_CODE_INVALID_ITEM);
    assertThat(job.field()).isEqualTo("receipt.spec");
  }

  @Test
  @Order(7)
  void aStrangerIsRefusedAndHealthIsUp() throws IOException, InterruptedException {
    try (Client stranger = new Client(NodeKey.of(Bytes32.ofNumber(99)))) {
      assertThat(
              refusal(() ->
                      stranger.stub.listCertificates(ListCertificatesRequest.getDefaultInstance()))
                  .code())
          .isEqualTo(ErrorCode.ERROR_CODE_STRANGER);
    }
    int port = ConfigProvider.getConfig().getValue("quarkus.management.port", Integer.class);
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(
              http.send(
                      HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/q/health"))
                          .build(),
                      HttpResponse.BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(200);
    }
  }
}
