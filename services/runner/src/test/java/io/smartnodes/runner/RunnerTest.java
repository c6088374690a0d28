package io.smartnodes.runner;

import static io.smartnodes.runner.Programs.ascii;
import static io.smartnodes.runner.Programs.program;
import static io.smartnodes.runner.Programs.seed;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.UnitLimits;
import io.smartnodes.runner.client.ModuleVerdict;
import io.smartnodes.runner.client.Program;
import io.smartnodes.runner.client.RunnerProcess;
import io.smartnodes.runner.client.UnitOutcome;
import io.smartnodes.wasm.Engine;
import io.smartnodes.wasm.InProcessRunner;
import io.smartnodes.wasm.ModuleCheck;
import io.smartnodes.wasm.ModuleLimits;
import io.smartnodes.wasm.RunLimits;
import io.smartnodes.wasm.RunOutcome;
import io.smartnodes.wasm.UnitSeed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The runner as a child process, with real modules. */
class RunnerTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Program PROBE = program(Programs.probe());
  private static final Program FRACTAL = program(Programs.fractal());

  private static Engine engine;
  private static RunnerProcess runner;

  @BeforeAll
  static void start() {
    engine = new Engine();
    runner = new RunnerProcess(Programs.runner(2), InstantSource.system());
  }

  @AfterAll
  static void close() {
    runner.close();
    engine.close();
  }

  private static UnitOutcome run(Program program, Bytes input) {
    return runner.run(program, input, seed(), MINUTE);
  }

  private static <T> CompletableFuture<T> aside(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            result.complete(work.call());
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private static UnitOutcome here(byte[] wasm, Bytes input) {
    if (!(engine.compile(wasm, ModuleLimits.STANDARD)
        instanceof ModuleCheck.Accepted(var module))) {
      throw new AssertionError("unreadable");
    }
    RunLimits limits =
        new RunLimits(UnitLimits.MAX_MEMORY_PAGES, UnitLimits.MAX_OUTPUT_BYTES, MINUTE);
    RunOutcome outcome =
        new InProcessRunner(1, UnitLimits.MAX_MEMORY_PAGES)
            .run(module, input.toArray(), UnitSeed.of(seed().toArray()), limits);
    return switch (outcome) {
      case RunOutcome.Completed(var output, long fuel) ->
          new UnitOutcome.Completed(Bytes.of(output.toByteArray()), new Fuel(fuel));
      case RunOutcome.Trapped(var cause, int exitCode, String detail) ->
          new UnitOutcome.Trapped(UnitOutcome.Cause.valueOf(cause.name()), exitCode, detail);
      case RunOutcome.Unavailable(String reason) -> new UnitOutcome.Unavailable(reason);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "c", "d", "e", "f", "g", "i", "m", "n", "o", "r", "s", "u", "x", ""})
  void aUnitEndsThereAsItEndsHere(String what) {
    assertThat(run(PROBE, ascii(what))).isEqualTo(here(Programs.probe(), ascii(what)));
  }

  @Test
  void aTileHasTheSameBytesThereAndHere() {
    assertThat(run(FRACTAL, Programs.TILE))
        .isEqualTo(here(Programs.fractal(), Programs.TILE))
        .isInstanceOf(UnitOutcome.Completed.class);
  }

  @Test
  void aModuleThatIsNoneIsRefusedWithAReasonForItsAuthor() {
    Program garbage = program(new byte[] {0, 'a', 's', 'm', 9, 9, 9, 9});

    assertThat(runner.check(garbage)).isInstanceOf(ModuleVerdict.Unreadable.class);
    assertThat(run(garbage, Bytes.EMPTY)).isInstanceOf(UnitOutcome.Unreadable.class);
    assertThat(runner.check(PROBE)).isEqualTo(new ModuleVerdict.Accepted());
  }

  @Test
  void aModuleThatCannotBeHadIsNobodysFaultButOurs() {
    Program missing = new Program(io.smartnodes.crypto.Bytes32.ofNumber(99), Optional::empty);

    assertThat(run(missing, Bytes.EMPTY)).isInstanceOf(UnitOutcome.Unavailable.class);
  }

  @Test
  void aModuleWithAnotherHashIsNotTaken() {
    Program forged =
        new Program(io.smartnodes.crypto.Bytes32.ofNumber(98), () -> Optional.of(Programs.probe()));

    assertThat(runner.check(forged)).isInstanceOf(ModuleVerdict.Unavailable.class);
  }

  @Test
  void anEndlessLoopEndsByItsClockAndItsNeighbourDoesNotNotice() {
    run(PROBE, ascii("a"));
    long pid = runner.pid();
    CompletableFuture<UnitOutcome> loop =
        aside(() -> runner.run(PROBE, ascii("l"), seed(), Duration.ofSeconds(2)));
    awaitRunning(1);

    assertThat(run(FRACTAL, Programs.TILE)).isInstanceOf(UnitOutcome.Completed.class);
    assertThat(loop.join()).isEqualTo(new UnitOutcome.Unavailable("not finished within PT2S"));
    assertThat(runner.pid()).isEqualTo(pid);
  }

  @Test
  void aCallerThatIsInterruptedStopsItsUnit() {
    run(PROBE, ascii("a"));
    try (var caller = Executors.newSingleThreadExecutor()) {
      var loop = caller.submit(() -> run(PROBE, ascii("l")));
      awaitRunning(1);

      caller.shutdownNow();

      assertThat(loop).succeedsWithin(Duration.ofSeconds(10));
      assertThat(loop.resultNow()).isEqualTo(new UnitOutcome.Unavailable("interrupted"));
    }
    awaitRunning(0);
  }

  @Test
  void aRunnerKilledInTheMiddleOfTwoUnitsCostsNeitherItsResult() {
    UnitOutcome expected = run(FRACTAL, Programs.LONG_TILE);
    long pid = runner.pid();
    var first = aside(() -> run(FRACTAL, Programs.LONG_TILE));
    var second = aside(() -> run(PROBE, ascii("r")));
    second.join();
    awaitRunning(1);

    ProcessHandle.of(pid).orElseThrow().destroyForcibly();

    assertThat(first.join()).isEqualTo(expected).isInstanceOf(UnitOutcome.Completed.class);
    assertThat(runner.pid()).isNotEqualTo(pid);
  }

  @Test
  void aRunnerIsBackAtOnce() {
    run(PROBE, ascii("a"));
    long pid = runner.pid();
    long killed = System.nanoTime();

    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    while (runner.status().map(status -> status.processId() == pid).orElse(true)) {
      Thread.onSpinWait();
    }

    Duration away = Duration.ofNanos(System.nanoTime() - killed);
    System.out.println("the runner was away for " + away.toMillis() + " ms");
    // A second on a machine of its own; builds share theirs.
    assertThat(away).isLessThan(Duration.ofSeconds(5));
    assertThat(run(PROBE, ascii("a"))).isInstanceOf(UnitOutcome.Completed.class);
  }

  @Test
  void whatEndsTheRunnerTwiceIsShunnedAndItsNeighbourGetsItsResult() {
    try (RunnerProcess small =
        new RunnerProcess(
            Programs.runner(2, "-Xmx96m", "-Dsmartnodes.runner.unit-memory-mib=512"),
            InstantSource.system())) {
      assertThat(small.run(PROBE, ascii("a"), seed(), MINUTE))
          .isInstanceOf(UnitOutcome.Completed.class);
      long pid = small.pid();
      var neighbour = aside(() -> small.run(FRACTAL, Programs.LONG_TILE, seed(), MINUTE));
      awaitRunning(small, 1);

      UnitOutcome greedy = small.run(PROBE, ascii("g"), seed(), MINUTE);

      assertThat(greedy).isInstanceOf(UnitOutcome.Unavailable.class);
      assertThat(neighbour.join()).isInstanceOf(UnitOutcome.Completed.class);
      assertThat(small.pid()).isNotEqualTo(pid);
      assertThat(small.run(PROBE, ascii("a"), seed(), MINUTE))
          .isInstanceOfSatisfying(
              UnitOutcome.Unavailable.class,
              shunned -> assertThat(shunned.reason()).contains("5 minutes"));
      assertThat(small.run(FRACTAL, Programs.TILE, seed(), MINUTE))
          .isInstanceOf(UnitOutcome.Completed.class);
    }
  }

  @Test
  void unitsOnASmallHeapWaitForEachOtherAndTheRunnerLives() {
    // Room for one that grows to its 256 MiB, with three places for such.
    try (RunnerProcess small =
        new RunnerProcess(Programs.runner(3, "-Xmx520m"), InstantSource.system())) {
      small.run(PROBE, ascii("a"), seed(), MINUTE);
      long pid = small.pid();
      var greedy =
          Stream.generate(() -> aside(() -> small.run(PROBE, ascii("g"), seed(), MINUTE)))
              .limit(3)
              .toList();

      assertThat(greedy)
          .allSatisfy(unit ->
              assertThat(unit.join())
                  .isEqualTo(here(Programs.probe(), ascii("g")))
                  .isInstanceOf(UnitOutcome.Completed.class));
      assertThat(small.pid()).isEqualTo(pid);
    }
  }

  @Test
  void aUnitThatThisHeapCanNeverHoldIsRefusedAndTheRunnerLives() {
    try (RunnerProcess small =
        new RunnerProcess(Programs.runner(1, "-Xmx256m"), InstantSource.system())) {
      assertThat(small.run(PROBE, ascii("g"), seed(), MINUTE))
          .isEqualTo(
              new UnitOutcome.Unavailable("it may grow to more memory than this machine gives"));
      assertThat(small.status()).isPresent();
    }
  }

  @Test
  void aRunnerThatFindsItsSettingsWrongIsNotStartedAgainAndSaysSo() {
    try (RunnerProcess wrong =
        new RunnerProcess(
            Programs.runner(1, "-Dsmartnodes.runner.health-port=-1"), InstantSource.system())) {
      assertThat(wrong.run(PROBE, ascii("a"), seed(), MINUTE))
          .isEqualTo(
              new UnitOutcome.Unavailable("the runner finds its settings wrong (exit code 2)"));
      assertThat(wrong.pid()).isZero();
    }
  }

  private static void awaitRunning(int units) {
    awaitRunning(runner, units);
  }

  private static void awaitRunning(RunnerProcess process, int units) {
    while (process.status().map(status -> status.running() != units).orElse(true)) {
      Thread.onSpinWait();
    }
  }
}
