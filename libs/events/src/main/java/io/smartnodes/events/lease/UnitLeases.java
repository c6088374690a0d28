package io.smartnodes.events.lease;

import io.smartnodes.quarkus.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Keeps the leases of one unit in one process: one transaction every two seconds renews all of
 * them, twice a second while some are wanted. Ours end for us five seconds after the last renewal
 * that succeeded was sent, in the database six seconds after it arrived.
 */
final class UnitLeases implements HeldLease.Watch, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(UnitLeases.class);
  private static final long STALE = TimeUnit.SECONDS.toNanos(1);
  private static final Duration RENEWAL = Duration.ofSeconds(2);
  private static final Duration WANTING = Duration.ofMillis(500);

  private final String unit;
  private final UUID me;
  private final Supplier<String> address;
  private final Tx tx;
  private final LongSupplier nanos;
  private final LeaseTimes times;
  private final Runnable onChange;
  private final Semaphore wake = new Semaphore(0);
  private final Map<String, HeldLease> single = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile List<HeldLease> shards = List.of();
  private volatile Seen seen = new Seen(new LeaseRows.View(Map.of(), List.of()), 0, true);
  private volatile boolean stopping;

  /** The last view, when its round began, and whether something is wanted that we lack. */
  private record Seen(LeaseRows.View view, long at, boolean wanting) {}

  UnitLeases(
      String unit,
      UUID me,
      Supplier<String> address,
      Tx tx,
      LongSupplier nanos,
      LeaseTimes times,
      Runnable onChange) {
    this.unit = unit;
    this.me = me;
    this.address = address;
    this.tx = tx;
    this.nanos = nanos;
    this.times = times;
    this.onChange = onChange;
    this.thread = Thread.ofVirtual().name("leases-" + unit).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  Lease keep(String name, LeaseListener listener) {
    HeldLease lease = single.computeIfAbsent(name, ignored -> new HeldLease(name, nanos, this));
    lease.add(listener);
    wake();
    return lease;
  }

  synchronized Shards shards(LeaseListener listener) {
    if (shards.isEmpty()) {
      shards = Shards.names().stream().map(name -> new HeldLease(name, nanos, this)).toList();
    }
    shards.forEach(shard -> shard.add(listener));
    wake();
    return new Shards(shards);
  }

  Stream<HeldLease> all() {
    return Stream.concat(single.values().stream(), shards.stream());
  }

  @Override
  public void wake() {
    wake.release();
  }

  @Override
  public void changed() {
    onChange.run();
  }

  @Override
  public Optional<String> holderAddress(String name) {
    Seen now = seen;
    if (nanos.getAsLong() - now.at() > STALE) {
      wake();
    }
    if (all().anyMatch(lease -> lease.name().equals(name) && lease.tenure().isPresent())) {
      return Optional.of(address.get());
    }
    return Optional.ofNullable(now.view().leases().get(name))
        .filter(row -> !row.holder().isEmpty() && !row.holder().equals(me.toString()))
        .map(LeaseRows.Row::address);
  }

  private void run() {
    boolean failing = false;
    long stopBy = 0;
    while (true) {
      if (stopping) {
        stopBy = stopBy == 0 ? System.nanoTime() + times.longestStop().toNanos() : stopBy;
        all().forEach(HeldLease::leave);
        if (System.nanoTime() - stopBy > 0) {
          LOG.warnf("leases of %s were not given back: they end in six seconds", unit);
          return;
        }
      }
      try {
        round();
        failing = false;
        if (stopping && all().allMatch(lease -> lease.fenceToRenew().isEmpty())) {
          return;
        }
      } catch (RuntimeException e) {
        if (!failing) {
          LOG.warnf(e, "the leases of %s cannot be renewed now; trying again", unit);
        }
        failing = true;
      }
      all().forEach(HeldLease::expire);
      pause(failing || seen.wanting() || stopping ? WANTING : RENEWAL);
    }
  }

  private void pause(Duration longest) {
    long wait = Math.min(longest.toNanos(), untilFirstDeadline());
    try {
      if (wait > 0 && wake.tryAcquire(wait, TimeUnit.NANOSECONDS)) {
        wake.drainPermits();
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; if somebody does, it means to stop.
      stopping = true;
    }
  }

  private long untilFirstDeadline() {
    long now = nanos.getAsLong();
    return all()
        .flatMap(lease -> lease.deadline().stream())
        .mapToLong(deadline -> deadline - now)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** One transaction, and what follows from it; also called by tests, in place of the thread. */
  void round() {
    all().filter(HeldLease::isUnfit).forEach(HeldLease::leave);
    List<Tenure> release = all().flatMap(lease -> lease.readyToRelease().stream()).toList();
    Map<String, Long> held = new HashMap<>();
    all().forEach(lease -> lease.fenceToRenew().ifPresent(fence -> held.put(lease.name(), fence)));
    release.forEach(tenure -> held.remove(tenure.name()));
    long began = nanos.getAsLong();
    Duration limit =
        Duration.ofNanos(
            Math.clamp(
                untilFirstDeadline(),
                TimeUnit.MILLISECONDS.toNanos(200),
                times.longestRound().toNanos()));
    // One that is given up here may commit yet: what it took then is ours and is taken again.
    Round.Found found =
        tx.run(unit, session -> next(held, release).run(this::wanted)).await().atMost(limit);
    apply(found, held, release, began);
  }

  private Round next(Map<String, Long> held, List<Tenure> release) {
    Round.Presence presence =
        stopping
            ? Round.Presence.LEAVES
            : shards.isEmpty()
                ? Round.Presence.NONE
                : seen.view().instances().contains(me.toString())
                    ? Round.Presence.STAYS
                    : Round.Presence.JOINS;
    return new Round(me, address.get(), times.row(), presence, held, release);
  }

  /** What we lack and nobody holds by this view. */
  private List<String> wanted(LeaseRows.View view) {
    if (stopping) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    single.values().stream()
        .filter(HeldLease::isWanted)
        .map(HeldLease::name)
        .filter(name -> isFree(view, name))
        .forEach(names::add);
    shards.stream()
        .filter(HeldLease::isWanted)
        .map(HeldLease::name)
        .filter(name -> isFree(view, name))
        .limit(shards.isEmpty() ? 0 : plan(view).take())
        .forEach(names::add);
    return names;
  }

  private boolean isFree(LeaseRows.View view, String name) {
    LeaseRows.Row row = view.leases().get(name);
    return row == null || row.holder().isEmpty() || row.holder().equals(me.toString());
  }

  private ShardPlan plan(LeaseRows.View view) {
    Map<String, Integer> held = new HashMap<>();
    view.instances().forEach(instance -> held.put(instance, 0));
    int free = 0;
    for (HeldLease shard : shards) {
      LeaseRows.Row row = view.leases().get(shard.name());
      if (shard.isHeld()) {
        held.merge(me.toString(), 1, Integer::sum);
      } else if (row == null || row.holder().isEmpty()) {
        free++;
      } else if (!row.holder().equals(me.toString())) {
        held.computeIfPresent(row.holder(), (instance, count) -> count + 1);
      }
    }
    held.putIfAbsent(me.toString(), 0);
    return ShardPlan.of(Shards.COUNT, me.toString(), held, free);
  }

  private void apply(Round.Found found, Map<String, Long> held, List<Tenure> release, long began) {
    long deadline = began + times.ours().toNanos();
    Map<String, LeaseRows.Row> rows = new HashMap<>(found.view().leases());
    for (HeldLease lease : all().toList()) {
      Long fence = held.get(lease.name());
      if (fence != null && fence.equals(found.renewed().get(lease.name()))) {
        lease.renewed(fence, deadline);
      } else if (fence != null) {
        lease.gone(fence);
      }
      Long taken = found.taken().get(lease.name());
      if (taken != null) {
        lease.taken(new Tenure(unit, lease.name(), me, taken), deadline);
        rows.put(lease.name(), new LeaseRows.Row(me.toString(), address.get()));
      }
    }
    for (Tenure tenure : release) {
      all()
          .filter(lease -> lease.name().equals(tenure.name()))
          .forEach(lease -> lease.gone(tenure.fence()));
    }
    LeaseRows.View view = new LeaseRows.View(Map.copyOf(rows), found.view().instances());
    boolean wanting = single.values().stream().anyMatch(lease -> !lease.isHeld());
    if (!shards.isEmpty() && !stopping) {
      ShardPlan plan = plan(view);
      shards.stream().filter(HeldLease::isHeld).limit(plan.release()).forEach(HeldLease::leave);
      wanting |= shards.stream().filter(HeldLease::isHeld).count() < least(view);
    }
    seen = new Seen(view, began, wanting);
  }

  private static int least(LeaseRows.View view) {
    return Shards.COUNT / Math.max(1, view.instances().size());
  }

  /** Gives everything back, after the listeners have heard of it. */
  @Override
  public void close() {
    stopping = true;
    wake();
    try {
      if (!thread.join(times.longestStop().plusSeconds(2))) {
        LOG.warnf("leases of %s are still given back", unit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
