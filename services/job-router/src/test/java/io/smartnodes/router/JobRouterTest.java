package io.smartnodes.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.events.Outbox;
import io.smartnodes.events.lease.LeaseLost;
import io.smartnodes.events.lease.Shards;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.link.calls.RoleCheck;
import io.smartnodes.proto.attestation.v1.JobCertified;
import io.smartnodes.proto.chain.v1.BlockSeen;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.job.v1.AcknowledgeRequest;
import io.smartnodes.proto.job.v1.AcknowledgeResponse;
import io.smartnodes.proto.job.v1.CancelJobRequest;
import io.smartnodes.proto.job.v1.CommitReceiptRequest;
import io.smartnodes.proto.job.v1.GetJobRequest;
import io.smartnodes.proto.job.v1.GrantedLease;
import io.smartnodes.proto.job.v1.HeartbeatRequest;
import io.smartnodes.proto.job.v1.HeartbeatResponse;
import io.smartnodes.proto.job.v1.JobEvent;
import io.smartnodes.proto.job.v1.JobState;
import io.smartnodes.proto.job.v1.JobView;
import io.smartnodes.proto.job.v1.LeaseState;
import io.smartnodes.proto.job.v1.SubmitRequest;
import io.smartnodes.proto.job.v1.SubmitResponse;
import io.smartnodes.proto.job.v1.WatchJobRequest;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.quarkus.NodeIdentity;
import io.smartnodes.quarkus.RoleDirectory;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.router.heard.HeardStore;
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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The router as it runs: a database, mutual TLS, events and a signer. */
@QuarkusTest
@QuarkusTestResource(TestNode.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JobRouterTest {
  private static final JobSpec JOB = World.job(1, 6, 600);

  @Inject Tx tx;
  @Inject Outbox outbox;
  @Inject RoleDirectory roles;
  @Inject RouterState state;
  @Inject MeterRegistry meters;
  @Inject TestBeans.Pool pool;
  @Inject Board board;
  @Inject RouterStore store;
  @Inject HeardStore heard;
  @Inject ShownLeases shown;
  @Inject NodeIdentity identity;

  private void publish(String topic, String key, Message message) {
    tx.runAndAwait(RouterState.UNIT, session -> outbox.publish(topic, key, message));
  }

  private static void within(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private static SubmitRequest submit(JobSpec spec, Domain domain, NodeKey signer) {
    return SubmitRequest.newBuilder()
        .setSpec(JobStructs.toProto(spec))
        .setUserSignature(Fields.bytes(domain.sign(spec, signer)))
        .build();
  }

  private static Errors.Refusal refused(Client client, SubmitRequest request) {
    return Errors.read(
            catchThrowableOfType(StatusRuntimeException.class, () -> client.stub.submit(request)))
        .orElseThrow();
  }

  @Test
  @Order(1)
  void theProcessIsHealthyAndAsksToComeAgainBeforeTheFirstState()
      throws IOException, InterruptedException {
    int port = ConfigProvider.getConfig().getValue("quarkus.management.port", Integer.class);
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI live = URI.create("http://127.0.0.1:" + port + "/q/health/live");
      assertThat(
              http.send(HttpRequest.newBuilder(live).build(), HttpResponse.BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(200);
    }
    roles.put(PeerId.of(TestKeys.USER_NODE.publicKey()), new RoleCheck.Member(Set.of(Role.USER)));
    for (NodeKey worker : List.of(TestKeys.CHEAT, TestKeys.HONEST)) {
      roles.put(PeerId.of(worker.publicKey()), new RoleCheck.Member(Set.of(Role.WORKER)));
    }
    try (Client user = new Client(TestKeys.USER_NODE)) {
      assertThat(refused(user, submit(JOB, World.DOMAIN, TestKeys.USER)).code())
          .isEqualTo(ErrorCode.ERROR_CODE_NOT_READY);
    }
  }

  @Test
  @Order(2)
  void badJobsAreRefusedByCodeAndFieldAndCounted() {
    publish("reputation.v1", "state", World.advanced(0, World.genesis()));
    publish("chain.v1", "chain", BlockSeen.newBuilder().setNumber(100).build());
    within(() -> state.epoch() == 0 && state.head() == 100);
    try (Client user = new Client(TestKeys.USER_NODE);
        Client worker = new Client(TestKeys.HONEST)) {
      isRefused(user, World.job(9, 0, 10), ErrorCode.ERROR_CODE_INVALID_JOB, "spec.unit_count");
      isRefused(
          user, World.job(9, 1, 1_001), ErrorCode.ERROR_CODE_INSUFFICIENT_FUNDS, "spec.max_price");
      SubmitRequest good = submit(World.job(9, 1, 10), World.DOMAIN, TestKeys.USER);
      SubmitRequest late =
          resigned(good.getSpec().toBuilder().setDeadline(Instant.now().getEpochSecond()).build());
      assertThat(refused(user, late).code()).isEqualTo(ErrorCode.ERROR_CODE_PAST_DEADLINE);
      assertThat(refused(user, late).field()).isEqualTo("spec.deadline");
      SubmitRequest elsewhere =
          resigned(
              good.getSpec().toBuilder().setHome(Fields.bytes(TestKeys.USER.address())).build());
      assertThat(refused(user, elsewhere).field()).isEqualTo("spec.home");
      assertThat(refused(user, submit(World.job(9, 1, 10), World.DOMAIN, TestKeys.HONEST)).code())
          .isEqualTo(ErrorCode.ERROR_CODE_BAD_SIGNATURE);
      Domain foreign = new Domain(1, World.DOMAIN.core());
      assertThat(refused(user, submit(World.job(9, 1, 10), foreign, TestKeys.USER)).code())
          .isEqualTo(ErrorCode.ERROR_CODE_BAD_SIGNATURE);
      assertThat(refused(user, SubmitRequest.getDefaultInstance()).code())
          .isEqualTo(ErrorCode.ERROR_CODE_MALFORMED);
      assertThat(refused(worker, good).code()).isEqualTo(ErrorCode.ERROR_CODE_NOT_ALLOWED);
    }
    assertThat(
            meters
                .counter(
                    "smartnodes.router.refused",
                    "method",
                    "Submit",
                    "code",
                    "ERROR_CODE_INVALID_JOB")
                .count())
        .isGreaterThanOrEqualTo(2);
    assertThat(pool.holds).isEmpty();
  }

  private static SubmitRequest resigned(io.smartnodes.proto.types.v1.JobSpec spec) {
    return submit(JobStructs.fromProto(spec, "spec"), World.DOMAIN, TestKeys.USER);
  }

  private static void isRefused(Client user, JobSpec spec, ErrorCode code, String field) {
    Errors.Refusal refusal = refused(user, submit(spec, World.DOMAIN, TestKeys.USER));
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal.field()).isEqualTo(field);
  }

  @Test
  @Order(3)
  void aJobIsHeldOnceHoweverOftenItIsSubmitted() throws InterruptedException {
    try (Client user = new Client(TestKeys.USER_NODE)) {
      SubmitRequest request = submit(JOB, World.DOMAIN, TestKeys.USER);
      SubmitResponse first = user.stub.submit(request);
      assertThat(user.stub.submit(request)).isEqualTo(first);
      assertThat(
              World.DOMAIN.isSignedBy(
                  JobStructs.fromProto(first.getHold(), "hold"),
                  Fields.opaque(first.getHomeSignature(), "home_signature"),
                  TestKeys.KEY.address()))
          .isTrue();
      assertThat(Objects.requireNonNull(pool.holds.poll(5, TimeUnit.MINUTES)).getHold().getHold())
          .isEqualTo(first.getHold());
      isRefused(user, World.job(1, 1, 1), ErrorCode.ERROR_CODE_REPLAYED, "spec.nonce");
      isRefused(
          user, World.job(2, 1, 401), ErrorCode.ERROR_CODE_INSUFFICIENT_FUNDS, "spec.max_price");
    }
    assertThat(pool.holds).isEmpty();
  }

  @Test
  @Order(4)
  void aHoldThatNoBodyTookIsSignedAgain() throws InterruptedException {
    publish("reputation.v1", "state", World.advanced(1));
    publish("reputation.v1", "state", World.advanced(2));
    assertThat(
            Objects.requireNonNull(pool.holds.poll(5, TimeUnit.MINUTES))
                .getHold()
                .getHold()
                .getStateEpoch())
        .isEqualTo(2);
  }

  @Test
  @Order(5)
  void leasesAreGrantedOnlyOnceTheHoldIsAnchored() {
    try (Client worker = new Client(TestKeys.CHEAT)) {
      assertThat(beat(worker, TestKeys.CHEAT).getLeasesList()).isEmpty();
      StatusRuntimeException forged =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () -> worker.stub.heartbeat(World.heartbeat(TestKeys.CHEAT, 7, TestKeys.HONEST)));
      assertThat(Errors.read(forged).orElseThrow().code())
          .isEqualTo(ErrorCode.ERROR_CODE_BAD_SIGNATURE);
      publish("reputation.v1", "state", World.advanced(3, World.anchored(JOB, 3)));
      within(() -> units(beat(worker, TestKeys.CHEAT)) >= 4);
      GrantedLease lease = granted(worker, TestKeys.CHEAT);
      assertThat(
              World.DOMAIN.isSignedBy(
                  JobStructs.fromProto(lease.getLease(), "lease"),
                  Fields.opaque(lease.getHomeSignature(), "home_signature"),
                  TestKeys.KEY.address()))
          .isTrue();
      assertThat(lease.getWitnessPeerIdsList())
          .containsExactly(Fields.bytes(PeerId.of(TestKeys.KEY.publicKey())));
    }
  }

  private static HeartbeatResponse beat(Client worker, NodeKey key) {
    return worker.stub.heartbeat(World.heartbeat(key, 5, key));
  }

  /** A lease that the worker has; one that fell silent meanwhile gets another. */
  private static GrantedLease granted(Client worker, NodeKey key) {
    List<GrantedLease> leases = new ArrayList<>();
    within(() -> leases.addAll(beat(worker, key).getLeasesList()));
    return leases.getFirst();
  }

  private static long units(HeartbeatResponse response) {
    return response.getLeasesList().stream()
        .mapToLong(granted -> granted.getLease().getCount())
        .sum();
  }

  @Test
  @Order(6)
  void whatIsStoredIsEnoughToGoOnAfterARestart() {
    try (Client worker = new Client(TestKeys.CHEAT)) {
      granted(worker, TestKeys.CHEAT);
    }
    LiveJob running = board.job(JOB.hashStruct()).orElseThrow();
    int shard = Shards.of(JOB.hashStruct());
    ShownLeases again = new ShownLeases(state, identity);
    Board restarted = new Board(store, heard, state, again);
    restarted.load();
    restarted.take(
        shard, new Tenure(RouterState.UNIT, "shard-" + shard, UUID.randomUUID(), 0), Instant.now());

    LiveJob resumed = restarted.job(JOB.hashStruct()).orElseThrow();

    assertThat(resumed.view()).isEqualTo(running.view());
    assertThat(resumed.hold()).isEqualTo(running.hold());
    assertThat(resumed.holdSignature()).isEqualTo(running.holdSignature());
    assertThat(resumed.anchored()).isTrue();
    restarted.showGranted();
    assertThat(again.to(TestKeys.CHEAT.address()))
        .isNotEmpty()
        .isEqualTo(shown.to(TestKeys.CHEAT.address()));

    JobStep late = new JobStep(resumed, Instant.now());
    late.event("told by an instance that holds the shard no more");
    assertThatThrownBy(() -> restarted.commit(late)).isInstanceOf(LeaseLost.class);
    assertThat(restarted.job(JOB.hashStruct())).isEmpty();
    assertThat(store.events(JOB.hashStruct(), running.events() + 1, 10)).isEmpty();
  }

  @Test
  @Order(7)
  void aRefutedWorkerLosesItsUnitsToAnHonestOneAndTheJobIsSettled() {
    try (Client cheat = new Client(TestKeys.CHEAT);
        Client honest = new Client(TestKeys.HONEST);
        Client user = new Client(TestKeys.USER_NODE)) {
      SignedReceipt bad = World.receipt(granted(cheat, TestKeys.CHEAT), TestKeys.CHEAT, 110);
      deliver(cheat, TestKeys.CHEAT, bad);
      certified(bad, Outcome.REFUTED);
      List<SignedReceipt> good = new ArrayList<>();
      within(() -> {
        for (GrantedLease lease : beat(honest, TestKeys.HONEST).getLeasesList()) {
          SignedReceipt receipt = World.receipt(lease, TestKeys.HONEST, 110);
          if (!good.contains(receipt)) {
            deliver(honest, TestKeys.HONEST, receipt);
            good.add(receipt);
          }
        }
        return view(user).getState() == JobState.VERIFYING;
      });
      assertThat(good.stream().mapToLong(receipt -> receipt.lease().count()).sum()).isEqualTo(6);
      good.forEach(receipt -> certified(receipt, Outcome.CONFIRMED));
      within(() -> view(user).getState() == JobState.CERTIFIED);
      publish("reputation.v1", "state", World.advanced(4, World.gone(JOB)));
      within(() -> view(user).getState() == JobState.SETTLED);
      assertThat(view(user).getUnitsSettled()).isEqualTo(6);
      assertThat(view(user).getLeasesList())
          .filteredOn(lease -> lease.getState() == LeaseState.VOIDED)
          .singleElement()
          .satisfies(lease -> assertThat(lease.getCertificate().getOutcome()).isEqualTo(2));
      assertThat(beat(cheat, TestKeys.CHEAT).getLeasesList()).isEmpty();
    }
  }

  private void certified(SignedReceipt receipt, Outcome outcome) {
    publish(
        "attestation.v1",
        receipt.receipt().jobId().toString(),
        JobCertified.newBuilder()
            .setCertificate(BodyStructs.toProto(World.certificate(receipt, outcome)))
            .build());
  }

  private static void deliver(Client worker, NodeKey key, SignedReceipt receipt) {
    AcknowledgeRequest asked =
        AcknowledgeRequest.newBuilder().setReceipt(BodyStructs.toProto(receipt)).build();
    AcknowledgeResponse[] ack = new AcknowledgeResponse[1];
    // A unit of a refuted receipt is open again once the certificate has come here too.
    within(() -> {
      // Whoever says nothing while it waits loses its lease.
      beat(worker, key);
      try {
        ack[0] = worker.stub.acknowledge(asked);
        return true;
      } catch (StatusRuntimeException e) {
        assertThat(Errors.read(e).orElseThrow().code())
            .isEqualTo(ErrorCode.ERROR_CODE_ALREADY_SIGNED);
        return false;
      }
    });
    assertThat(worker.stub.acknowledge(asked)).isEqualTo(ack[0]);
    CommitReceiptRequest.Builder commit =
        CommitReceiptRequest.newBuilder().setReceipt(BodyStructs.toProto(receipt));
    StatusRuntimeException missing =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> worker.stub.commitReceipt(commit.build()));
    assertThat(Errors.read(missing).orElseThrow().field()).isEqualTo("acks");
    commit.addAcksBuilder().setOperator(ack[0].getOperator()).setSignature(ack[0].getSignature());
    worker.stub.commitReceipt(commit.build());
    worker.stub.commitReceipt(commit.build());
  }

  private static JobView view(Client user) {
    return user.stub.getJob(
        GetJobRequest.newBuilder().setJobId(Fields.bytes(JOB.hashStruct())).build());
  }

  @Test
  @Order(8)
  void aWatcherGetsTheWholeStoryInOrderAndTheStreamEnds() {
    try (Client user = new Client(TestKeys.USER_NODE);
        Client worker = new Client(TestKeys.HONEST)) {
      List<JobEvent> events = new ArrayList<>();
      user.stub
          .watchJob(WatchJobRequest.newBuilder().setJobId(Fields.bytes(JOB.hashStruct())).build())
          .forEachRemaining(events::add);
      for (int i = 0; i < events.size(); i++) {
        assertThat(events.get(i).getSequence()).isEqualTo(i + 1L);
      }
      assertThat(events.stream().map(JobEvent::getState).distinct())
          .containsSubsequence(
              JobState.SUBMITTED,
              JobState.RUNNING,
              JobState.VERIFYING,
              JobState.CERTIFIED,
              JobState.SETTLED);
      assertThat(events)
          .filteredOn(event -> event.getLease().getState() == LeaseState.GRANTED)
          .isNotEmpty()
          .allMatch(event -> event.getLease().getHomeSignature().size() == 65);
      StatusRuntimeException foreign =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () ->
                  worker
                      .stub
                      .watchJob(
                          WatchJobRequest.newBuilder().setJobId(Fields.bytes(Bytes32.ZERO)).build())
                      .hasNext());
      assertThat(Errors.read(foreign).orElseThrow().code())
          .isEqualTo(ErrorCode.ERROR_CODE_NOT_ALLOWED);
    }
    assertThat(pool.receipts).isNotEmpty();
  }

  @Test
  @Order(9)
  void aWorkerThatGivesUpDoesNotGetTheJobAgainUnlessTheNetworkWasAtFault() {
    JobSpec other = World.job(3, 2, 20);
    try (Client user = new Client(TestKeys.USER_NODE);
        Client worker = new Client(TestKeys.HONEST)) {
      user.stub.submit(submit(other, World.DOMAIN, TestKeys.USER));
      publish("reputation.v1", "state", World.advanced(5, World.anchored(other, 5)));
      GrantedLease abandoned = granted(worker, TestKeys.HONEST);
      AcknowledgeRequest question = receipt(abandoned, 109).toBuilder().setJudgeOnly(true).build();
      assertThat(worker.stub.acknowledge(question).getSignature()).as("binds nobody").isEmpty();
      worker.stub.acknowledge(receipt(abandoned, 110));
      assertThat(code(() -> worker.stub.acknowledge(question)))
          .isEqualTo(ErrorCode.ERROR_CODE_ALREADY_SIGNED);
      long before = newest(beat(worker, TestKeys.HONEST));
      worker.stub.heartbeat(givenUp(worker, "no quorum of witnesses", true));
      within(() -> newest(beat(worker, TestKeys.HONEST)) > before);
      aUnitWithoutAQuorumIsAcknowledgedAgainInTheNextPeriod(worker, abandoned);

      worker.stub.heartbeat(givenUp(worker, "the module is no program", false));
      GetJobRequest asked =
          GetJobRequest.newBuilder().setJobId(Fields.bytes(other.hashStruct())).build();
      within(() ->
          user.stub.getJob(asked).getLeasesList().stream()
              .allMatch(lease -> lease.getState() == LeaseState.LAPSED));
      within(() -> beat(worker, TestKeys.HONEST).getLeasesCount() == 0);

      JobView cancelled =
          user.stub.cancelJob(
              CancelJobRequest.newBuilder().setJobId(Fields.bytes(other.hashStruct())).build());
      assertThat(cancelled.getState()).isEqualTo(JobState.CANCELLED);
      assertThat(cancelled.getLeasesList())
          .allMatch(lease -> lease.getLease().getWorker().equals(worker(TestKeys.HONEST)));
    }
  }

  private void aUnitWithoutAQuorumIsAcknowledgedAgainInTheNextPeriod(
      Client worker, GrantedLease abandoned) {
    long unit = abandoned.getLease().getFirst();
    GrantedLease again =
        beat(worker, TestKeys.HONEST).getLeasesList().stream()
            .filter(granted ->
                unit >= granted.getLease().getFirst()
                    && unit < granted.getLease().getFirst() + granted.getLease().getCount())
            .findFirst()
            .orElseThrow();
    assertThat(again.getLease().getNumber()).isNotEqualTo(abandoned.getLease().getNumber());
    assertThat(code(() -> worker.stub.acknowledge(receipt(again, 111))))
        .isEqualTo(ErrorCode.ERROR_CODE_ALREADY_SIGNED);
    publish("chain.v1", "chain", BlockSeen.newBuilder().setNumber(256).build());
    within(() -> {
      // Whoever says nothing while it waits loses its lease.
      beat(worker, TestKeys.HONEST);
      return state.head() == 256;
    });
    assertThat(worker.stub.acknowledge(receipt(again, 270)).getSignature().size()).isEqualTo(65);
  }

  private static ErrorCode code(ThrowingCallable call) {
    return Errors.read(catchThrowableOfType(StatusRuntimeException.class, call))
        .orElseThrow()
        .code();
  }

  private static AcknowledgeRequest receipt(GrantedLease lease, long drawHeight) {
    return AcknowledgeRequest.newBuilder()
        .setReceipt(BodyStructs.toProto(World.receipt(lease, TestKeys.HONEST, drawHeight)))
        .build();
  }

  private static long newest(HeartbeatResponse answer) {
    return answer.getLeasesList().stream()
        .mapToLong(granted -> granted.getLease().getNumber())
        .max()
        .orElse(0);
  }

  /** A heartbeat that gives up all leases that the worker has. */
  private HeartbeatRequest givenUp(Client worker, String reason, boolean networkFault) {
    HeartbeatRequest.Builder failed =
        World.heartbeat(TestKeys.HONEST, 5, TestKeys.HONEST).toBuilder();
    for (GrantedLease lease : beat(worker, TestKeys.HONEST).getLeasesList()) {
      failed
          .addProgressBuilder()
          .setJobId(lease.getLease().getJobId())
          .setLease(lease.getLease().getNumber())
          .setFailed(true)
          .setReason(reason)
          .setNetworkFault(networkFault);
    }
    return failed.build();
  }

  @Test
  @Order(10)
  void aValidatorThatLeftIsNoHomeOfNewJobsButStaysPickedForOldOnes() {
    JobSpec old = World.job(7, 2, 20);
    publish(
        "reputation.v1",
        "state",
        World.advanced(6, World.anchored(old, 5), World.validator(6, Validator.LEFT)));
    within(() -> state.epoch() == 6);
    try (Client user = new Client(TestKeys.USER_NODE)) {
      assertThat(refused(user, submit(World.job(8, 1, 20), World.DOMAIN, TestKeys.USER)).code())
          .isEqualTo(ErrorCode.ERROR_CODE_NOT_READY);
    }
    assertThat(state.witnesses(state.job(old.hashStruct()).orElseThrow()))
        .contains(List.of(TestKeys.OPERATOR));
    assertThat(state.validatorKeys()).containsKey(TestKeys.OPERATOR);
    assertThat(state.isActive(TestKeys.OPERATOR)).isFalse();
  }

  private static ByteString worker(NodeKey key) {
    return Fields.bytes(key.address());
  }
}
