package io.smartnodes.worker;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.job.v1.GrantedLease;
import io.smartnodes.proto.job.v1.HeartbeatRequest;
import io.smartnodes.proto.job.v1.HeartbeatResponse;
import io.smartnodes.proto.job.v1.JobRouterGrpc;
import io.smartnodes.proto.job.v1.LeaseProgress;
import io.smartnodes.proto.reputation.v1.GetLeafRequest;
import io.smartnodes.proto.reputation.v1.LedgerGrpc;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.peer.Endpoint;
import io.smartnodes.protocol.peer.WorkerOffer;
import io.smartnodes.sdk.NetworkClient;
import io.smartnodes.sdk.ValidatorNode;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.Malformed;
import io.smartnodes.wire.PeerStructs;
import io.smartnodes.wire.StateStructs;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Tells every validator what this worker offers and how its leases go on, and takes new leases from
 * the answers. One loop per validator, on a virtual thread.
 */
final class Heartbeats {
  private static final System.Logger LOG = System.getLogger("worker");
  private static final Duration OFFER_VALID = Duration.ofMinutes(10);
  private static final Duration OFFER_RENEWED = Duration.ofMinutes(5);
  private static final long MIN_INTERVAL = 100;
  private static final long MAX_INTERVAL = 5_000;
  private static final int MAX_LEASES = 1_024;

  private final NetworkClient network;
  private final LeaseDesk desk;
  private final Offer offer;
  private final Set<PeerId> started = ConcurrentHashMap.newKeySet();
  private final Map<PeerId, Long> heads = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** What this worker offers. */
  record Offer(String networkName, int slots, Amount unitPrice, Endpoint endpoint) {}

  Heartbeats(NetworkClient network, LeaseDesk desk, Offer offer) {
    this.network = network;
    this.desk = desk;
    this.offer = offer;
  }

  /** No validator hears of us any more, and none grants us a lease. */
  void close() {
    closed = true;
  }

  /** Starts a loop for every validator that has none. */
  void refresh() {
    for (ValidatorNode validator : network.validators()) {
      if (validator.address(NetworkClient.ROUTER).isPresent() && started.add(validator.peer())) {
        Thread.ofVirtual().name("heartbeat-", 0).start(() -> loop(validator.peer()));
      }
    }
  }

  /** The head that most validators see at least: the median of what they said. */
  long head() {
    long[] sorted = heads.values().stream().mapToLong(Long::longValue).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[(sorted.length - 1) / 2];
  }

  private void loop(PeerId validator) {
    HeartbeatRequest signed = HeartbeatRequest.getDefaultInstance();
    Instant renewed = Instant.EPOCH;
    boolean silent = false;
    while (!closed && !Thread.currentThread().isInterrupted()) {
      long pause = 1_000;
      try {
        Instant now = network.time().instant();
        if (renewed.plus(OFFER_RENEWED).isBefore(now)) {
          signed = signedOffer(now);
          renewed = now;
        }
        Optional<ValidatorNode> node = node(validator);
        if (node.isEmpty()) {
          // Left, or goes on under another key, for which there is another loop.
          heads.remove(validator);
          started.remove(validator);
          return;
        }
        HeartbeatResponse answer = beat(node.get(), signed);
        heads.put(validator, answer.getHead());
        take(node.get(), answer);
        pause = Math.clamp(answer.getIntervalMillis(), MIN_INTERVAL, MAX_INTERVAL);
        silent = false;
      } catch (StatusRuntimeException | Malformed failed) {
        heads.remove(validator);
        if (!silent) {
          LOG.log(Level.WARNING, "validator {0}: {1}", validator, failed.getMessage());
          silent = true;
        }
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException ended) {
        return;
      }
    }
  }

  private HeartbeatRequest signedOffer(Instant now) {
    WorkerOffer value =
        new WorkerOffer(
            network.identity().peerId(),
            network.identity().account().address(),
            offer.networkName(),
            offer.slots(),
            offer.unitPrice(),
            now.toEpochMilli(),
            now.plus(OFFER_VALID).truncatedTo(ChronoUnit.SECONDS));
    return HeartbeatRequest.newBuilder()
        .setOffer(PeerStructs.toProto(value))
        .setOfferSignature(Fields.bytes(network.domain().sign(value, network.identity().node())))
        .setEndpoint(PeerStructs.toProto(offer.endpoint()))
        .build();
  }

  private Optional<ValidatorNode> node(PeerId peer) {
    return network.validators().stream()
        .filter(validator -> validator.peer().equals(peer))
        .findFirst();
  }

  private Channel channel(ValidatorNode validator, String service) {
    return network
        .channel(validator, service)
        .orElseThrow(
            () -> io.grpc.Status.UNAVAILABLE.withDescription("not found").asRuntimeException());
  }

  private HeartbeatResponse beat(ValidatorNode validator, HeartbeatRequest signed) {
    HeartbeatRequest.Builder request = signed.toBuilder();
    for (LeaseWork work : desk.open(validator::is)) {
      Lease lease = work.granted().lease();
      LeaseProgress.Builder progress =
          LeaseProgress.newBuilder()
              .setJobId(Fields.bytes(lease.jobId()))
              .setLease(lease.number())
              .setUnitsDone(work.done());
      work.failure()
          .ifPresent(failure ->
              progress
                  .setFailed(true)
                  .setReason(failure.reason())
                  .setNetworkFault(failure.byNetwork()));
      request.addProgress(progress);
    }
    return JobRouterGrpc.newBlockingStub(channel(validator, NetworkClient.ROUTER))
        .withDeadlineAfter(5, TimeUnit.SECONDS)
        .heartbeat(request.build());
  }

  private void take(ValidatorNode validator, HeartbeatResponse answer) {
    if (answer.getLeasesCount() > MAX_LEASES) {
      throw new Malformed("leases", "more than " + MAX_LEASES);
    }
    Set<Bytes32> live = new HashSet<>();
    for (GrantedLease granted : answer.getLeasesList()) {
      Lease lease = JobStructs.fromProto(granted.getLease(), "lease");
      live.add(lease.hashStruct());
      if (!desk.knows(lease)) {
        desk.take(check(validator, granted, lease));
        LOG.log(
            Level.INFO,
            "lease {0} of job {1}: units {2} to {3}",
            lease.number(),
            lease.jobId(),
            lease.first(),
            lease.first() + lease.count() - 1);
      }
    }
    desk.reconcile(validator::is, live);
  }

  /**
   * A lease is taken only from its home, which may have rotated its key since it signed, for us,
   * with a job that its user signed.
   */
  private LeaseWork.Granted check(ValidatorNode validator, GrantedLease granted, Lease lease) {
    var homeSignature = Fields.opaque(granted.getHomeSignature(), "home_signature");
    boolean byHome =
        network.domain().signer(lease, homeSignature).filter(validator::isBy).isPresent();
    if (!byHome || !lease.worker().equals(network.identity().account().address())) {
      throw new Malformed("lease", "is not signed by its home for this worker");
    }
    JobSpec spec = JobStructs.fromProto(granted.getSpec(), "spec");
    var userSignature = Fields.opaque(granted.getUserSignature(), "user_signature");
    if (!spec.hashStruct().equals(lease.jobId())
        || !network.domain().isSignedBy(spec, userSignature, spec.user())) {
      throw new Malformed("spec", "is not the user's job");
    }
    return new LeaseWork.Granted(
        lease,
        homeSignature,
        spec,
        validator.peer(),
        userNode(validator, spec),
        Fields.list(
            granted.getWitnessPeerIdsList(),
            LeaseFolder.MAX_WITNESSES,
            "witness_peer_ids",
            Fields::peerId));
  }

  private PeerId userNode(ValidatorNode validator, JobSpec spec) {
    var leaf =
        LedgerGrpc.newBlockingStub(channel(validator, NetworkClient.LEDGER))
            .getLeaf(
                GetLeafRequest.newBuilder()
                    .setType(1)
                    .setKey(Fields.bytes(spec.user().toWord()))
                    .build())
            .getLeaf();
    var account = StateStructs.fromProto(leaf.getAccount(), "account");
    return new PeerId(account.publicKey().keccak());
  }
}
