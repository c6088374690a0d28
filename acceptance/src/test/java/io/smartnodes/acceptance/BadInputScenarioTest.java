package io.smartnodes.acceptance;

import static io.smartnodes.acceptance.Scenario.home;
import static io.smartnodes.acceptance.Scenario.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.smartnodes.chain.CallOutcome;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.TransactionOutcome;
import io.smartnodes.cli.network.NetworkPlan;
import io.smartnodes.cli.session.Session;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.proto.epoch.v1.CastVoteRequest;
import io.smartnodes.proto.epoch.v1.EpochsGrpc;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.job.v1.GetJobRequest;
import io.smartnodes.proto.job.v1.JobRouterGrpc;
import io.smartnodes.proto.job.v1.JobState;
import io.smartnodes.proto.job.v1.SubmitRequest;
import io.smartnodes.proto.peer.v1.ListValidatorsRequest;
import io.smartnodes.proto.peer.v1.PeerRegistryGrpc;
import io.smartnodes.proto.peer.v1.RegisterRequest;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.peer.Registration;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Payout;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.sdk.Identity;
import io.smartnodes.sdk.JobListener;
import io.smartnodes.sdk.JobPlan;
import io.smartnodes.sdk.JobResult;
import io.smartnodes.sdk.JobRun;
import io.smartnodes.sdk.NetworkClient;
import io.smartnodes.wire.EpochStructs;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.PeerStructs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What crosses the border and must not: refused with a stable code and the field. */
@Tag("network")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputScenarioTest {
  private static final Amount PRICE = Amount.ofCoins(1);

  private Scenario scenario;
  private Session user;
  private Session stranger;
  private Address home;

  @SuppressWarnings("NullAway.Init") // set by start()
  BadInputScenarioTest() {}

  @BeforeAll
  void start() throws Exception {
    scenario = Scenario.with(new NetworkPlan(4, 3, 0, 0, 42), "bad-input");
    user = scenario.user();
    stranger = scenario.stranger(0);
    home = home(user).operator();
  }

  @AfterAll
  void stop() {
    scenario.close();
  }

  // ---- jobs ----

  @Test
  void aJobWithoutFundsIsRefused() {
    refused(
        ErrorCode.ERROR_CODE_INSUFFICIENT_FUNDS,
        "spec.max_price",
        () -> submit(spec(1, Amount.ofCoins(1_000_000), inAnHour(), 1)));
  }

  @Test
  void aJobOfZeroUnitsIsRefused() {
    refused(
        ErrorCode.ERROR_CODE_INVALID_JOB,
        "spec.unit_count",
        () -> submit(spec(0, PRICE, inAnHour(), 2)));
  }

  @Test
  void aJobOfTooManyUnitsIsRefused() {
    refused(
        ErrorCode.ERROR_CODE_INVALID_JOB,
        "spec.unit_count",
        () -> submit(spec(65_537, PRICE, inAnHour(), 3)));
  }

  @Test
  void aPastDeadlineIsRefused() {
    refused(
        ErrorCode.ERROR_CODE_PAST_DEADLINE,
        "spec.deadline",
        () -> submit(spec(1, PRICE, Instant.now().minusSeconds(60), 4)));
  }

  @Test
  void anUnsignedJobIsRefused() {
    JobSpec spec = spec(1, PRICE, inAnHour(), 5);
    refused(ErrorCode.ERROR_CODE_BAD_SIGNATURE, "user_signature", () -> submit(spec, Bytes.EMPTY));
  }

  @Test
  void aJobThatAnotherSignedIsRefused() {
    JobSpec spec = spec(1, PRICE, inAnHour(), 6);
    Bytes other =
        user.network().domain().sign(spec, scenario.network().keys().stranger(0).account());
    refused(ErrorCode.ERROR_CODE_BAD_SIGNATURE, "user_signature", () -> submit(spec, other));
  }

  @Test
  void aJobSignedForAnotherChainIsRefused() {
    JobSpec spec = spec(1, PRICE, inAnHour(), 7);
    Domain foreign = new Domain(1, user.deployment().core());
    Bytes signature = foreign.sign(spec, user.network().identity().account());
    refused(ErrorCode.ERROR_CODE_BAD_SIGNATURE, "user_signature", () -> submit(spec, signature));
  }

  @Test
  void aJobWithAFieldThatNobodyKnowsIsRefused() {
    JobSpec spec = spec(1, PRICE, inAnHour(), 8);
    var message =
        JobStructs.toProto(spec).toBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                    .build());
    refused(
        ErrorCode.ERROR_CODE_UNKNOWN_FIELD,
        "spec",
        () ->
            JobRouterGrpc.newBlockingStub(router())
                .submit(
                    SubmitRequest.newBuilder()
                        .setSpec(message)
                        .setUserSignature(Fields.bytes(sign(spec)))
                        .build()));
  }

  @Test
  void anIdOfTheWrongLengthIsRefused() {
    refused(
        ErrorCode.ERROR_CODE_MALFORMED,
        "job_id",
        () ->
            JobRouterGrpc.newBlockingStub(router())
                .getJob(GetJobRequest.newBuilder().setJobId(ByteString.copyFromUtf8("x")).build()));
  }

  @Test
  void aMessageThatIsTooLargeNeverReachesTheService() {
    assertThatThrownBy(() ->
            JobRouterGrpc.newBlockingStub(router())
                .submit(
                    SubmitRequest.newBuilder()
                        .setUserSignature(ByteString.copyFrom(new byte[5 << 20]))
                        .build()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failed ->
                assertThat(failed.getStatus().getCode())
                    .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED));
  }

  @Test
  void aJobWithAnUnreadableModuleFailsWithoutCost() throws Exception {
    fund();
    JobPlan plan =
        JobPlan.wasm(
            user.account(),
            home,
            user.deployment().token(),
            PRICE,
            inAnHour(),
            9,
            Bytes.of(new byte[] {1, 2, 3}),
            List.of(Bytes.EMPTY));
    JobRun run = new JobRun(user.network(), plan, new JobListener() {});
    user.await("the home's hold", Duration.ofMinutes(1), ready -> !run.submit().amount().isZero());
    assertThat(run.await())
        .isInstanceOfSatisfying(
            JobResult.Ended.class,
            ended -> {
              assertThat(ended.state()).isEqualTo(JobState.FAILED);
              assertThat(ended.reason()).isNotBlank();
            });
    refused(
        ErrorCode.ERROR_CODE_REPLAYED, "spec.nonce", () -> submit(spec(1, PRICE, inAnHour(), 9)));
    assertThat(user.leaf(LeafKey.job(plan.jobId()), Job.class).stream().toList())
        .allSatisfy(job -> assertThat(job.value().settledCount()).isZero());
  }

  // ---- peers ----

  @Test
  void aStrangerMayOnlyRegister() {
    refused(
        ErrorCode.ERROR_CODE_STRANGER,
        "caller",
        () ->
            PeerRegistryGrpc.newBlockingStub(entry(stranger))
                .listValidators(ListValidatorsRequest.getDefaultInstance()));
  }

  @Test
  void aVoteFromAStrangerIsRefused() {
    refused(
        ErrorCode.ERROR_CODE_STRANGER,
        "caller",
        () -> EpochsGrpc.newBlockingStub(entry(stranger)).castVote(vote(stranger)));
  }

  @Test
  void aVoteFromAUserIsRefused() {
    refused(
        ErrorCode.ERROR_CODE_NOT_ALLOWED,
        "caller",
        () -> EpochsGrpc.newBlockingStub(entry(user)).castVote(vote(user)));
  }

  @Test
  void anExpiredRegistrationIsRefused() {
    refused(
        ErrorCode.ERROR_CODE_EXPIRED,
        "registration.expiry",
        () -> register(stranger, registration(stranger, 1, Instant.now().minusSeconds(5))));
  }

  @Test
  void aRegistrationThatOnlyOneKeySignedIsRefused() {
    Registration registration = registration(stranger, 1, Instant.now().plusSeconds(600));
    RegisterRequest request = request(stranger, registration, stranger.network().domain());
    refused(
        ErrorCode.ERROR_CODE_BAD_SIGNATURE,
        "node_signature",
        () ->
            PeerRegistryGrpc.newBlockingStub(entry(stranger))
                .register(
                    request.toBuilder().setNodeSignature(request.getAccountSignature()).build()));
  }

  @Test
  void aRegistrationForAnotherChainIsRefused() {
    Registration registration = registration(stranger, 1, Instant.now().plusSeconds(600));
    Domain foreign = new Domain(1, stranger.deployment().core());
    refused(
        ErrorCode.ERROR_CODE_BAD_SIGNATURE,
        "node_signature",
        () ->
            PeerRegistryGrpc.newBlockingStub(entry(stranger))
                .register(request(stranger, registration, foreign)));
  }

  @Test
  void aReplayedRegistrationIsRefused() {
    refused(
        ErrorCode.ERROR_CODE_REPLAYED,
        "registration.sequence",
        () -> register(user, registration(user, 1, Instant.now().plusSeconds(600))));
  }

  @Test
  void aNodeOfAnotherDeploymentGetsNoConnection() {
    Identity identity = scenario.network().keys().stranger(1);
    try (NetworkClient foreign =
        new NetworkClient(
            new Domain(1, user.deployment().core()),
            identity,
            scenario.network().bootstraps(),
            InstantSource.system())) {
      assertThatThrownBy(foreign::validators)
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              failed ->
                  assertThat(failed.getStatus().getCode())
                      .isIn(Status.Code.UNAVAILABLE, Status.Code.UNAUTHENTICATED));
    }
  }

  // ---- claims ----

  @Test
  void aClaimPaysOnce() throws Exception {
    Address sno = user.deployment().token();
    user.await(
        "the emission for voters",
        Duration.ofMinutes(2),
        s -> s.leaf(LeafKey.payout(home, sno), Payout.class).isPresent());
    Session.Executed<Payout> leaf =
        user.leaf(LeafKey.payout(home, sno), Payout.class).orElseThrow();
    ContractCall claim = user.contracts().claim(leaf.epoch(), leaf.value(), leaf.siblings());
    Amount before = user.contracts().balanceOf(sno, home);
    assertThat(user.sender().send(claim)).isInstanceOf(TransactionOutcome.Mined.class);
    assertThat(user.contracts().balanceOf(sno, home).minus(before))
        .isEqualTo(leaf.value().cumulative());
    assertThat(user.sender().simulate(claim))
        .isInstanceOfSatisfying(
            CallOutcome.Reverted.class,
            reverted -> assertThat(reverted.error().name()).isEqualTo("NothingToClaim"));
  }

  // ---- helpers of the story ----

  private void fund() throws InterruptedException {
    user.deposit(PRICE, home);
    user.await("the deposit", Duration.ofMinutes(2), s -> s.allotted(home).compareTo(PRICE) >= 0);
  }

  private JobSpec spec(long units, Amount price, Instant deadline, long nonce) {
    return new JobSpec(
        user.account(),
        home,
        JobPlan.WASM,
        Keccak.text("module"),
        units,
        Keccak.text("inputs"),
        new Fuel(1),
        price,
        user.deployment().token(),
        deadline.truncatedTo(ChronoUnit.SECONDS),
        nonce);
  }

  private void submit(JobSpec spec) {
    submit(spec, sign(spec));
  }

  private void submit(JobSpec spec, Bytes signature) {
    JobRouterGrpc.newBlockingStub(router())
        .submit(
            SubmitRequest.newBuilder()
                .setSpec(JobStructs.toProto(spec))
                .setUserSignature(Fields.bytes(signature))
                .build());
  }

  private Bytes sign(JobSpec spec) {
    return user.network().domain().sign(spec, user.network().identity().account());
  }

  private Channel router() {
    return user.network().channel(home(user), NetworkClient.ROUTER).orElseThrow();
  }

  private static Channel entry(Session session) {
    return session.network().channel(session.network().bootstraps().getFirst());
  }

  private static CastVoteRequest vote(Session voter) {
    Vote vote = new Vote(1, 0, Bytes32.ZERO);
    return CastVoteRequest.newBuilder()
        .setVote(EpochStructs.toProto(vote))
        .setOperator(Fields.bytes(voter.account()))
        .setSignature(
            Fields.bytes(voter.network().domain().sign(vote, voter.network().identity().node())))
        .build();
  }

  private static Registration registration(Session who, long sequence, Instant expiry) {
    return new Registration(
        who.account(),
        who.network().identity().node().publicKey().bytes(),
        Role.USER.bit(),
        who.account(),
        sequence,
        expiry.truncatedTo(ChronoUnit.SECONDS));
  }

  private static void register(Session who, Registration registration) {
    PeerRegistryGrpc.newBlockingStub(entry(who))
        .register(request(who, registration, who.network().domain()));
  }

  private static RegisterRequest request(Session who, Registration registration, Domain domain) {
    return RegisterRequest.newBuilder()
        .setRegistration(PeerStructs.toProto(registration))
        .setAccountSignature(
            Fields.bytes(domain.sign(registration, who.network().identity().account())))
        .setNodeSignature(Fields.bytes(domain.sign(registration, who.network().identity().node())))
        .build();
  }

  private static Instant inAnHour() {
    return Instant.now().plus(Duration.ofHours(1));
  }
}
