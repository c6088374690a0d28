package io.smartnodes.runner;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends this process when a module has got it into a state that nothing else gets it out of. Whoever
 * started it starts it again.
 */
final class Ending {
  /** Exit code when a unit does not stop. */
  static final int STUCK = 70;

  /** Exit code when a module cannot be read or compiled in time. */
  static final int UNREADABLE_IN_TIME = 71;

  /** Exit code when the JVM fails in a way that no program should cause. */
  static final int BROKEN = 72;

  private static final Logger LOG = System.getLogger("runner");

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("watchdog").factory());

  /** What is watched until it is closed. */
  interface Watched extends AutoCloseable {
    @Override
    void close();
  }

  /** Halts now: no hook of a process that is not in order runs. */
  static void halt(int code, String why) {
    LOG.log(Level.ERROR, "{0}: the runner ends itself", why);
    Runtime.getRuntime().halt(code);
  }

  /** Halts when this is not closed in time. */
  Watched within(Duration time, String what) {
    ScheduledFuture<?> halt =
        clock.schedule(
            () -> halt(UNREADABLE_IN_TIME, what + " takes more than " + time),
            time.toMillis(),
            TimeUnit.MILLISECONDS);
    return () -> halt.cancel(false);
  }
}
