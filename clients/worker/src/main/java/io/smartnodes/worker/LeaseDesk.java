package io.smartnodes.worker;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.wire.Malformed;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The leases of this worker, by the hash of the lease. What ended is kept for its jury, which may
 * be late, and is known again after a restart.
 */
final class LeaseDesk {
  private static final System.Logger LOG = System.getLogger("worker");

  /** After this time nobody reads the outputs of an ended lease any more, unless it has a jury. */
  static final Duration KEPT = Duration.ofHours(2);

  private final Path folder;
  private final InstantSource time;
  private final Honesty honesty;
  private final Map<Bytes32, LeaseWork> works = new ConcurrentHashMap<>();
  private final Map<Bytes32, Instant> ended = new ConcurrentHashMap<>();

  /** Takes up what an earlier run left; it counts as ended until its home shows it again. */
  LeaseDesk(Path folder, InstantSource time, Honesty honesty) {
    this.honesty = honesty;
    this.folder = folder;
    this.time = time;
    LeaseFolder.left(folder).forEach(this::takeUp);
  }

  private void takeUp(LeaseFolder left) {
    try {
      Optional<LeaseWork.Granted> granted = left.lease();
      if (granted.isEmpty()) {
        left.delete();
        return;
      }
      Bytes32 hash = granted.get().lease().hashStruct();
      works.put(hash, new LeaseWork(granted.get(), left, honesty));
      ended.put(hash, time.instant());
    } catch (Malformed | UncheckedIOException unreadable) {
      LOG.log(Level.WARNING, "{0} cannot be taken up: {1}", left, unreadable.getMessage());
    }
  }

  /** Takes up a lease unless it is known. */
  LeaseWork take(LeaseWork.Granted granted) {
    return works.computeIfAbsent(
        granted.lease().hashStruct(),
        hash -> new LeaseWork(granted, LeaseFolder.of(folder, granted), honesty));
  }

  boolean knows(Lease lease) {
    return works.containsKey(lease.hashStruct());
  }

  Optional<LeaseWork> find(Lease lease) {
    return Optional.ofNullable(works.get(lease.hashStruct()));
  }

  /** The work behind a receipt. */
  Optional<LeaseWork> findReceipt(Bytes32 receiptHash) {
    return works.values().stream().filter(work -> work.isBehind(receiptHash)).findFirst();
  }

  /** The leases of a home that are still in work. */
  List<LeaseWork> open(Predicate<PeerId> home) {
    return works.entrySet().stream()
        .filter(entry -> !ended.containsKey(entry.getKey()))
        .map(Map.Entry::getValue)
        .filter(work -> home.test(work.granted().home()))
        .toList();
  }

  /** Those with an acknowledged receipt that their home may not have. */
  List<LeaseWork> undelivered() {
    return works.values().stream().filter(LeaseWork::isUndelivered).toList();
  }

  /** Whether a node is the user of a known job. */
  boolean isUser(PeerId peer) {
    return works.values().stream().anyMatch(work -> work.granted().user().equals(peer));
  }

  /** Notes which leases a home still counts as live. */
  void reconcile(Predicate<PeerId> home, Set<Bytes32> live) {
    Instant now = time.instant();
    works.forEach((hash, work) -> {
      if (!home.test(work.granted().home())) {
        return;
      }
      if (live.contains(hash)) {
        ended.remove(hash);
      } else {
        ended.putIfAbsent(hash, now);
      }
    });
  }

  /**
   * Deletes what nobody will ask for any more: leases that ended a while ago, those with a receipt
   * only when their job has left the state too, since juries go on until then (5.7).
   *
   * @param hasLeft whether a job has left the state
   */
  void prune(Predicate<Bytes32> hasLeft) {
    Instant past = time.instant().minus(KEPT);
    Map<Bytes32, Boolean> asked = new HashMap<>();
    works.forEach((hash, work) -> {
      // A home that is gone for good never says that a lease ended.
      boolean over =
          ended.getOrDefault(hash, work.granted().spec().deadline()).isBefore(past)
              && (work.receipt().isEmpty()
                  || asked.computeIfAbsent(work.granted().lease().jobId(), hasLeft::test));
      if (over) {
        works.remove(hash);
        ended.remove(hash);
        work.delete();
      }
    });
  }
}
