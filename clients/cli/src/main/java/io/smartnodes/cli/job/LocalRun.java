package io.smartnodes.cli.job;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.UnitLimits;
import io.smartnodes.protocol.attestation.TrapOutput;
import io.smartnodes.protocol.attestation.UnitRules;
import io.smartnodes.wasm.CompiledModule;
import io.smartnodes.wasm.Engine;
import io.smartnodes.wasm.InProcessRunner;
import io.smartnodes.wasm.ModuleCheck;
import io.smartnodes.wasm.ModuleLimits;
import io.smartnodes.wasm.RunLimits;
import io.smartnodes.wasm.RunOutcome;
import io.smartnodes.wasm.UnitSeed;
import java.util.SortedMap;
import java.util.TreeMap;

/** Runs a job here, one unit after the other, as any worker must run it. */
public final class LocalRun {
  private static final RunLimits LIMITS =
      new RunLimits(
          UnitLimits.MAX_MEMORY_PAGES, UnitLimits.MAX_OUTPUT_BYTES, UnitLimits.WALL_CLOCK);

  private LocalRun() {}

  /**
   * The outputs of all units.
   *
   * @param jobId from which the randomness of the units follows
   * @throws IllegalArgumentException if the module is none
   * @throws IllegalStateException if this machine cannot run a unit
   */
  public static SortedMap<Long, Bytes> run(JobWork work, Bytes32 jobId) {
    try (Engine engine = new Engine()) {
      ModuleLimits limits =
          new ModuleLimits(UnitLimits.MAX_MODULE_BYTES, UnitLimits.MAX_MEMORY_PAGES);
      return switch (engine.compile(work.module().toArray(), limits)) {
        case ModuleCheck.Accepted accepted -> run(work, jobId, accepted.module());
        case ModuleCheck.Unreadable unreadable ->
            throw new IllegalArgumentException("the module cannot be run: " + unreadable.reason());
      };
    }
  }

  private static SortedMap<Long, Bytes> run(JobWork work, Bytes32 jobId, CompiledModule module) {
    InProcessRunner runner = new InProcessRunner(1, UnitLimits.MAX_MEMORY_PAGES);
    TreeMap<Long, Bytes> outputs = new TreeMap<>();
    for (int i = 0; i < work.units(); i++) {
      UnitSeed seed = UnitSeed.of(UnitRules.seed(jobId, i).toArray());
      switch (runner.run(module, work.inputs().get(i).toArray(), seed, LIMITS)) {
        case RunOutcome.Completed completed ->
            outputs.put((long) i, Bytes.of(completed.output().toByteArray()));
        case RunOutcome.Trapped trapped ->
            outputs.put((long) i, TrapOutput.of(trapped.cause().name(), trapped.exitCode()));
        case RunOutcome.Unavailable unavailable ->
            throw new IllegalStateException("unit " + i + ": " + unavailable.reason());
      }
    }
    return outputs;
  }
}
