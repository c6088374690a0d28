package io.smartnodes.protocol;

import java.time.Duration;

/**
 * Bounds of one unit in the built-in network: part of the protocol, equal for all who run or judge
 * a job (docs/protocol/5-attestation.md 5.1). An opening carries input and output in one message.
 */
public final class UnitLimits {
  /** The largest module, in bytes. */
  public static final int MAX_MODULE_BYTES = 32 << 20;

  /** The largest input of a unit, in bytes. */
  public static final int MAX_INPUT_BYTES = 1 << 20;

  /** The largest output of a unit, in bytes; more traps. */
  public static final int MAX_OUTPUT_BYTES = 2 << 20;

  /** The largest linear memory, in pages of 64 KiB; more is refused to the program. */
  public static final int MAX_MEMORY_PAGES = 4096;

  /** What a worker gives a unit from its start; then it has no result and the lease is given up. */
  public static final Duration WALL_CLOCK = Duration.ofSeconds(20);

  /**
   * What a member of a jury gives the same unit, from its start: three times as much, so that no
   * unit that a worker could finish is too long for a slower machine.
   */
  public static final Duration REPLAY_WALL_CLOCK = WALL_CLOCK.multipliedBy(3);

  private UnitLimits() {}
}
