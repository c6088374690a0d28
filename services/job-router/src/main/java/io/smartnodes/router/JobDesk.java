package io.smartnodes.router;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.job.v1.HoldSigned;
import io.smartnodes.proto.job.v1.JobView;
import io.smartnodes.proto.job.v1.SubmitRequest;
import io.smartnodes.proto.job.v1.SubmitResponse;
import io.smartnodes.proto.signer.v1.Signable;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.body.SignedHold;
import io.smartnodes.protocol.job.Admission;
import io.smartnodes.protocol.job.Hold;
import io.smartnodes.protocol.job.JobLifecycle;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.job.LeaseBook;
import io.smartnodes.protocol.job.UnitRange;
import io.smartnodes.quarkus.NodeIdentity;
import io.smartnodes.quarkus.SignerClient;
import io.smartnodes.router.Refusals.Refused;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Takes jobs, promises their money, ends them on request (docs/protocol/4-jobs.md, 4.2). */
@ApplicationScoped
public class JobDesk {
  private static final int ATTEMPTS = 3;

  private final RouterState state;
  private final RouterStore store;
  private final Admissions admissions;
  private final Board board;
  private final NodeIdentity identity;
  private final SignerClient signer;
  private final Address operator;

  /** Called by the container. */
  public JobDesk(
      RouterState state,
      RouterStore store,
      Admissions admissions,
      Board board,
      NodeIdentity identity,
      SignerClient signer,
      @ConfigProperty(name = "smartnodes.operator") String operator) {
    this.state = state;
    this.store = store;
    this.admissions = admissions;
    this.board = board;
    this.identity = identity;
    this.signer = signer;
    this.operator = Address.fromHex(operator);
  }

  /** Our operator account. */
  Address operator() {
    return operator;
  }

  /** Admits a job, keeps it, then signs its hold; the same job again gets the same answer. */
  SubmitResponse submit(SubmitRequest request, Instant now) {
    JobSpec spec = JobStructs.fromProto(request.getSpec(), "spec");
    Bytes signature = Fields.opaque(request.getUserSignature(), "user_signature");
    return board.locked(() -> {
      LiveJob job = known(spec.hashStruct(), now).orElseGet(() -> admit(spec, signature, now));
      LiveJob held = job.holdSignature().isPresent() ? job : sign(job, now);
      board.wake();
      return SubmitResponse.newBuilder()
          .setJobId(Fields.bytes(held.id()))
          .setHold(JobStructs.toProto(held.hold()))
          .setHomeSignature(Fields.bytes(held.holdSignature().orElseThrow()))
          .build();
    });
  }

  private LiveJob admit(JobSpec spec, Bytes signature, Instant now) {
    if (state.epoch() >= 0 && !state.isActive(operator)) {
      throw new Refused(
          ErrorCode.ERROR_CODE_NOT_READY, "", "this validator is not in the set: it is no home");
    }
    long maxUnits =
        state
            .parameters()
            .orElseThrow(() ->
                new Refused(
                    ErrorCode.ERROR_CODE_NOT_READY, "", "the first state has not arrived yet"))
            .maxUnitsPerJob();
    LiveJob job =
        caughtUp(() -> enter(spec, before -> judge(spec, signature, before, maxUnits, now)));
    board.show(job, false);
    return job;
  }

  private LiveJob enter(JobSpec spec, Function<Admissions.Before, JobStep> judge) {
    Bytes32 jobId = spec.hashStruct();
    try {
      return admissions.enter(spec, board.tenure(jobId), judge);
    } catch (Refused | Admissions.Behind nothing) {
      throw nothing;
    } catch (RuntimeException unknown) {
      // It may be stored all the same, and then has to be moved.
      board.doubt(jobId);
      throw unknown;
    }
  }

  /** Judges again by the state that others know already. */
  private <T> T caughtUp(Supplier<T> decision) {
    for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
      try {
        return decision.get();
      } catch (Admissions.Behind behind) {
        state.catchUp();
      }
    }
    try {
      return decision.get();
    } catch (Admissions.Behind behind) {
      throw new Refused(ErrorCode.ERROR_CODE_NOT_READY, "", String.valueOf(behind.getMessage()));
    }
  }

  private JobStep judge(
      JobSpec spec, Bytes signature, Admissions.Before before, long maxUnits, Instant now) {
    RouterState.At at = state.now();
    if (at.epoch() < before.epoch()) {
      throw new Admissions.Behind(before.epoch());
    }
    Admission.Knowledge known =
        new Admission.Knowledge(
            identity.domain(),
            operator,
            at.network(spec.network()),
            maxUnits,
            before.nonceUsed(),
            at.allotment(spec.user(), spec.asset(), operator),
            before.openHolds(),
            at.epoch());
    return switch (Admission.judge(spec, signature, known, now)) {
      case Admission.Held(Hold hold) -> {
        JobStep step = new JobStep(LiveJob.submitted(spec, signature, hold, now), now);
        step.event("the job is admitted and its money is held");
        yield step;
      }
      case Admission.Refused refused ->
          throw new Refused(codeOf(refused), refused.field(), refused.reason());
    };
  }

  private static ErrorCode codeOf(Admission.Refused refused) {
    return switch (refused) {
      case Admission.BadSignature() -> ErrorCode.ERROR_CODE_BAD_SIGNATURE;
      case Admission.WrongHome wrong -> ErrorCode.ERROR_CODE_INVALID_JOB;
      case Admission.UnknownNetwork() -> ErrorCode.ERROR_CODE_INVALID_JOB;
      case Admission.OutOfBounds out -> ErrorCode.ERROR_CODE_INVALID_JOB;
      case Admission.TooLate late -> ErrorCode.ERROR_CODE_PAST_DEADLINE;
      case Admission.NonceUsed() -> ErrorCode.ERROR_CODE_REPLAYED;
      case Admission.Uncovered uncovered -> ErrorCode.ERROR_CODE_INSUFFICIENT_FUNDS;
    };
  }

  /** Signs the stored hold of a job and publishes it; only with the lock. */
  LiveJob sign(LiveJob job, Instant now) {
    Hold hold = job.hold();
    Bytes signature = signer.sign(Signable.newBuilder().setHold(JobStructs.toProto(hold)).build());
    JobStep step = new JobStep(job, now);
    step.change(before -> before.held(hold, Optional.of(signature)));
    step.publish(
        HoldSigned.newBuilder()
            .setHold(
                BodyStructs.toProto(
                    new SignedHold(job.spec(), job.userSignature(), hold, signature)))
            .build());
    step.event(
        "the hold is signed for epochs %d and %d"
            .formatted(hold.stateEpoch() + 1, hold.stateEpoch() + board.holdLifetime()));
    board.commit(step);
    return step.job();
  }

  /** Signs the stored leases of a job and tells its watchers; only with the lock. */
  void signLeases(LiveJob job, Instant now) {
    List<Lease> unsigned =
        job.book().entries().values().stream()
            .filter(entry -> entry.state().isOpen())
            .map(LeaseBook.Entry::lease)
            .filter(lease -> job.ticket(lease.number()).homeSignature().isEmpty())
            .toList();
    if (unsigned.isEmpty()) {
      return;
    }
    List<Bytes> signatures =
        signer.sign(
            unsigned.stream()
                .map(lease -> Signable.newBuilder().setLease(JobStructs.toProto(lease)).build())
                .toList());
    JobStep step = new JobStep(job, now);
    for (int i = 0; i < unsigned.size(); i++) {
      Lease lease = unsigned.get(i);
      Bytes signature = signatures.get(i);
      step.ticket(lease.number(), ticket -> ticket.signed(signature));
      step.leaseEvent(lease.number(), UnitRange.of(lease) + " leased to " + lease.worker());
    }
    board.commit(step);
  }

  /**
   * Promises the money again once the bodies of the first hold have passed without it.
   *
   * @throws Admissions.Behind if another instance knows a newer state
   */
  void renew(JobStep step, RouterState.At at) {
    LiveJob job = step.job();
    Amount available =
        Admission.available(
            at.allotment(job.spec().user(), job.spec().asset(), operator),
            admissions.openHolds(job.spec(), job.id(), at.epoch()));
    if (available.compareTo(job.hold().amount()) < 0) {
      JobLifecycle.fail(job.state(), "the allotment does not cover the hold any more")
          .ifPresent(step::move);
      return;
    }
    Hold next = new Hold(job.id(), operator, job.hold().amount(), at.epoch());
    step.change(before -> before.held(next, Optional.empty()));
    step.event("no body took the hold in time; it is signed again");
  }

  /** A job of this home, whatever became of it. */
  JobView view(Bytes32 jobId, Instant now) {
    return require(jobId, now).view();
  }

  /** Ends a job for its user. */
  JobView cancel(Bytes32 jobId, PeerId caller, Instant now) {
    return board.locked(() -> {
      LiveJob job = ownedBy(jobId, caller, now);
      if (job.state() == JobLifecycle.State.CANCELLED) {
        return job.view();
      }
      JobStep step = new JobStep(job, now);
      step.move(
          JobLifecycle.cancel(job.state())
              .orElseThrow(() ->
                  new Refused(
                      ErrorCode.ERROR_CODE_WRONG_STATE, "job_id", "the job is " + job.state())));
      board.commit(step);
      board.wake();
      return step.job().view();
    });
  }

  /** The job, if the caller is the node of its user. */
  LiveJob ownedBy(Bytes32 jobId, PeerId caller, Instant now) {
    LiveJob job = require(jobId, now);
    if (!state.isNodeOf(caller, job.spec().user())) {
      throw new Refused(ErrorCode.ERROR_CODE_NOT_ALLOWED, "job_id", "the job is another user's");
    }
    return job;
  }

  private LiveJob require(Bytes32 jobId, Instant now) {
    return known(jobId, now)
        .orElseThrow(() ->
            new Refused(ErrorCode.ERROR_CODE_NOT_FOUND, "job_id", "this home has no such job"));
  }

  private Optional<LiveJob> known(Bytes32 jobId, Instant now) {
    return board.job(jobId).or(() -> store.find(jobId, now));
  }
}
