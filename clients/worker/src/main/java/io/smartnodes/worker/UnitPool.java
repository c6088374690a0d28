package io.smartnodes.worker;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The threads that run units: as many as the worker offers slots, on platform threads. */
final class UnitPool implements AutoCloseable {
  private static final int STACK = 16 << 20;

  private final ExecutorService threads;

  UnitPool(int slots) {
    this.threads =
        Executors.newFixedThreadPool(
            slots, Thread.ofPlatform().daemon().name("unit-", 0).stackSize(STACK).factory());
  }

  void submit(Runnable unit) {
    threads.execute(unit);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
