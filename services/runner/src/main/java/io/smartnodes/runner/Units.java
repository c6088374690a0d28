package io.smartnodes.runner;

import io.smartnodes.wasm.CompiledModule;
import io.smartnodes.wasm.InProcessRunner;
import io.smartnodes.wasm.RunLimits;
import io.smartnodes.wasm.RunOutcome;
import io.smartnodes.wasm.UnitSeed;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The places for running units. A unit waits until there are a place for it and the memory that it
 * may grow to.
 */
final class Units {
  private static final int PAGES_PER_MIB = 16;

  private final int places;
  private final AtomicInteger running = new AtomicInteger();
  private final Tidying tidying = new Tidying();
  private final InProcessRunner runner;

  Units(int places, int memoryMib) {
    this.places = places;
    this.runner =
        new InProcessRunner(
            places,
            memoryMib * PAGES_PER_MIB,
            () -> Ending.halt(Ending.STUCK, "a unit does not stop"));
  }

  int places() {
    return places;
  }

  int running() {
    return running.get();
  }

  /** Hears that a unit has its place. */
  interface Started {
    void started() throws InterruptedException;
  }

  RunOutcome run(
      CompiledModule module, byte[] input, UnitSeed seed, RunLimits limits, Started started) {
    AtomicBoolean admitted = new AtomicBoolean();
    try {
      return runner.run(
          module,
          input,
          seed,
          limits,
          () -> {
            admitted.set(true);
            running.incrementAndGet();
            tell(started);
          });
    } finally {
      if (admitted.get()) {
        running.decrementAndGet();
        tidying.unitEnded();
      }
    }
  }

  private static void tell(Started started) {
    try {
      started.started();
    } catch (InterruptedException gone) {
      // Ends the run as soon as it begins.
      Thread.currentThread().interrupt();
    }
  }
}
