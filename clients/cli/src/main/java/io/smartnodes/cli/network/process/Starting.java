package io.smartnodes.cli.network.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A start that takes its time, on a thread of its own. */
final class Starting {
  /** What has to be done. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException, InterruptedException;
  }

  private final String name;
  private @Nullable Thread thread;
  private CompletableFuture<Boolean> done = CompletableFuture.completedFuture(true);

  Starting(String name) {
    this.name = name;
  }

  /** Begins the work. */
  synchronized void begin(Work work) {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    done = result;
    thread =
        Thread.ofVirtual()
            .name("start-" + name)
            .start(() -> {
              try {
                work.run();
                result.complete(true);
              } catch (IOException | InterruptedException | RuntimeException failed) {
                result.completeExceptionally(failed);
              }
            });
  }

  /** Stops what is under way. */
  synchronized void cancel() {
    if (thread != null) {
      thread.interrupt();
    }
  }

  private synchronized CompletableFuture<Boolean> done() {
    return done;
  }

  /**
   * Waits for its end.
   *
   * @throws IllegalStateException if it failed, or takes too long
   */
  void await(Duration patience) {
    try {
      done().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause();
      throw new IllegalStateException(
          name + " does not start: " + (cause == null ? failed : cause).getMessage(), cause);
    } catch (TimeoutException slow) {
      throw new IllegalStateException(
          name + " did not start in " + patience.toSeconds() + " s", slow);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + name + " started", interrupted);
    }
  }
}
