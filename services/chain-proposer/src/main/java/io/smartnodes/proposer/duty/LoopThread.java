package io.smartnodes.proposer.duty;

import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/** A virtual thread that runs a loop while this process acts; it can be started again. */
public final class LoopThread {
  private static final Logger LOG = Logger.getLogger(LoopThread.class);
  private static final Duration AGAIN = Duration.ofMillis(200);

  private final String name;
  private final Loop loop;
  private Optional<Thread> thread = Optional.empty();

  /** Runs until it is interrupted. */
  @FunctionalInterface
  public interface Loop {
    /** Returns, or throws, only when it was interrupted. */
    void run() throws InterruptedException;
  }

  /** A thread that is not started yet. */
  public LoopThread(String name, Loop loop) {
    this.name = name;
    this.loop = loop;
  }

  /** Starts the loop; it must have been stopped before. */
  public synchronized void start() {
    thread =
        Optional.of(
            Thread.ofVirtual()
                .name(name)
                .start(() -> {
                  try {
                    loop.run();
                  } catch (InterruptedException e) {
                    LOG.debugf("%s: stopped", name);
                  }
                }));
  }

  /** Interrupts the loop and waits; false if it still runs after this time. */
  public synchronized boolean stop(Duration most) {
    Optional<Thread> started = thread;
    thread = Optional.empty();
    if (started.isEmpty()) {
      return true;
    }
    long end = System.nanoTime() + most.toNanos();
    try {
      do {
        // Again, since a library may swallow an interruption.
        started.get().interrupt();
        if (started.get().join(AGAIN)) {
          return true;
        }
      } while (System.nanoTime() < end);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
