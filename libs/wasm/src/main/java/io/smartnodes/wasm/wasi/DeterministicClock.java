package io.smartnodes.wasm.wasi;

import java.time.Instant;

/**
 * The one clock behind all clock ids: unsigned nanoseconds since 1970. The first reading is {@link
 * #START}, each further one a microsecond later; sleeping moves it, and it stops at 2⁶⁴ − 1.
 */
final class DeterministicClock {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final long RESOLUTION_NANOS = 1_000;

  private static final int CLOCKS = 4;
  private static final long END = -1L;

  private long nanos = START.getEpochSecond() * 1_000_000_000L;

  /** Whether WASI knows this clock: realtime, monotonic, process and thread CPU time. */
  static boolean knows(int id) {
    return id >= 0 && id < CLOCKS;
  }

  /** The time, which advances by one tick with the reading. */
  long read() {
    long now = nanos;
    nanos = plus(nanos, RESOLUTION_NANOS);
    return now;
  }

  /** When a sleep until {@code timeout}, or of that length from now, ends; never before now. */
  long wakingAt(long timeout, boolean absolute) {
    long at = absolute ? timeout : plus(nanos, timeout);
    return Long.compareUnsigned(at, nanos) < 0 ? nanos : at;
  }

  void sleepUntil(long at) {
    nanos = at;
  }

  private static long plus(long a, long b) {
    long sum = a + b;
    return Long.compareUnsigned(sum, a) < 0 ? END : sum;
  }
}
