package io.smartnodes.router;

import com.google.protobuf.ByteString;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.link.calls.CallerInterceptor;
import io.smartnodes.proto.job.v1.AcknowledgeRequest;
import io.smartnodes.proto.job.v1.AcknowledgeResponse;
import io.smartnodes.proto.job.v1.CancelJobRequest;
import io.smartnodes.proto.job.v1.CommitReceiptRequest;
import io.smartnodes.proto.job.v1.CommitReceiptResponse;
import io.smartnodes.proto.job.v1.GetJobRequest;
import io.smartnodes.proto.job.v1.HeartbeatRequest;
import io.smartnodes.proto.job.v1.HeartbeatResponse;
import io.smartnodes.proto.job.v1.JobEvent;
import io.smartnodes.proto.job.v1.JobRouter;
import io.smartnodes.proto.job.v1.JobView;
import io.smartnodes.proto.job.v1.SubmitRequest;
import io.smartnodes.proto.job.v1.SubmitResponse;
import io.smartnodes.proto.job.v1.WatchJobRequest;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.router.instances.Colleagues;
import io.smartnodes.wire.Fields;
import jakarta.annotation.PreDestroy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** The gRPC border of the job-router. */
@GrpcService
public class JobRouterEndpoint implements JobRouter {
  private final JobDesk jobs;
  private final Workers workers;
  private final Colleagues colleagues;
  private final WitnessDesk witness;
  private final JobWatch watch;
  private final Refusals refusals;
  private final InstantSource time = InstantSource.system();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Called by the container. */
  public JobRouterEndpoint(
      JobDesk jobs,
      Workers workers,
      Colleagues colleagues,
      WitnessDesk witness,
      JobWatch watch,
      Refusals refusals) {
    this.jobs = jobs;
    this.workers = workers;
    this.colleagues = colleagues;
    this.witness = witness;
    this.watch = watch;
    this.refusals = refusals;
  }

  @Override
  public Uni<SubmitResponse> submit(SubmitRequest request) {
    return call("Submit", caller -> jobs.submit(request, now()));
  }

  @Override
  public Multi<JobEvent> watchJob(WatchJobRequest request) {
    PeerId caller = CallerInterceptor.caller();
    return watch.watch(
        () ->
            refusals.guard(
                "WatchJob",
                caller,
                () -> jobs.ownedBy(jobId(request.getJobId()), caller, now()).id()),
        request.getFromSequence());
  }

  @Override
  public Uni<JobView> getJob(GetJobRequest request) {
    return call("GetJob", caller -> jobs.view(jobId(request.getJobId()), now()));
  }

  @Override
  public Uni<JobView> cancelJob(CancelJobRequest request) {
    return call("CancelJob", caller -> jobs.cancel(jobId(request.getJobId()), caller, now()));
  }

  @Override
  public Uni<HeartbeatResponse> heartbeat(HeartbeatRequest request) {
    boolean fromColleague = CallerInterceptor.wasForwarded();
    return call(
        "Heartbeat",
        caller -> {
          HeartbeatResponse own = colleagues.ours(workers.heard(request, caller, now()));
          return fromColleague ? own : colleagues.complete(own, request, caller);
        });
  }

  @Override
  public Uni<AcknowledgeResponse> acknowledge(AcknowledgeRequest request) {
    return call("Acknowledge", caller -> witness.acknowledge(request, caller));
  }

  @Override
  public Uni<CommitReceiptResponse> commitReceipt(CommitReceiptRequest request) {
    return call("CommitReceipt", caller -> witness.commit(request, caller, now()));
  }

  /**
   * Runs a call on a virtual thread. Not by {@code @RunOnVirtualThread}: on the HTTP port its
   * interceptor may see the end of a request before its message, and the call hangs or fails
   * (Quarkus issue 48940).
   */
  private <T> Uni<T> call(String method, Function<PeerId, T> work) {
    PeerId caller = CallerInterceptor.caller();
    return Uni.createFrom()
        .item(() -> refusals.guard(method, caller, () -> work.apply(caller)))
        .runSubscriptionOn(threads);
  }

  @PreDestroy
  void close() {
    threads.shutdown();
  }

  private Instant now() {
    return time.instant();
  }

  private static Bytes32 jobId(ByteString value) {
    return Fields.bytes32(value, "job_id");
  }
}
