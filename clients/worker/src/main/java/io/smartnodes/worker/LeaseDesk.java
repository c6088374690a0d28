package io.smartnodes.worker;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.wire.JobStructs;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The leases of this worker, by the hash of the lease; kept for the jury after they ended. */
final class LeaseDesk {
  private static final Duration KEPT = Duration.ofHours(2);

  private final Path folder;
  private final InstantSource time;
  private final Honesty honesty;
  private final Map<Bytes32, LeaseWork> works = new ConcurrentHashMap<>();
  private final Map<Bytes32, Instant> ended = new ConcurrentHashMap<>();

  LeaseDesk(Path folder, InstantSource time, Honesty honesty) {
    this.honesty = honesty;
    this.folder = folder;
    this.time = time;
  }

  /** Takes up a lease unless it is known. */
  LeaseWork take(LeaseWork.Granted granted) {
    return works.computeIfAbsent(
        granted.lease().hashStruct(),
        hash -> new LeaseWork(granted, new LeaseFolder(folder, granted.lease()), honesty));
  }

  boolean knows(Lease lease) {
    return works.containsKey(lease.hashStruct());
  }

  Optional<LeaseWork> find(Lease lease) {
    return Optional.ofNullable(works.get(lease.hashStruct()));
  }

  /** The work behind a receipt. */
  Optional<LeaseWork> findReceipt(Bytes32 receiptHash) {
    return works.values().stream().filter(work -> isFor(work, receiptHash)).findFirst();
  }

  private static boolean isFor(LeaseWork work, Bytes32 receiptHash) {
    return work.receipt()
        .map(made -> JobStructs.fromProto(made.getReceipt().getReceipt(), "receipt").hashStruct())
        .filter(receiptHash::equals)
        .isPresent();
  }

  /** The leases of a home that are still in work. */
  List<LeaseWork> open(Predicate<PeerId> home) {
    return works.entrySet().stream()
        .filter(entry -> !ended.containsKey(entry.getKey()))
        .map(Map.Entry::getValue)
        .filter(work -> home.test(work.granted().home()))
        .toList();
  }

  /** Whether a node is the user of a known job. */
  boolean isUser(PeerId peer) {
    return works.values().stream().anyMatch(work -> work.granted().user().equals(peer));
  }

  /** Notes which leases a home still counts as live; deletes what ended long ago. */
  void reconcile(Predicate<PeerId> home, Set<Bytes32> live) {
    Instant now = time.instant();
    for (Map.Entry<Bytes32, LeaseWork> entry : works.entrySet()) {
      if (home.test(entry.getValue().granted().home()) && !live.contains(entry.getKey())) {
        ended.putIfAbsent(entry.getKey(), now);
      }
    }
    ended.entrySet().stream()
        .filter(entry -> entry.getValue().plus(KEPT).isBefore(now))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::forget);
  }

  private void forget(Bytes32 lease) {
    ended.remove(lease);
    LeaseWork work = works.remove(lease);
    if (work != null) {
      work.delete();
    }
  }
}
