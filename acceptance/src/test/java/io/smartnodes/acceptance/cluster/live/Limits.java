package io.smartnodes.acceptance.cluster.live;

import java.time.Duration;

/**
 * After how long something counts as standing still. These limits say nothing of how fast anything
 * has to be: machines differ and are loaded; what things took is measured and reported.
 */
public final class Limits {
  /** A pod, a deployment or a backing service is ready again. */
  public static final Duration BACK = Duration.ofMinutes(10);

  /** Some epochs pass, and the validator's vote counts in one. */
  public static final Duration EPOCHS = Duration.ofMinutes(5);

  /** Money or a hold is anchored by an epoch. */
  public static final Duration ANCHORED = Duration.ofMinutes(5);

  /** A small job ends, with what it lived through. */
  public static final Duration JOB = Duration.ofMinutes(10);

  /** A wrong installation is refused. */
  public static final Duration REFUSED = Duration.ofMinutes(4);

  private Limits() {}
}
