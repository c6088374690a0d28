package io.smartnodes.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.runner.client.RunnerProcess;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Waits that tell a standstill from a slow machine. */
final class Waiting {
  static final Duration PATIENCE = Duration.ofMinutes(5);

  private Waiting() {}

  /** On another thread. */
  static <T> CompletableFuture<T> aside(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            result.complete(work.call());
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  static void awaitRunning(RunnerProcess process, int units) {
    await(() -> isRunning(process, units), units + " running units");
  }

  /** False if the unit has ended before it was seen. */
  static boolean isSeenRunning(RunnerProcess process, CompletableFuture<?> unit) {
    await(() -> unit.isDone() || isRunning(process, 1), "a running unit");
    return !unit.isDone();
  }

  private static boolean isRunning(RunnerProcess process, int units) {
    return process.status().filter(status -> status.running() == units).isPresent();
  }

  static void await(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("waited %s for %s", PATIENCE, what).isNegative();
      Thread.onSpinWait();
    }
  }

  /** Kills a process and waits until it is gone. */
  static void end(long pid) {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    process.destroyForcibly();
    assertThat(process.onExit()).succeedsWithin(PATIENCE);
  }
}
