package io.smartnodes.attestation.replay;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.UnitLimits;
import io.smartnodes.protocol.attestation.Opening;
import io.smartnodes.protocol.attestation.Replay;
import io.smartnodes.protocol.attestation.TrapOutput;
import io.smartnodes.protocol.attestation.UnitRules;
import io.smartnodes.wasm.Engine;
import io.smartnodes.wasm.InProcessRunner;
import io.smartnodes.wasm.ModuleCheck;
import io.smartnodes.wasm.ModuleLimits;
import io.smartnodes.wasm.RunLimits;
import io.smartnodes.wasm.RunOutcome;
import io.smartnodes.wasm.Runner;
import io.smartnodes.wasm.UnitSeed;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Runs units again and compares them (5.5), one thread for two processors. */
@ApplicationScoped
public class Replayer {
  private static final Logger LOG = Logger.getLogger(Replayer.class);
  private static final ModuleLimits MODULE =
      new ModuleLimits(UnitLimits.MAX_MODULE_BYTES, UnitLimits.MAX_MEMORY_PAGES);

  private final Modules modules;
  private final Engine engine;
  private final Runner runner;
  private final RunLimits limits;
  private final ExecutorService threads;
  private final MeterRegistry meters;

  /** Called by the container. */
  public Replayer(Modules modules, ReplayConfig config, MeterRegistry meters) {
    int places = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    this.modules = modules;
    this.meters = meters;
    this.limits =
        new RunLimits(
            UnitLimits.MAX_MEMORY_PAGES, UnitLimits.MAX_OUTPUT_BYTES, config.replayTime());
    try {
      this.engine = new Engine(Engine.Settings.STANDARD.keepingClassesIn(modules.classes()));
    } catch (IOException e) {
      throw new UncheckedIOException("no directory for compiled modules", e);
    }
    // What a program declares, not what it uses: most declare no maximum and need little.
    this.runner = new InProcessRunner(places, places * UnitLimits.MAX_MEMORY_PAGES);
    this.threads =
        Executors.newFixedThreadPool(
            places, Thread.ofPlatform().daemon().name("replay-", 0).factory());
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

  /** Whether the bench's module can be replayed here or is at least at hand. */
  public boolean hasModule(Bench bench) {
    return bench.module().isPresent() || modules.get(bench).isPresent();
  }

  private Replay.Run run(Bench bench, Opening opening) {
    if (bench.module().isEmpty()) {
      Optional<byte[]> module = modules.get(bench);
      if (module.isEmpty()) {
        return new Replay.Run.Impossible("the worker does not give the module");
      }
      switch (engine.compile(module.get(), MODULE)) {
        case ModuleCheck.Unreadable(String reason) -> {
          return new Replay.Run.Impossible("the module cannot be read here: " + reason);
        }
        case ModuleCheck.Accepted(var compiled) -> bench.keep(compiled);
      }
    }
    Bytes32 seed = UnitRules.seed(bench.spec().hashStruct(), opening.index());
    return ended(
        runner.run(
            bench.module().orElseThrow(),
            opening.input().toArray(),
            UnitSeed.of(seed.toArray()),
            limits));
  }

  private static Replay.Run ended(RunOutcome outcome) {
    return switch (outcome) {
      case RunOutcome.Completed completed ->
          new Replay.Run.Ended(
              Bytes.of(completed.output().toByteArray()).keccak(), new Fuel(completed.fuel()));
      case RunOutcome.Trapped trapped ->
          new Replay.Run.Ended(
              TrapOutput.of(trapped.cause().name(), trapped.exitCode()).keccak(),
              UnitRules.FUEL_PER_UNIT);
      case RunOutcome.Unavailable(String reason) -> new Replay.Run.Impossible(reason);
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
    engine.close();
  }
}
