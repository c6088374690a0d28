package io.smartnodes.events.lease;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/** Runs one call after the other, each on a virtual thread. */
final class SerialCalls {
  private static final Logger LOG = Logger.getLogger(SerialCalls.class);

  private final Executor threads;
  private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

  SerialCalls(String name) {
    this.threads = work -> Thread.ofVirtual().name(name).start(work);
  }

  synchronized void then(Runnable call) {
    last =
        last.thenRunAsync(
            () -> {
              try {
                call.run();
              } catch (RuntimeException e) {
                LOG.error("a listener of a lease failed", e);
              }
            },
            threads);
  }

  synchronized boolean idle() {
    return last.isDone();
  }
}
