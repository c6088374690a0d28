package io.smartnodes.protocol.epoch;

import java.time.Duration;
import java.time.Instant;

/**
 * When the rounds of one epoch begin and end (docs/protocol/2-rules.md, 2.8), in chain time.
 *
 * @param start {@code T_e}, the begin of round 0
 * @param roundLength of each round
 */
public record EpochSchedule(Instant start, Duration roundLength) {
  /** Checks the length. */
  public EpochSchedule {
    if (!roundLength.isPositive()) {
      throw new IllegalArgumentException("a round has a length");
    }
  }

  /** {@code T_1}. */
  public static Instant first(Instant genesis, Duration epochLength) {
    return genesis.plus(epochLength);
  }

  /** {@code T_e} after an epoch that began at {@code start} and was executed at a block's time. */
  public static Instant next(Instant start, Instant executed, Duration epochLength) {
    Instant due = start.plus(epochLength);
    return due.isAfter(executed) ? due : executed;
  }

  /** The round at a time, −1 before round 0. */
  public int round(Instant now) {
    if (now.isBefore(start)) {
      return -1;
    }
    return Math.toIntExact(Duration.between(start, now).toMillis() / roundLength.toMillis());
  }

  /** When a round begins. */
  public Instant begin(int round) {
    return start.plus(roundLength.multipliedBy(round));
  }

  /** When votes of round 0 begin: at half time, so that all proposals can be compared. */
  public Instant halfTime() {
    return start.plus(roundLength.dividedBy(2));
  }

  /** When round 0 no longer waits for proposals that are still being checked. */
  public Instant lastCall() {
    return start.plus(roundLength.multipliedBy(3).dividedBy(4));
  }
}
