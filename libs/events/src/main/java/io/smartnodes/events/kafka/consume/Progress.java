package io.smartnodes.events.kafka.consume;

import io.micrometer.core.instrument.Meter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** How far a consumer is in one partition; written by its loop, read by metrics and health. */
final class Progress {
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LAST_RETRY = Duration.ofMinutes(1);
  private static final Duration LAST_RETRY_OF_TROUBLE = Duration.ofSeconds(5);

  private volatile long lag;
  private volatile Instant reached;
  private volatile int attempts;
  private volatile int troubles;
  private volatile Instant retryAt = Instant.MIN;
  private volatile List<Meter> meters = List.of();

  Progress(Instant now) {
    reached = now;
  }

  /** Another event is done. */
  synchronized void advanced(Instant ofEvent) {
    reached = ofEvent;
    attempts = 0;
    troubles = 0;
  }

  /** The first event failed; how often it did by now. */
  synchronized int failed(Instant now) {
    troubles = 0;
    attempts++;
    retryAt = now.plus(distance(attempts, LAST_RETRY));
    return attempts;
  }

  /** The event is not to blame; how often in a row nothing could be processed. */
  synchronized int troubled(Instant now) {
    troubles++;
    retryAt = now.plus(distance(troubles, LAST_RETRY_OF_TROUBLE));
    return troubles;
  }

  private static Duration distance(int count, Duration longest) {
    Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(count - 1, 9));
    return wait.compareTo(longest) < 0 ? wait : longest;
  }

  int attempts() {
    return attempts;
  }

  boolean isAloneNow() {
    return attempts > 0;
  }

  boolean isTroubled() {
    return troubles > 0;
  }

  boolean isBlocked() {
    return attempts > 0 || troubles > 0;
  }

  Instant retryAt() {
    return retryAt;
  }

  void lag(long events) {
    lag = events;
  }

  long lag() {
    return lag;
  }

  /** Seconds since what was reached was written, 0 if nothing waits. */
  double ageSeconds(Instant now) {
    return lag == 0 && !isBlocked()
        ? 0
        : Math.max(0, Duration.between(reached, now).toMillis() / 1000.0);
  }

  void meters(List<Meter> all) {
    meters = all;
  }

  List<Meter> meters() {
    return meters;
  }
}
