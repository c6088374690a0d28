package io.smartnodes.sdk;

import io.grpc.Channel;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.job.v1.JobEvent;
import io.smartnodes.proto.job.v1.JobRouterGrpc;
import io.smartnodes.proto.job.v1.JobState;
import io.smartnodes.proto.job.v1.LeaseView;
import io.smartnodes.proto.job.v1.SubmitRequest;
import io.smartnodes.proto.job.v1.SubmitResponse;
import io.smartnodes.proto.job.v1.WatchJobRequest;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.job.Hold;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.Malformed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Runs one job as its user: submits it to its home, exchanges data with the workers of its leases,
 * and takes as output only what a certified receipt proves. Blocking; use once.
 */
public final class JobRun {
  private static final Duration WATCH = Duration.ofHours(24);
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** A worker keeps outputs until the job has left the state, soon after its deadline (4.6). */
  private static final Duration KEPT = Duration.ofHours(2);

  private final NetworkClient network;
  private final JobPlan plan;
  private final JobListener listener;
  private final Map<Long, Certificate> certificates = new ConcurrentHashMap<>();
  private long nextSequence = 1;

  /** Prepares a run. */
  public JobRun(NetworkClient network, JobPlan plan, JobListener listener) {
    this.network = network;
    this.plan = plan;
    this.listener = listener;
  }

  /**
   * Submits the job; safe to repeat.
   *
   * @throws StatusRuntimeException if the home refuses it (see {@link Errors#read})
   * @throws Malformed if the home answers with a hold that does not bind it
   */
  public Hold submit() {
    SubmitResponse response =
        JobRouterGrpc.newBlockingStub(home())
            .submit(
                SubmitRequest.newBuilder()
                    .setSpec(JobStructs.toProto(plan.spec()))
                    .setUserSignature(
                        Fields.bytes(
                            network.domain().sign(plan.spec(), network.identity().account())))
                    .build());
    Hold hold = JobStructs.fromProto(response.getHold(), "hold");
    Bytes signature = Fields.opaque(response.getHomeSignature(), "home_signature");
    ValidatorNode home = homeNode();
    if (!hold.jobId().equals(plan.jobId())
        || !hold.home().equals(plan.spec().home())
        || network.domain().signer(hold, signature).filter(home::isBy).isEmpty()) {
      throw new Malformed("hold", "the home's hold is not signed by it for this job");
    }
    return hold;
  }

  /**
   * Follows the job until all its units are certified and their outputs are here, or it ends. Ends
   * as failed two hours after the job's deadline, or after its last certificate where that is
   * later, if a worker has not delivered certified outputs by then.
   */
  public JobResult await() throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        return follow(new JobTransfers(this::transfer, threads, listener));
      } finally {
        threads.shutdownNow();
      }
    }
  }

  private JobResult follow(JobTransfers transfers) throws InterruptedException {
    while (true) {
      try {
        var call =
            JobRouterGrpc.newBlockingV2Stub(home())
                .withDeadlineAfter(WATCH.toSeconds(), TimeUnit.SECONDS)
                .watchJob(
                    WatchJobRequest.newBuilder()
                        .setJobId(Fields.bytes(plan.jobId()))
                        .setFromSequence(nextSequence)
                        .build());
        for (JobEvent event = call.read(); event != null; event = call.read()) {
          listener.onEvent(event);
          if (event.hasLease()) {
            onLease(event.getLease(), transfers);
          }
          // Only now: an event whose handling failed comes again with the next watch.
          nextSequence = event.getSequence() + 1;
          switch (event.getState()) {
            case CERTIFIED, SETTLED -> {
              call.cancel("done", null);
              return collect(transfers);
            }
            case FAILED, CANCELLED, JOB_EXPIRED -> {
              call.cancel("done", null);
              return new JobResult.Ended(plan.jobId(), event.getState(), event.getReason());
            }
            case SUBMITTED, RUNNING, VERIFYING, JOB_STATE_UNSPECIFIED, UNRECOGNIZED -> {}
          }
        }
      } catch (StatusException | StatusRuntimeException lost) {
        listener.onTrouble("lost the home: " + lost.getMessage());
      }
      Thread.sleep(PAUSE);
    }
  }

  private void onLease(LeaseView view, JobTransfers transfers) {
    long number = view.getLease().getNumber();
    if (view.hasCertificate()) {
      onCertificate(
          number,
          BodyStructs.fromProto(view.getCertificate(), "certificate"),
          JobStructs.fromProto(view.getLease(), "lease"));
    }
    switch (view.getState()) {
      case GRANTED, WORKING, ACKNOWLEDGED, LEASE_CERTIFIED -> transfers.want(view);
      case LAPSED, UNVERIFIED -> transfers.leave(number);
      case VOIDED -> {
        transfers.forget(number);
        // Refuted after all: its units are those of another lease.
        certificates.remove(number);
      }
      case LEASE_STATE_UNSPECIFIED, UNRECOGNIZED -> {}
    }
  }

  private void onCertificate(long number, Certificate certificate, Lease lease) {
    if (certificate.outcome() != Outcome.CONFIRMED) {
      return;
    }
    var flaw =
        CertificateReview.flaw(
            certificate, lease, network.domain(), network.signers(), network.validators().size());
    if (flaw.isPresent()) {
      listener.onTrouble("lease " + number + ": the certificate proves nothing: " + flaw.get());
      return;
    }
    certificates.put(number, certificate);
    listener.onUnitsVerified(verifiedUnits(), plan.spec().unitCount());
  }

  private long verifiedUnits() {
    return certificates.values().stream().mapToLong(c -> c.receipt().lease().count()).sum();
  }

  private LeaseTransfer.Outputs transfer(LeaseView view)
      throws StatusException, InterruptedException {
    Channel worker =
        network.channel(
            Fields.peerId(view.getWorkerPeerId(), "worker_peer_id"),
            view.getWorkerEndpoint().getHost() + ":" + view.getWorkerEndpoint().getPort());
    return new LeaseTransfer(plan, view, listener::onUnitDone).run(worker);
  }

  /**
   * Waits for the outputs that certificates cover, as long as their workers keep them, then checks
   * that they are all units.
   */
  private JobResult collect(JobTransfers transfers) throws InterruptedException {
    Instant now = network.time().instant();
    Instant deadline = plan.spec().deadline();
    Instant end = (now.isAfter(deadline) ? now : deadline).plus(KEPT);
    TreeMap<Long, Bytes> outputs = new TreeMap<>();
    List<Certificate> used = new ArrayList<>();
    for (Map.Entry<Long, Certificate> entry : new TreeMap<>(certificates).entrySet()) {
      var delivered = transfers.await(entry.getKey(), () -> network.time().instant().isAfter(end));
      if (delivered.isEmpty()) {
        return new JobResult.Ended(
            plan.jobId(),
            JobState.FAILED,
            "lease "
                + entry.getKey()
                + " is certified, but its worker never delivered its outputs");
      }
      LeaseTransfer.Outputs here = delivered.get();
      Bytes32 certified = entry.getValue().receipt().receipt().hashStruct();
      if (!here.receipt().receipt().hashStruct().equals(certified)) {
        return new JobResult.Ended(
            plan.jobId(),
            JobState.FAILED,
            "lease " + entry.getKey() + " was certified for another receipt than delivered");
      }
      outputs.putAll(here.outputs());
      used.add(entry.getValue());
    }
    return outputs.size() == plan.spec().unitCount()
        ? new JobResult.Completed(plan.jobId(), outputs, used)
        : new JobResult.Ended(
            plan.jobId(), JobState.FAILED, "certificates cover only " + outputs.size() + " units");
  }

  private ValidatorNode homeNode() {
    return network
        .validator(plan.spec().home())
        .orElseThrow(() -> new IllegalStateException("the home is not in the active set"));
  }

  private Channel home() {
    return network
        .channel(homeNode(), NetworkClient.ROUTER)
        .orElseThrow(() ->
            io.grpc.Status.UNAVAILABLE.withDescription("home not found").asRuntimeException());
  }
}
