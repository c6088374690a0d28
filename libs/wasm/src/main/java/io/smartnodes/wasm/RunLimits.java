package io.smartnodes.wasm;

import java.time.Duration;

/**
 * What one run may use.
 *
 * <p>Memory and output belong to the protocol: beyond them every machine answers the same ({@code
 * memory.grow} refuses, the output traps), so all who replay a job must use the same two. The wall
 * clock is the machine's own and ends a run as {@code Unavailable}.
 *
 * @param maxMemoryPages linear memory in pages of 64 KiB, at most 32767
 * @param maxOutputBytes bytes of stdout
 * @param wallClock from the start of the run, not counting the wait for a free place
 */
public record RunLimits(int maxMemoryPages, int maxOutputBytes, Duration wallClock) {
  /** 256 MiB of memory, 16 MiB of output, one minute. */
  public static final RunLimits STANDARD = new RunLimits(4096, 16 << 20, Duration.ofMinutes(1));

  private static final int ENGINE_MAX_PAGES = 32767;

  /**
   * @throws IllegalArgumentException when a limit is not positive, or above what the engine can
   */
  public RunLimits {
    if (maxMemoryPages <= 0 || maxMemoryPages > ENGINE_MAX_PAGES) {
      throw new IllegalArgumentException("pages from 1 to " + ENGINE_MAX_PAGES);
    }
    if (maxOutputBytes <= 0 || wallClock.isNegative() || wallClock.isZero()) {
      throw new IllegalArgumentException("limits are positive");
    }
  }

  /** The same, with another wall clock. */
  public RunLimits within(Duration time) {
    return new RunLimits(maxMemoryPages, maxOutputBytes, time);
  }
}
