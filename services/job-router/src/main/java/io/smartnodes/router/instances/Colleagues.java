package io.smartnodes.router.instances;

import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.smartnodes.events.lease.Shards;
import io.smartnodes.link.PeerChannels;
import io.smartnodes.link.calls.CallerInterceptor;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.job.v1.HeartbeatRequest;
import io.smartnodes.proto.job.v1.HeartbeatResponse;
import io.smartnodes.proto.job.v1.JobRouterGrpc;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.quarkus.NodeIdentity;
import io.smartnodes.router.Refusals.Refused;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The other instances of this service. A worker speaks to one of them; all have to hear it, since
 * each leases the units of its own jobs, and the answer needs the leases of all: a lease that an
 * answer does not name has ended for the worker.
 */
@ApplicationScoped
public class Colleagues {
  private static final long PATIENCE_MILLIS = 2_000;
  private static final int ALL = (1 << Shards.COUNT) - 1;

  private final RouterShards shards;
  private final PeerChannels channels;
  private final NodeIdentity identity;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Called by the container. */
  public Colleagues(RouterShards shards, PeerChannels channels, NodeIdentity identity) {
    this.shards = shards;
    this.channels = channels;
    this.identity = identity;
  }

  /** An answer that speaks for shards which are still ours, though it may have been made before. */
  public HeartbeatResponse ours(HeartbeatResponse own) {
    return own.toBuilder().setShards(own.getShards() & shards.mine()).build();
  }

  /**
   * Passes a heartbeat on and adds the answers to our own.
   *
   * @throws Refused if some jobs are with nobody who answers now: the worker goes on with what it
   *     has and asks again
   */
  public HeartbeatResponse complete(
      HeartbeatResponse own, HeartbeatRequest request, PeerId caller) {
    List<Future<HeartbeatResponse>> asked =
        shards.others().stream().map(other -> ask(other, request, caller)).toList();
    HeartbeatResponse.Builder all = own.toBuilder();
    for (Future<HeartbeatResponse> future : asked) {
      HeartbeatResponse answer = answer(future);
      all.addAllLeases(answer.getLeasesList())
          .setShards(all.getShards() | answer.getShards())
          .setHead(Math.max(all.getHead(), answer.getHead()))
          .setIntervalMillis(Math.min(all.getIntervalMillis(), answer.getIntervalMillis()));
    }
    if (all.getShards() != ALL) {
      throw notNow();
    }
    return all.build();
  }

  private Future<HeartbeatResponse> ask(String other, HeartbeatRequest request, PeerId caller) {
    Metadata headers = new Metadata();
    CallerInterceptor.nameCaller(headers, caller);
    return threads.submit(() ->
        JobRouterGrpc.newBlockingStub(channels.to(identity.peerId(), other))
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
            .withDeadlineAfter(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
            .heartbeat(request));
  }

  private static HeartbeatResponse answer(Future<HeartbeatResponse> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notNow();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StatusRuntimeException) {
        throw notNow();
      }
      throw new IllegalStateException("a heartbeat cannot be passed on", e.getCause());
    }
  }

  private static Refused notNow() {
    return new Refused(
        ErrorCode.ERROR_CODE_NOT_READY,
        "",
        "some jobs of this home are being taken over; ask again");
  }

  @PreDestroy
  void close() {
    threads.shutdown();
  }
}
