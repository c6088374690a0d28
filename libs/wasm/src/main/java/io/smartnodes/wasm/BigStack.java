package io.smartnodes.wasm;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Platform threads with a deep stack of known size: programs recurse, and so do parser and
 * compiler. One thread for each task, because only its end gives the touched stack back.
 */
final class BigStack {
  private static final long BYTES = 32L << 20;

  private BigStack() {}

  /** A started task. */
  record Running<T>(Thread thread, CompletableFuture<T> result) {}

  static <T> Running<T> start(String name, Supplier<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                result.complete(task.get());
              } catch (Throwable broken) {
                // Handed to whoever waits for the result.
                result.completeExceptionally(broken);
              }
            },
            name,
            BYTES);
    thread.setDaemon(true);
    thread.start();
    return new Running<>(thread, result);
  }
}
