package io.smartnodes.events;

import io.smartnodes.events.lease.LeaseLost;
import io.smartnodes.events.lease.Leases;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.quarkus.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Empties the outbox of one unit: looks when a transaction committed and else every second, and
 * hands the events in their order to the transport. An event that fails stays and blocks its key
 * only; it is tried again for ever, at growing distances up to a minute. While the transport takes
 * nothing at all, everything stays.
 *
 * <p>One process at a time does it for a schema: the one that holds its lease, which the deletion
 * checks. Another that still delivers delivers twice, and every consumer finds its mark; the order
 * stands, since whoever takes over begins with the first event that was not deleted.
 */
final class UnitDispatcher implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(UnitDispatcher.class);
  private static final int BATCH = 1_000;
  private static final long BATCH_BYTES = 8L << 20;
  private static final int LOUD_AFTER = 5;
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration GATHER = Duration.ofMillis(10);
  private static final Duration MEASURE = Duration.ofSeconds(10);
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LAST_RETRY = Duration.ofMinutes(1);
  private static final Duration LAST_RETRY_OF_ALL = Duration.ofSeconds(5);

  private final String unit;
  private final Tx tx;
  private final Supplier<Optional<Tenure>> tenure;
  private final EventTransport transport;
  private final InstantSource time;
  private final Semaphore wake = new Semaphore(0);
  private final Map<Key, Failures> blocked = new ConcurrentHashMap<>();
  private volatile OutboxRows.Backlog backlog = OutboxRows.Backlog.NONE;
  private volatile boolean stopping;
  private volatile Optional<Thread> thread = Optional.empty();
  private Instant measured = Instant.MIN;
  private Failures unavailable = Failures.NONE;

  private record Key(String topic, String key) {
    static Key of(Event event) {
      return new Key(event.topic(), event.key());
    }
  }

  private record Failures(int count, Instant retryAt) {
    static final Failures NONE = new Failures(0, Instant.MIN);

    Failures oneMore(Instant now, Duration longest) {
      Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(count, 9));
      return new Failures(count + 1, now.plus(wait.compareTo(longest) < 0 ? wait : longest));
    }
  }

  /**
   * A dispatcher.
   *
   * @param tenure of the lease, while it is ours
   */
  UnitDispatcher(
      String unit,
      Tx tx,
      Supplier<Optional<Tenure>> tenure,
      EventTransport transport,
      InstantSource time) {
    this.unit = unit;
    this.tx = tx;
    this.tenure = tenure;
    this.transport = transport;
    this.time = time;
  }

  /** Starts to dispatch whenever the lease is ours. */
  void start() {
    thread = Optional.of(Thread.ofVirtual().name("outbox-" + unit).start(this::run));
  }

  void wake() {
    wake.release();
  }

  /** Whether it is this process that dispatches. */
  boolean isActive() {
    return tenure.get().isPresent();
  }

  /** Number of keys whose first event failed and waits to be tried again. */
  int blockedKeys() {
    return blocked.size();
  }

  /** What waited when it was last measured. */
  OutboxRows.Backlog backlog() {
    return backlog;
  }

  private void run() {
    while (!stopping) {
      try {
        boolean busy = pass();
        measure();
        if (busy) {
          // What is committed meanwhile leaves together: a delivery costs much, an event little.
          Thread.sleep(GATHER);
        }
        if (wake.tryAcquire(untilNextLook().toMillis(), TimeUnit.MILLISECONDS)) {
          wake.drainPermits();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (!stopping) {
          LOG.errorf(e, "the outbox of %s cannot be read; trying again", unit);
          pauseAfterFailure();
        }
      }
    }
  }

  private void pauseAfterFailure() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void measure() {
    if (tenure.get().isEmpty()) {
      backlog = OutboxRows.Backlog.NONE;
    } else if (Duration.between(measured, time.instant()).compareTo(MEASURE) >= 0) {
      backlog = Processing.await(tx, unit, session -> OutboxRows.backlog());
      measured = time.instant();
    }
  }

  private Duration untilNextLook() {
    Instant now = time.instant();
    return blocked.values().stream()
        .map(failures -> Duration.between(now, failures.retryAt()))
        .map(wait -> wait.isNegative() ? Duration.ofMillis(1) : wait)
        .reduce(POLL, (one, other) -> one.compareTo(other) < 0 ? one : other);
  }

  /** Looks once at all events that are there; only with the lease. True if there were any. */
  boolean pass() {
    return tenure.get().map(this::pass).orElse(false);
  }

  private boolean pass(Tenure held) {
    long last = 0;
    Instant end = time.instant().plus(POLL);
    while (isOurs(held) && !unavailable.retryAt().isAfter(time.instant())) {
      if (time.instant().isAfter(end)) {
        // Back to the first place soon: what was committed late, and keys that wait.
        wake();
        break;
      }
      long after = last;
      List<OutboxRows.Row> rows =
          Processing.await(tx, unit, session -> OutboxRows.after(after, BATCH, BATCH_BYTES));
      if (rows.isEmpty()) {
        break;
      }
      dispatch(held, rows);
      last = rows.getLast().id();
    }
    return last > 0;
  }

  private boolean isOurs(Tenure held) {
    return !stopping && tenure.get().filter(held::equals).isPresent();
  }

  private void dispatch(Tenure held, List<OutboxRows.Row> rows) {
    List<Event> events =
        rows.stream().map(OutboxRows.Row::event).filter(event -> !isWaiting(event)).toList();
    if (events.isEmpty()) {
      return;
    }
    switch (transport.deliver(unit, events, () -> isOurs(held))) {
      case EventTransport.Delivery.Done(var arrived, var failed) -> {
        if (unavailable.count() > 0) {
          LOG.infof("events of %s leave again", unit);
          unavailable = Failures.NONE;
        }
        List<OutboxRows.Row> gone =
            rows.stream().filter(row -> arrived.contains(row.event().id())).toList();
        gone.forEach(row -> blocked.remove(Key.of(row.event())));
        failed.forEach(this::failed);
        if (!gone.isEmpty()) {
          delete(held, gone.stream().map(OutboxRows.Row::id).toList());
        }
      }
      case EventTransport.Delivery.Unavailable(var cause) -> nothingLeaves(cause);
    }
  }

  private boolean isWaiting(Event event) {
    Failures failures = blocked.get(Key.of(event));
    return failures != null && failures.retryAt().isAfter(time.instant());
  }

  private void delete(Tenure held, List<Long> delivered) {
    try {
      Processing.await(
          tx, unit, session -> Leases.check(held).chain(() -> OutboxRows.delete(delivered)));
    } catch (LeaseLost e) {
      LOG.infof("%s: %d events of it are delivered twice", e.getMessage(), delivered.size());
    } catch (RuntimeException e) {
      // They are delivered again, and every consumer finds its mark.
      LOG.warnf(e, "%d delivered events of %s were not deleted yet", delivered.size(), unit);
    }
  }

  private void nothingLeaves(RuntimeException cause) {
    if (unavailable.count() == 0 && !stopping) {
      LOG.warnf("events of %s stay in the outbox until they can leave again: %s", unit, cause);
    }
    unavailable = unavailable.oneMore(time.instant(), LAST_RETRY_OF_ALL);
  }

  private void failed(EventTransport.Failure failure) {
    Event event = failure.event();
    Instant now = time.instant();
    Failures failures = blocked.getOrDefault(Key.of(event), Failures.NONE).oneMore(now, LAST_RETRY);
    blocked.put(Key.of(event), failures);
    if (stopping) {
      return;
    }
    String text = "event %s (%s, key %s, %s) failed %d times, again in %s; its key waits";
    Object[] what = {
      event.id(),
      event.type(),
      event.key(),
      event.topic(),
      failures.count(),
      Duration.between(now, failures.retryAt())
    };
    if (failures.count() >= LOUD_AFTER) {
      LOG.errorf(failure.cause(), text, what);
    } else {
      LOG.warnf(failure.cause(), text, what);
    }
  }

  /** Stops after the events under way. */
  @Override
  public void close() {
    stopping = true;
    wake.release();
    try {
      if (thread.isPresent() && !thread.get().join(Duration.ofSeconds(5))) {
        LOG.warnf("events of %s are still under way: they come again after the start", unit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
