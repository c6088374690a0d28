package io.smartnodes.worker;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The threads that wait for units in the runner: as many as the worker offers slots. */
final class UnitPool implements AutoCloseable {
  private final ExecutorService threads;

  UnitPool(int slots) {
    this.threads =
        Executors.newFixedThreadPool(
            slots, Thread.ofPlatform().daemon().name("unit-", 0).factory());
  }

  void submit(Runnable unit) {
    threads.execute(unit);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
