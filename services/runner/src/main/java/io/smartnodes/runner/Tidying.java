package io.smartnodes.runner;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Gives the memory of units that have ended back to the machine, once none has run for a while. */
final class Tidying {
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final long WORTH_IT = 128L << 20;

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("tidying").factory());
  private @Nullable Future<?> planned;

  /** A unit has ended; the last that says so counts. */
  synchronized void unitEnded() {
    if (planned != null) {
      planned.cancel(false);
    }
    planned = clock.schedule(Tidying::tidy, IDLE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The JVM keeps what it once had until it collects all of it. */
  private static void tidy() {
    if (Runtime.getRuntime().totalMemory() > WORTH_IT) {
      System.gc();
    }
  }
}
