package io.smartnodes.acceptance;

import static io.smartnodes.acceptance.Requests.router;
import static io.smartnodes.acceptance.Scenario.home;
import static io.smartnodes.acceptance.Scenario.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.smartnodes.chain.CallOutcome;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.TransactionOutcome;
import io.smartnodes.cli.session.Session;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.job.v1.GetJobRequest;
import io.smartnodes.proto.job.v1.JobRouterGrpc;
import io.smartnodes.proto.job.v1.JobState;
import io.smartnodes.proto.job.v1.SubmitRequest;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Payout;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.sdk.JobListener;
import io.smartnodes.sdk.JobPlan;
import io.smartnodes.sdk.JobResult;
import io.smartnodes.sdk.JobRun;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Jobs and claims that must not pass: refused with a stable code and the field. */
@Tag("network")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadJobScenarioTest {
  private static final Amount PRICE = Amount.ofCoins(1);

  private final Scenario scenario = Scenario.shared();
  private final Session user = scenario.user();
  private final Address home = home(user).operator();

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
            JobRouterGrpc.newBlockingStub(router(user))
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
            JobRouterGrpc.newBlockingStub(router(user))
                .getJob(GetJobRequest.newBuilder().setJobId(ByteString.copyFromUtf8("x")).build()));
  }

  @Test
  void aMessageThatIsTooLargeNeverReachesTheService() {
    assertThatThrownBy(() ->
            JobRouterGrpc.newBlockingStub(router(user))
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
    user.await("the home's hold", Duration.ofMinutes(5), ready -> !run.submit().amount().isZero());
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

  @Test
  void aClaimPaysOnce() throws Exception {
    Address sno = user.deployment().token();
    user.await(
        "the emission for voters",
        Duration.ofMinutes(8),
        s -> s.leaf(LeafKey.payout(home, sno), Payout.class).isPresent());
    Session.Executed<Payout> leaf =
        user.leaf(LeafKey.payout(home, sno), Payout.class).orElseThrow();
    ContractCall claim = user.contracts().core().claim(leaf.epoch(), leaf.value(), leaf.siblings());
    Amount before = user.contracts().token().balanceOf(home);
    assertThat(user.sender().send(claim)).isInstanceOf(TransactionOutcome.Mined.class);
    assertThat(user.contracts().token().balanceOf(home).minus(before))
        .isEqualTo(leaf.value().cumulative());
    assertThat(user.sender().simulate(claim))
        .isInstanceOfSatisfying(
            CallOutcome.Reverted.class,
            reverted -> assertThat(reverted.error().name()).isEqualTo("NothingToClaim"));
  }

  private void fund() throws InterruptedException {
    user.deposit(PRICE, home);
    user.await("the deposit", Duration.ofMinutes(8), s -> s.allotted(home).compareTo(PRICE) >= 0);
  }

  private JobSpec spec(long units, Amount price, Instant deadline, long nonce) {
    return Requests.spec(user, home, units, price, deadline, nonce);
  }

  private void submit(JobSpec spec) {
    submit(spec, sign(spec));
  }

  private void submit(JobSpec spec, Bytes signature) {
    Requests.submit(user, spec, signature);
  }

  private Bytes sign(JobSpec spec) {
    return Requests.sign(user, spec);
  }

  private static Instant inAnHour() {
    return Instant.now().plus(Duration.ofHours(1));
  }
}
