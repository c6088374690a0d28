package io.smartnodes.wasm;

import io.smartnodes.wasm.RunOutcome.Cause;
import io.smartnodes.wasm.RunOutcome.Completed;
import io.smartnodes.wasm.RunOutcome.Trapped;
import io.smartnodes.wasm.RunOutcome.Unavailable;
import io.smartnodes.wasm.wasi.DeterministicWasi;
import io.smartnodes.wasm.wasi.OutputTooLarge;
import io.smartnodes.wasm.wasi.ProcessExit;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import run.endive.runtime.ByteArrayMemory;
import run.endive.runtime.Instance;
import run.endive.runtime.WasmException;
import run.endive.runtime.WasmInterruptedException;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.types.MemoryLimits;

/**
 * Runs units on threads of this process: at most {@code places} at a time, and only while the
 * memory that they may grow to fits the budget. A run holds its place until its thread has ended,
 * even when its caller has been answered before.
 */
public final class InProcessRunner implements Runner {
  private static final long FUEL_PER_UNIT = 1;
  private static final int PAGE = 65536;
  private static final Duration TIME_TO_STOP = Duration.ofSeconds(2);

  private final Semaphore places;
  private final Semaphore pages;
  private final int allPages;
  private final Runnable stuck;

  /** A runner with this many places and half of the JVM's heap for their linear memories. */
  public InProcessRunner(int places) {
    this(places, (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 2 / PAGE));
  }

  /**
   * @param memoryPages pages of 64 KiB that all running units together may grow to
   */
  public InProcessRunner(int places, int memoryPages) {
    this(places, memoryPages, () -> {});
  }

  /**
   * @param memoryPages pages of 64 KiB that all running units together may grow to
   * @param stuck called when a unit's thread still runs two seconds after it was told to stop; its
   *     place stays taken until it does
   */
  public InProcessRunner(int places, int memoryPages, Runnable stuck) {
    this.places = new Semaphore(places, true);
    this.pages = new Semaphore(memoryPages, true);
    this.allPages = memoryPages;
    this.stuck = stuck;
  }

  @Override
  public RunOutcome run(CompiledModule module, byte[] input, UnitSeed seed, RunLimits limits) {
    return run(module, input, seed, limits, () -> {});
  }

  /**
   * The same.
   *
   * @param admitted called on this thread when place and memory are there and the unit's time
   *     begins; not at all if it never gets them
   */
  public RunOutcome run(
      CompiledModule module, byte[] input, UnitSeed seed, RunLimits limits, Runnable admitted) {
    if (module.memory().initialPages() > limits.maxMemoryPages()) {
      return new Unavailable("it starts with more memory than a run may use");
    }
    int most = Math.min(module.memory().maximumPages(), limits.maxMemoryPages());
    if (most > allPages) {
      return new Unavailable("it may grow to more memory than this machine gives");
    }
    try {
      places.acquire();
      try {
        pages.acquire(most);
      } catch (InterruptedException e) {
        places.release();
        throw e;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Unavailable("interrupted before it started");
    }
    BigStack.Running<RunOutcome> running;
    try {
      admitted.run();
      running =
          BigStack.start(
              "wasm-unit",
              () -> {
                try {
                  return execute(
                      module,
                      new MemoryLimits(module.memory().initialPages(), most),
                      input,
                      seed,
                      limits);
                } finally {
                  release(most);
                }
              });
    } catch (OutOfMemoryError noThread) {
      release(most);
      return new Unavailable("no memory for a thread");
    } catch (RuntimeException unheard) {
      release(most);
      throw unheard;
    }
    return await(running, limits);
  }

  private void release(int most) {
    pages.release(most);
    places.release();
  }

  private RunOutcome await(BigStack.Running<RunOutcome> running, RunLimits limits) {
    try {
      return running.result().get(limits.wallClock().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return stop(running, "not finished within " + limits.wallClock());
    } catch (InterruptedException e) {
      RunOutcome outcome = stop(running, "interrupted");
      Thread.currentThread().interrupt();
      return outcome;
    } catch (ExecutionException e) {
      return new Unavailable("the engine failed: " + e.getCause());
    }
  }

  /** Ends the run. What it may still answer is late, and not looked at. */
  private RunOutcome stop(BigStack.Running<RunOutcome> running, String reason) {
    running.thread().interrupt();
    try {
      if (running.thread().join(TIME_TO_STOP)) {
        return new Unavailable(reason);
      }
      stuck.run();
      return new Unavailable(reason + "; it does not stop");
    } catch (InterruptedException again) {
      Thread.currentThread().interrupt();
      return new Unavailable(reason);
    }
  }

  private static RunOutcome execute(
      CompiledModule module, MemoryLimits memory, byte[] input, UnitSeed seed, RunLimits limits) {
    DeterministicWasi wasi =
        new DeterministicWasi(input, seed.bytes().toByteArray(), limits.maxOutputBytes());
    try {
      Instance.builder(module.parsed())
          .withImportValues(wasi.imports())
          .withMemoryLimits(memory)
          .withMemoryFactory(ByteArrayMemory::new)
          .withTableFactory(CompiledModule::table)
          .withMachineFactory(module.machines())
          .withStart(false)
          .build()
          .export("_start")
          .apply();
      return new Completed(Blob.of(wasi.output()), FUEL_PER_UNIT);
    } catch (ProcessExit exit) {
      return exit.code() == 0
          ? new Completed(Blob.of(wasi.output()), FUEL_PER_UNIT)
          : new Trapped(Cause.EXIT, exit.code(), detail(exit, wasi));
    } catch (OutputTooLarge e) {
      return new Trapped(Cause.OUTPUT_TOO_LARGE, 0, detail(e, wasi));
    } catch (WasmInterruptedException e) {
      return new Unavailable("interrupted");
    } catch (WasmException e) {
      return new Trapped(Cause.TRAP, 0, detail(e, wasi));
    } catch (WasmEngineException e) {
      return exhausted(e)
          ? new Unavailable("its calls are nested too deeply for this machine")
          : new Trapped(Cause.TRAP, 0, detail(e, wasi));
    } catch (StackOverflowError e) {
      return new Unavailable("its calls are nested too deeply for this machine");
    } catch (OutOfMemoryError e) {
      return new Unavailable("out of memory");
    } catch (RuntimeException | LinkageError e) {
      // A defect of the engine must not become evidence against anybody.
      return new Unavailable("the engine failed: " + e);
    }
  }

  /** Whether the JVM's stack was the limit, which is not the same on every machine. */
  private static boolean exhausted(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StackOverflowError) {
        return true;
      }
    }
    return false;
  }

  private static String detail(Exception stopped, DeterministicWasi wasi) {
    String complaints = wasi.complaints();
    return complaints.isEmpty()
        ? String.valueOf(stopped.getMessage())
        : stopped.getMessage() + ": " + complaints;
  }
}
