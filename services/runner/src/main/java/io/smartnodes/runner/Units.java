package io.smartnodes.runner;

import io.smartnodes.wasm.CompiledModule;
import io.smartnodes.wasm.InProcessRunner;
import io.smartnodes.wasm.ModuleLimits;
import io.smartnodes.wasm.RunLimits;
import io.smartnodes.wasm.RunOutcome;
import io.smartnodes.wasm.UnitSeed;
import java.util.concurrent.Semaphore;

/** The places for running units. */
final class Units {
  private final int places;
  private final Semaphore free;
  private final Tidying tidying = new Tidying();
  private final InProcessRunner runner;

  Units(int places) {
    this.places = places;
    this.free = new Semaphore(places, true);
    // What a program may grow to, not what it uses: most declare no maximum and need little.
    this.runner =
        new InProcessRunner(
            places,
            places * ModuleLimits.STANDARD.maxMemoryPages(),
            () -> Ending.halt(Ending.STUCK, "a unit does not stop"));
  }

  int places() {
    return places;
  }

  int running() {
    return places - free.availablePermits();
  }

  /** Hears that a unit has its place. */
  interface Started {
    void started() throws InterruptedException;
  }

  RunOutcome run(
      CompiledModule module, byte[] input, UnitSeed seed, RunLimits limits, Started started)
      throws InterruptedException {
    free.acquire();
    try {
      started.started();
      return runner.run(module, input, seed, limits);
    } finally {
      free.release();
      tidying.unitEnded();
    }
  }
}
