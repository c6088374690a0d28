package io.smartnodes.events.lease;

import java.time.Duration;

/**
 * How long things may take. There is one set of times in production; tests that move the clock by
 * hand have others, so that a slow machine ends no lease of theirs.
 *
 * @param row life of a row after the last renewal that arrived, by the clock of the database; whole
 *     seconds
 * @param ours how long a lease is ours after the last renewal that succeeded was sent
 * @param longestRound after which a round is given up
 * @param longestStop how long giving everything back is tried at the end
 */
record LeaseTimes(Duration row, Duration ours, Duration longestRound, Duration longestStop) {
  static final LeaseTimes STANDARD =
      new LeaseTimes(
          Duration.ofSeconds(6),
          Duration.ofSeconds(5),
          Duration.ofMillis(2_500),
          Duration.ofSeconds(12));

  LeaseTimes {
    if (ours.compareTo(row) >= 0) {
      throw new IllegalArgumentException("a row must outlive its holder's belief in it");
    }
  }
}
