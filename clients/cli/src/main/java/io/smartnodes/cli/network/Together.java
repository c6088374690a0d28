package io.smartnodes.cli.network;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Waits for several things at once. */
final class Together {
  private Together() {}

  /** Returns when all waits have; the first that fails fails all. */
  static void awaitAll(List<Runnable> waits) throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      waits.forEach(wait -> all.add(threads.submit(wait)));
      for (Future<?> one : all) {
        one.get();
      }
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IllegalStateException notReady) {
        throw notReady;
      }
      throw new IllegalStateException(failed.getCause());
    }
  }
}
