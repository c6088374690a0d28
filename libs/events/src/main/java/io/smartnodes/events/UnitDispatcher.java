package io.smartnodes.events;

import io.smartnodes.quarkus.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Empties the outbox of one unit: looks when a transaction committed and else every second, takes
 * keys side by side and the events of one key one after the other. An event that fails stays and
 * blocks its key only; it is tried again for ever, at growing distances up to a minute.
 */
final class UnitDispatcher implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(UnitDispatcher.class);
  private static final int BATCH = 256;
  private static final int KEYS_AT_ONCE = 4;
  private static final int LOUD_AFTER = 5;
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LAST_RETRY = Duration.ofMinutes(1);

  private final String unit;
  private final Tx tx;
  private final EventTransport transport;
  private final InstantSource time;
  private final UUID holder = UUID.randomUUID();
  private final Semaphore wake = new Semaphore(0);
  private final Map<Key, Failures> blocked = new ConcurrentHashMap<>();
  private volatile boolean stopping;
  private volatile Optional<Thread> thread = Optional.empty();

  private record Key(String topic, String key) {}

  private record Failures(int count, Instant retryAt) {}

  UnitDispatcher(String unit, Tx tx, EventTransport transport, InstantSource time) {
    this.unit = unit;
    this.tx = tx;
    this.transport = transport;
    this.time = time;
  }

  /** Takes the outbox over from whoever had it and starts to dispatch. */
  void start() {
    takeOver();
    thread = Optional.of(Thread.ofVirtual().name("outbox-" + unit).start(this::run));
  }

  void takeOver() {
    tx.runAndAwait(unit, session -> OutboxRows.takeOver(holder));
  }

  void wake() {
    wake.release();
  }

  /** Number of keys whose first event failed and waits to be tried again. */
  int blockedKeys() {
    return blocked.size();
  }

  private void run() {
    while (!stopping) {
      try {
        if (!pass()) {
          LOG.warnf("another process has taken over the outbox of %s: this one stops", unit);
          return;
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

  private Duration untilNextLook() {
    Instant now = time.instant();
    return blocked.values().stream()
        .map(failures -> Duration.between(now, failures.retryAt()))
        .map(wait -> wait.isNegative() ? Duration.ofMillis(1) : wait)
        .reduce(POLL, (one, other) -> one.compareTo(other) < 0 ? one : other);
  }

  /** Looks once at all events that are there; false if another process dispatches now. */
  boolean pass() throws InterruptedException {
    if (!tx.runAndAwait(unit, session -> OutboxRows.isHeldBy(holder))) {
      return false;
    }
    long last = 0;
    List<OutboxRows.Row> rows;
    do {
      long after = last;
      rows = tx.runAndAwait(unit, session -> OutboxRows.after(after, BATCH));
      dispatch(rows);
      last = rows.isEmpty() ? last : rows.getLast().id();
    } while (rows.size() == BATCH && !stopping);
    return true;
  }

  private void dispatch(List<OutboxRows.Row> rows) throws InterruptedException {
    Map<Key, List<OutboxRows.Row>> byKey = new LinkedHashMap<>();
    for (OutboxRows.Row row : rows) {
      byKey
          .computeIfAbsent(
              new Key(row.event().topic(), row.event().key()), ignored -> new ArrayList<>())
          .add(row);
    }
    Semaphore places = new Semaphore(KEYS_AT_ONCE);
    Map<Key, Thread> threads = new HashMap<>();
    for (Map.Entry<Key, List<OutboxRows.Row>> entry : byKey.entrySet()) {
      if (stopping || isWaiting(entry.getKey())) {
        continue;
      }
      places.acquire();
      threads.put(
          entry.getKey(),
          Thread.ofVirtual()
              .start(() -> {
                try {
                  inOrder(entry.getKey(), entry.getValue());
                } finally {
                  places.release();
                }
              }));
    }
    for (Thread started : threads.values()) {
      started.join();
    }
  }

  private boolean isWaiting(Key key) {
    Failures failures = blocked.get(key);
    return failures != null && failures.retryAt().isAfter(time.instant());
  }

  private void inOrder(Key key, List<OutboxRows.Row> rows) {
    List<Long> delivered = new ArrayList<>();
    try {
      for (OutboxRows.Row row : rows) {
        if (stopping) {
          break;
        }
        transport.deliver(row.event());
        delivered.add(row.id());
        blocked.remove(key);
      }
    } catch (RuntimeException e) {
      failed(key, rows.get(delivered.size()).event(), e);
    }
    if (!delivered.isEmpty()) {
      delete(delivered);
    }
  }

  private void delete(List<Long> delivered) {
    try {
      tx.runAndAwait(unit, session -> OutboxRows.delete(delivered));
    } catch (RuntimeException e) {
      // They are delivered again, and every consumer finds its mark.
      LOG.warnf(e, "%d delivered events of %s were not deleted yet", delivered.size(), unit);
    }
  }

  private void failed(Key key, Event event, RuntimeException cause) {
    Failures before = blocked.getOrDefault(key, new Failures(0, Instant.MIN));
    int count = before.count() + 1;
    Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(count - 1, 9));
    Duration bounded = wait.compareTo(LAST_RETRY) < 0 ? wait : LAST_RETRY;
    blocked.put(key, new Failures(count, time.instant().plus(bounded)));
    if (stopping) {
      return;
    }
    String text = "event %s (%s, key %s, %s) failed %d times, again in %s; its key waits";
    Object[] what = {event.id(), event.type(), event.key(), event.topic(), count, bounded};
    if (count >= LOUD_AFTER) {
      LOG.errorf(cause, text, what);
    } else {
      LOG.warnf(cause, text, what);
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
