package io.smartnodes.router;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.events.lease.Shards;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.job.v1.GrantedLease;
import io.smartnodes.proto.job.v1.HeartbeatRequest;
import io.smartnodes.proto.job.v1.HeartbeatResponse;
import io.smartnodes.proto.job.v1.LeaseProgress;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.job.LeaseBook;
import io.smartnodes.protocol.job.Matcher;
import io.smartnodes.protocol.peer.Endpoint;
import io.smartnodes.protocol.peer.WorkerOffer;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.quarkus.NodeIdentity;
import io.smartnodes.router.Refusals.Refused;
import io.smartnodes.router.config.RouterConfig;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.PeerStructs;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The workers that were heard lately, with their offers; in memory, they tell again (4.5). */
@ApplicationScoped
public class Workers {
  private static final int MAX_PROGRESS = 1_024;
  private static final int MAX_SLOTS = 1_024;

  private final RouterState state;
  private final NodeIdentity identity;
  private final Board board;
  private final ShownLeases shown;
  private final RouterConfig config;
  private final Map<Address, Seen> seen = new ConcurrentHashMap<>();
  private final Map<Address, Long> speeds = new ConcurrentHashMap<>();
  private final Queue<Report> failures = new ConcurrentLinkedQueue<>();

  /** Called by the container. */
  public Workers(
      RouterState state,
      NodeIdentity identity,
      Board board,
      ShownLeases shown,
      RouterConfig config) {
    this.state = state;
    this.identity = identity;
    this.board = board;
    this.shown = shown;
    this.config = config;
  }

  /**
   * A worker as it was heard last.
   *
   * @param unitsDone by job, then by number of lease
   */
  record Seen(
      WorkerOffer offer,
      Bytes signature,
      PeerId peer,
      Endpoint endpoint,
      Instant at,
      Map<Bytes32, Map<Long, Long>> unitsDone) {}

  /**
   * A worker gave a lease up.
   *
   * @param networkFault whether it says that neither the job nor itself is to blame
   */
  record Report(Bytes32 jobId, LeaseBook.Input.GaveUp input, boolean networkFault) {}

  /** Takes a heartbeat and answers with the leases of the worker. */
  HeartbeatResponse heard(HeartbeatRequest request, PeerId caller, Instant now) {
    WorkerOffer offer = PeerStructs.fromProto(request.getOffer(), "offer");
    Bytes signature = Fields.opaque(request.getOfferSignature(), "offer_signature");
    Endpoint endpoint = PeerStructs.fromProto(request.getEndpoint(), "endpoint");
    check(offer, signature, caller, now);
    if (request.getProgressCount() > MAX_PROGRESS) {
      throw new Refused(
          ErrorCode.ERROR_CODE_TOO_LARGE, "progress", "more than " + MAX_PROGRESS + " items");
    }
    Address worker = offer.account();
    Map<Bytes32, Map<Long, Long>> done = new HashMap<>();
    for (int i = 0; i < request.getProgressCount(); i++) {
      LeaseProgress progress = request.getProgress(i);
      Bytes32 jobId = Fields.bytes32(progress.getJobId(), "progress[" + i + "].job_id");
      done.computeIfAbsent(jobId, id -> new HashMap<>())
          .put(progress.getLease(), progress.getUnitsDone());
      if (progress.getFailed()) {
        String reason = Fields.text(progress.getReason(), "progress[" + i + "].reason");
        failures.add(
            new Report(
                jobId,
                new LeaseBook.Input.GaveUp(worker, progress.getLease(), reason),
                progress.getNetworkFault()));
      }
    }
    Seen before = seen.put(worker, new Seen(offer, signature, caller, endpoint, now, done));
    if (!failures.isEmpty() || before == null) {
      board.wake();
    }
    return answer(worker);
  }

  private HeartbeatResponse answer(Address worker) {
    List<GrantedLease> leases = shown.to(worker);
    Duration interval =
        leases.isEmpty() && !board.hasWork() ? config.idleInterval() : config.busyInterval();
    return HeartbeatResponse.newBuilder()
        .addAllLeases(leases)
        .setShards(shown.shards().stream().mapToInt(shard -> 1 << shard).sum())
        .setHead(state.head())
        .setIntervalMillis(interval.toMillis())
        .build();
  }

  private void check(WorkerOffer offer, Bytes signature, PeerId caller, Instant now) {
    if (!offer.peerId().equals(caller)) {
      throw new Refused(
          ErrorCode.ERROR_CODE_NOT_ALLOWED, "offer.peer_id", "the offer is another node's");
    }
    if (!offer.expiry().isAfter(now)) {
      throw new Refused(ErrorCode.ERROR_CODE_EXPIRED, "offer.expiry", "the offer has expired");
    }
    if (offer.slots() < 0 || offer.slots() > MAX_SLOTS) {
      throw new Refused(ErrorCode.ERROR_CODE_MALFORMED, "offer.slots", "must be 0 to " + MAX_SLOTS);
    }
    Account account =
        state
            .account(offer.account())
            .filter(found -> Role.of(found.roles()).contains(Role.WORKER))
            .orElseThrow(() ->
                new Refused(
                    ErrorCode.ERROR_CODE_STRANGER,
                    "offer.account",
                    "no executed state has this account as a worker"));
    if (!state.isNodeOf(caller, offer.account())) {
      throw new Refused(
          ErrorCode.ERROR_CODE_NOT_ALLOWED,
          "offer.account",
          "the account is registered with another node");
    }
    if (!Matcher.mayWork(account.status())) {
      throw new Refused(
          ErrorCode.ERROR_CODE_BARRED,
          "offer.account",
          "the account is " + account.status() + ", evidence " + account.evidenceId());
    }
    Seen before = seen.get(offer.account());
    boolean known =
        before != null && before.offer().equals(offer) && before.signature().equals(signature);
    if (known) {
      return;
    }
    boolean signed =
        identity
            .domain()
            .signer(offer, signature)
            .filter(key -> PeerId.of(key).equals(caller))
            .isPresent();
    if (!signed) {
      throw new Refused(
          ErrorCode.ERROR_CODE_BAD_SIGNATURE, "offer_signature", "is not by the caller's node key");
    }
    if (before != null && offer.sequence() < before.offer().sequence()) {
      throw new Refused(ErrorCode.ERROR_CODE_REPLAYED, "offer.sequence", "a newer offer is known");
    }
  }

  /** Those heard within the time of silence. */
  List<Seen> present(Instant now) {
    seen.values().removeIf(worker -> !now.isBefore(worker.at().plus(LeaseBook.SILENCE)));
    return List.copyOf(seen.values());
  }

  Optional<Seen> of(Address worker) {
    return Optional.ofNullable(seen.get(worker));
  }

  /** What workers said since the last call. */
  List<Report> takeFailures() {
    List<Report> taken = new java.util.ArrayList<>();
    for (Report report = failures.poll(); report != null; report = failures.poll()) {
      taken.add(report);
    }
    return taken;
  }

  /** Remembers how fast a lease was worked: half the old measure, half the new. */
  void measured(Address worker, long units, Duration took) {
    long speed = Math.max(1, units * 1_000_000 / Math.max(1, took.toMillis()));
    speeds.merge(worker, speed, (old, latest) -> (old + latest) / 2);
  }

  /**
   * A worker as the matcher wants it, empty if it may not work here.
   *
   * @param openLeases that take its slots
   */
  Optional<Matcher.Candidate> candidate(Seen worker, int openLeases) {
    Address account = worker.offer().account();
    if (board.refuted().contains(account)) {
      return Optional.empty();
    }
    return state
        .account(account)
        .map(leaf ->
            new Matcher.Candidate(
                account,
                Keccak.text(worker.offer().network()),
                Math.max(0, worker.offer().slots() - openLeases - openElsewhere(worker)),
                worker.offer().unitPrice(),
                leaf.status(),
                rank(leaf),
                speeds.getOrDefault(account, 0L)));
  }

  /** The leases that it works on for other instances of this service. */
  private int openElsewhere(Seen worker) {
    return worker.unitsDone().entrySet().stream()
        .filter(job -> !board.holds(Shards.of(job.getKey())))
        .mapToInt(job -> job.getValue().size())
        .sum();
  }

  /** {@code ⌊10⁶ α / (α + β + 2·10⁶)⌋}. */
  private static long rank(Account leaf) {
    return java.math.BigInteger.valueOf(leaf.alpha())
        .multiply(java.math.BigInteger.valueOf(1_000_000))
        .divide(
            java.math.BigInteger.valueOf(leaf.alpha())
                .add(java.math.BigInteger.valueOf(leaf.beta()))
                .add(java.math.BigInteger.valueOf(2_000_000)))
        .longValueExact();
  }
}
