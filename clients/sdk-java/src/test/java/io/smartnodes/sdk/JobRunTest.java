package io.smartnodes.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.job.v1.JobEvent;
import io.smartnodes.proto.job.v1.JobState;
import io.smartnodes.proto.job.v1.LeaseState;
import io.smartnodes.proto.job.v1.LeaseView;
import io.smartnodes.proto.worker.v1.ProcessResponse;
import io.smartnodes.proto.worker.v1.ReceiptMade;
import io.smartnodes.proto.worker.v1.UnitOutput;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.attestation.Confirmed;
import io.smartnodes.protocol.attestation.Refutation;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.MemberVerdict;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.merkle.ResultsTree;
import io.smartnodes.protocol.merkle.UnitResult;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.PeerStructs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A user follows its job over real connections to a home and a worker that stumble. */
@Timeout(60)
class JobRunTest {
  private static final Bytes INPUT = bytes("in");
  private static final Bytes OUTPUT = bytes("out");
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant DEADLINE = START.plus(Duration.ofHours(1));
  private static final JobPlan PLAN =
      JobPlan.wasm(
          Address.of(new byte[20]),
          SmallNetwork.OPERATOR,
          Address.of(new byte[20]),
          Amount.of(1),
          DEADLINE,
          1,
          bytes("module"),
          List.of(INPUT));
  private static final ResultsTree RESULTS =
      ResultsTree.of(0, List.of(new UnitResult(0, INPUT.keccak(), OUTPUT.keccak(), new Fuel(1))));

  private volatile Instant now = START;
  private final SmallNetwork network = new SmallNetwork(() -> now);
  private final BlockingQueue<JobEvent> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> troubles = new LinkedBlockingQueue<>();
  private final CompletableFuture<SignedReceipt> delivered = new CompletableFuture<>();

  @AfterEach
  void close() {
    network.close();
  }

  @Test
  void aLeaseThatLapsedAndIsTakenBackBringsItsOutputsThoughItsTransferWasCut() throws Exception {
    Future<JobResult> result = follow();
    tell(1, LeaseState.GRANTED);
    SmallNetwork.Transfer cut = network.transfers.take();
    tell(1, LeaseState.LAPSED);
    network.tell(JobEvent.newBuilder().setState(JobState.RUNNING));
    hear(3);
    cut.cut();
    assertThat(troubles.take()).contains("lease 1");
    tell(1, LeaseState.ACKNOWLEDGED);
    deliver(1, network.transfers.take());
    certify(1);
    assertThat(result.get()).isEqualTo(completed(1));
  }

  @Test
  void whatWasDeliveredIsKeptWhenItsLeaseLapsesAndWhenTheHomeTellsEverythingAgain()
      throws Exception {
    Future<JobResult> result = follow();
    tell(1, LeaseState.GRANTED);
    deliver(1, network.transfers.take());
    assertThat(delivered.get()).isEqualTo(receipt(1));
    tell(1, LeaseState.LAPSED);
    tell(1, LeaseState.ACKNOWLEDGED);
    hear(3);
    network.tellAllAgain();
    hear(3);
    certify(1);
    assertThat(result.get()).isEqualTo(completed(1));
    assertThat(network.transfers).as("transfers that nobody needs").isEmpty();
  }

  @Test
  void aLeaseThatIsRefutedAfterItWasCertifiedIsNotWaitedFor() throws Exception {
    Future<JobResult> result = follow();
    tell(1, LeaseState.GRANTED);
    network.transfers.take();
    network.tell(event(certified(1)));
    tell(1, LeaseState.VOIDED);
    tell(2, LeaseState.GRANTED);
    deliver(2, network.transfers.take());
    certify(2);
    assertThat(result.get()).isEqualTo(completed(2));
  }

  @Test
  void aWorkerThatNeverDeliversCertifiedOutputsIsWaitedForAsLongAsItKeepsThem() throws Exception {
    Future<JobResult> result = follow();
    tell(1, LeaseState.GRANTED);
    certify(1);
    hear(3);
    now = DEADLINE.plus(Duration.ofHours(2));
    // By the last of these attempts the user has looked at the clock again.
    for (int attempt = 0; attempt < 4; attempt++) {
      network.transfers.take().cut();
    }
    assertThat(result.isDone()).isFalse();
    while (!result.isDone()) {
      now = now.plus(Duration.ofHours(1));
      Optional.ofNullable(network.transfers.poll(1, TimeUnit.SECONDS))
          .ifPresent(SmallNetwork.Transfer::cut);
    }
    assertThat(result.get())
        .isEqualTo(
            new JobResult.Ended(
                PLAN.jobId(),
                JobState.FAILED,
                "lease 1 is certified, but its worker never delivered its outputs"));
  }

  private Future<JobResult> follow() {
    JobListener listener =
        new JobListener() {
          @Override
          public void onEvent(JobEvent event) {
            heard.add(event);
          }

          @Override
          public void onTrouble(String what) {
            troubles.add(what);
          }

          @Override
          public void onDelivered(SignedReceipt receipt, Map<Long, Bytes> outputs) {
            delivered.complete(receipt);
          }
        };
    FutureTask<JobResult> task =
        new FutureTask<>(() -> new JobRun(network.client, PLAN, listener).await());
    Thread.ofVirtual().start(task);
    return task;
  }

  /** Waits until so many more events were heard; all but the last have been dealt with. */
  private void hear(int events) throws InterruptedException {
    for (int i = 0; i < events; i++) {
      heard.take();
    }
  }

  private void tell(long lease, LeaseState state) {
    network.tell(event(view(lease, state)));
  }

  private void certify(long lease) {
    network.tell(event(certified(lease)));
    network.tell(JobEvent.newBuilder().setState(JobState.CERTIFIED));
  }

  private LeaseView.Builder certified(long lease) {
    return view(lease, LeaseState.LEASE_CERTIFIED)
        .setCertificate(BodyStructs.toProto(certificate(lease)));
  }

  private static JobEvent.Builder event(LeaseView.Builder lease) {
    return JobEvent.newBuilder().setState(JobState.RUNNING).setLease(lease);
  }

  private LeaseView.Builder view(long lease, LeaseState state) {
    return LeaseView.newBuilder()
        .setLease(JobStructs.toProto(lease(lease)))
        .setState(state)
        .setWorkerPeerId(Fields.bytes(SmallNetwork.PEER))
        .setWorkerEndpoint(PeerStructs.toProto(network.endpoint("worker")));
  }

  private static void deliver(long lease, SmallNetwork.Transfer transfer) {
    transfer.answer(
        ProcessResponse.newBuilder()
            .setReceipt(ReceiptMade.newBuilder().setReceipt(BodyStructs.toProto(receipt(lease)))));
    transfer.answer(
        ProcessResponse.newBuilder()
            .setOutput(
                UnitOutput.newBuilder()
                    .setOutput(Fields.bytes(OUTPUT))
                    .setFuel(1)
                    .setInputHash(Fields.bytes(INPUT.keccak()))));
    transfer.answers().onCompleted();
  }

  private static JobResult completed(long lease) {
    return new JobResult.Completed(
        PLAN.jobId(), new TreeMap<>(Map.of(0L, OUTPUT)), List.of(certificate(lease)));
  }

  private static Lease lease(long number) {
    return new Lease(PLAN.jobId(), number, 0, 1, SmallNetwork.OPERATOR, Amount.of(1), DEADLINE);
  }

  private static SignedReceipt receipt(long lease) {
    return new SignedReceipt(
        new JobReceipt(PLAN.jobId(), lease, 0, 1, new Fuel(1), RESULTS.root(), 99),
        Bytes.EMPTY,
        lease(lease),
        Bytes.EMPTY);
  }

  private static Certificate certificate(long lease) {
    Confirmed said = new Confirmed(receipt(lease).receipt().hashStruct(), 0, List.of());
    return new Certificate(
        receipt(lease),
        List.of(),
        Outcome.CONFIRMED,
        new Refutation(Bytes32.ZERO, 0, Bytes32.ZERO, Bytes32.ZERO, Bytes32.ZERO, Fuel.ZERO),
        List.of(
            new MemberVerdict(
                SmallNetwork.OPERATOR,
                0,
                List.of(),
                SmallNetwork.DOMAIN.sign(said, SmallNetwork.NODE))));
  }

  private static Bytes bytes(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
