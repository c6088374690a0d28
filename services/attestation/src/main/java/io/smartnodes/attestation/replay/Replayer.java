package io.smartnodes.attestation.replay;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.UnitLimits;
import io.smartnodes.protocol.attestation.Opening;
import io.smartnodes.protocol.attestation.Replay;
import io.smartnodes.protocol.attestation.TrapOutput;
import io.smartnodes.protocol.attestation.UnitRules;
import io.smartnodes.runner.client.Program;
import io.smartnodes.runner.client.UnitOutcome;
import io.smartnodes.runner.client.UnitRunner;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Runs units again and compares them (5.5): in the runner, since a stranger's module is never
 * compiled or run in this process; one unit at a time for two processors.
 */
@ApplicationScoped
public class Replayer {
  private static final Logger LOG = Logger.getLogger(Replayer.class);

  private final Modules modules;
  private final UnitRunner runner;
  private final ExecutorService threads;
  private final MeterRegistry meters;

  /** Called by the container. */
  public Replayer(Modules modules, UnitRunner runner, MeterRegistry meters) {
    this.modules = modules;
    this.runner = runner;
    this.meters = meters;
    this.threads =
        Executors.newFixedThreadPool(
            RunnerAccess.places(), Thread.ofPlatform().daemon().name("replay-", 0).factory());
  }

  /** Replays a unit that lies on the bench and tells the comparison, on a thread of its own. */
  public void replay(Bench bench, long unit, Consumer<Replay.Result> told) {
    try {
      threads.execute(() -> {
        Replay.Result result;
        try {
          result = now(bench, unit);
        } catch (RuntimeException e) {
          LOG.errorf(e, "the replay of unit %d failed", unit);
          result = new Replay.Result.Unavailable("the replay failed: " + e);
        }
        told.accept(result);
      });
    } catch (RejectedExecutionException stopping) {
      LOG.debugf("unit %d is left to the next start", unit);
    }
  }

  private Replay.Result now(Bench bench, long unit) {
    Optional<Opening> opening = bench.get(unit);
    if (opening.isEmpty()) {
      return new Replay.Result.Unavailable("its opening is gone");
    }
    Replay.Run run = run(bench, opening.get());
    Replay.Result result =
        Replay.compare(bench.receipt().receipt().hashStruct(), opening.get().claimed(), run);
    count(result);
    return result;
  }

  /** Whether the bench's module is at hand, from an earlier use or from the worker. */
  public boolean hasModule(Bench bench) {
    return bench.hasModule() || fetched(bench).isPresent();
  }

  private Optional<byte[]> fetched(Bench bench) {
    Optional<byte[]> module = modules.get(bench);
    if (module.isPresent()) {
      bench.moduleFound();
    }
    return module;
  }

  private Replay.Run run(Bench bench, Opening opening) {
    if (!hasModule(bench)) {
      return new Replay.Run.Impossible("the worker does not give the module");
    }
    Program program = new Program(bench.spec().moduleHash(), () -> fetched(bench));
    Bytes32 seed = UnitRules.seed(bench.spec().hashStruct(), opening.index());
    return ended(runner.run(program, opening.input(), seed, UnitLimits.REPLAY_WALL_CLOCK));
  }

  private static Replay.Run ended(UnitOutcome outcome) {
    return switch (outcome) {
      case UnitOutcome.Completed completed ->
          new Replay.Run.Ended(completed.output().keccak(), completed.fuel());
      case UnitOutcome.Trapped trapped ->
          new Replay.Run.Ended(
              TrapOutput.of(trapped.cause().name(), trapped.exitCode()).keccak(),
              UnitRules.FUEL_PER_UNIT);
      case UnitOutcome.Unreadable(String reason) ->
          new Replay.Run.Impossible("the module cannot be read here: " + reason);
      case UnitOutcome.Unavailable(String reason) -> new Replay.Run.Impossible(reason);
    };
  }

  private void count(Replay.Result result) {
    String name =
        switch (result) {
          case Replay.Result.Equal() -> "equal";
          case Replay.Result.Different different -> "different";
          case Replay.Result.Unavailable(String reason) -> {
            LOG.infof("a unit could not be replayed: %s", reason);
            yield "unavailable";
          }
        };
    meters.counter("smartnodes.attestation.replays", "result", name).increment();
  }

  @PreDestroy
  void close() {
    threads.shutdownNow();
  }
}
