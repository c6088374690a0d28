package io.smartnodes.worker;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that run units: as many as the worker offers slots, on platform threads. */
final class UnitPool implements AutoCloseable {
  private static final int STACK = 16 << 20;

  private final ExecutorService threads;
  private final AtomicInteger waiting = new AtomicInteger();

  UnitPool(int slots) {
    this.threads =
        Executors.newFixedThreadPool(
            slots, Thread.ofPlatform().daemon().name("unit-", 0).stackSize(STACK).factory());
  }

  void submit(Runnable unit) {
    waiting.incrementAndGet();
    threads.execute(() -> {
      waiting.decrementAndGet();
      unit.run();
    });
  }

  int waiting() {
    return waiting.get();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
