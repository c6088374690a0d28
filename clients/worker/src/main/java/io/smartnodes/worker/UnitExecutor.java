package io.smartnodes.worker;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.UnitLimits;
import io.smartnodes.protocol.attestation.TrapOutput;
import io.smartnodes.protocol.attestation.UnitRules;
import io.smartnodes.runner.client.ModuleVerdict;
import io.smartnodes.runner.client.Program;
import io.smartnodes.runner.client.UnitOutcome;
import io.smartnodes.runner.client.UnitRunner;
import java.time.Instant;

/**
 * Runs units of the built-in network, as every replayer does (docs/protocol/4-jobs.md): in the
 * runner, since a stranger's module is never compiled or run in the process that holds the keys.
 */
final class UnitExecutor {
  private final ModuleStore modules;
  private final UnitRunner runner;

  UnitExecutor(ModuleStore modules, UnitRunner runner) {
    this.modules = modules;
    this.runner = runner;
  }

  /** How a unit ended here. */
  sealed interface Done {
    /** It has a result that every machine gets. */
    record Result(Bytes output, Fuel fuel) implements Done {}

    /** This machine could not run it. */
    record Unable(String reason) implements Done {}
  }

  /**
   * Whether a kept module can be run.
   *
   * @param until when the answer is of no use any more
   */
  ModuleVerdict check(Bytes32 module, Instant until) {
    return runner.check(program(module), until);
  }

  /**
   * Runs a unit; once more if that came to no result, since a machine that stood still for a moment
   * is no reason to give a lease up (5.1.5).
   *
   * @param until when its result is of no use any more: a runner that is away is waited for
   */
  Done run(Bytes32 module, Bytes32 jobId, long index, Bytes input, Instant until) {
    Bytes32 seed = UnitRules.seed(jobId, index);
    UnitOutcome outcome = runner.run(program(module), input, seed, UnitLimits.WALL_CLOCK, until);
    if (outcome instanceof UnitOutcome.Unavailable && !Thread.currentThread().isInterrupted()) {
      outcome = runner.run(program(module), input, seed, UnitLimits.WALL_CLOCK, until);
    }
    return switch (outcome) {
      case UnitOutcome.Completed completed -> new Done.Result(completed.output(), completed.fuel());
      case UnitOutcome.Trapped trapped ->
          new Done.Result(
              TrapOutput.of(trapped.cause().name(), trapped.exitCode()), UnitRules.FUEL_PER_UNIT);
      case UnitOutcome.Unreadable unreadable ->
          new Done.Unable("unreadable module: " + unreadable.reason());
      case UnitOutcome.Unavailable unavailable -> new Done.Unable(unavailable.reason());
    };
  }

  private Program program(Bytes32 module) {
    return new Program(module, () -> modules.find(module).map(Bytes::toArray));
  }
}
