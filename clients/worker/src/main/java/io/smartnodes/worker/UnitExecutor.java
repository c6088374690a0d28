package io.smartnodes.worker;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.UnitLimits;
import io.smartnodes.protocol.attestation.TrapOutput;
import io.smartnodes.protocol.attestation.UnitRules;
import io.smartnodes.wasm.CompiledModule;
import io.smartnodes.wasm.Engine;
import io.smartnodes.wasm.ModuleCheck;
import io.smartnodes.wasm.ModuleLimits;
import io.smartnodes.wasm.RunLimits;
import io.smartnodes.wasm.RunOutcome;
import io.smartnodes.wasm.Runner;
import io.smartnodes.wasm.UnitSeed;
import java.time.Duration;

/** Runs units of the built-in network, as every replayer does (docs/protocol/4-jobs.md). */
final class UnitExecutor {
  private static final ModuleLimits MODULE =
      new ModuleLimits(UnitLimits.MAX_MODULE_BYTES, UnitLimits.MAX_MEMORY_PAGES);
  private static final RunLimits RUN =
      new RunLimits(
          UnitLimits.MAX_MEMORY_PAGES, UnitLimits.MAX_OUTPUT_BYTES, Duration.ofMinutes(1));

  private final Engine engine;
  private final Runner runner;

  UnitExecutor(Engine engine, Runner runner) {
    this.engine = engine;
    this.runner = runner;
  }

  /** How a unit ended here. */
  sealed interface Done {
    /** It has a result that every machine gets. */
    record Result(Bytes output, Fuel fuel) implements Done {}

    /** This machine could not run it. */
    record Unable(String reason) implements Done {}
  }

  ModuleCheck load(Bytes module) {
    return engine.compile(module.toArray(), MODULE);
  }

  Done run(CompiledModule module, Bytes32 jobId, long index, Bytes input) {
    Bytes32 seed = UnitRules.seed(jobId, index);
    return switch (runner.run(module, input.toArray(), UnitSeed.of(seed.toArray()), RUN)) {
      case RunOutcome.Completed completed ->
          new Done.Result(Bytes.of(completed.output().toByteArray()), new Fuel(completed.fuel()));
      case RunOutcome.Trapped trapped ->
          new Done.Result(
              TrapOutput.of(trapped.cause().name(), trapped.exitCode()), UnitRules.FUEL_PER_UNIT);
      case RunOutcome.Unavailable unavailable -> new Done.Unable(unavailable.reason());
    };
  }
}
