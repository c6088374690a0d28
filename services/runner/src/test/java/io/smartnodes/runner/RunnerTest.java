package io.smartnodes.runner;

import static io.smartnodes.runner.Programs.ascii;
import static io.smartnodes.runner.Programs.program;
import static io.smartnodes.runner.Programs.seed;
import static io.smartnodes.runner.Waiting.aside;
import static io.smartnodes.runner.Waiting.awaitRunning;
import static io.smartnodes.runner.Waiting.isSeenRunning;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
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
  /** More than any unit here takes on any machine, and longer than anything is waited for. */
  private static final Duration AMPLE = Waiting.PATIENCE.multipliedBy(2);

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
    return run(runner, program, input);
  }

  private static UnitOutcome run(RunnerProcess where, Program program, Bytes input) {
    return run(where, program, input, AMPLE);
  }

  /** A runner that starts slowly is waited for. */
  private static UnitOutcome run(
      RunnerProcess where, Program program, Bytes input, Duration wallClock) {
    return where.run(program, input, seed(), wallClock, Instant.now().plus(AMPLE));
  }

  private static ModuleVerdict check(Program program) {
    return runner.check(program, Instant.now().plus(AMPLE));
  }

  private static UnitOutcome here(byte[] wasm, Bytes input) {
    if (!(engine.compile(wasm, ModuleLimits.STANDARD)
        instanceof ModuleCheck.Accepted(var module))) {
      throw new AssertionError("unreadable");
    }
    RunLimits limits =
        new RunLimits(UnitLimits.MAX_MEMORY_PAGES, UnitLimits.MAX_OUTPUT_BYTES, AMPLE);
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

    assertThat(check(garbage)).isInstanceOf(ModuleVerdict.Unreadable.class);
    assertThat(run(garbage, Bytes.EMPTY)).isInstanceOf(UnitOutcome.Unreadable.class);
    assertThat(check(PROBE)).isEqualTo(new ModuleVerdict.Accepted());
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

    assertThat(check(forged)).isInstanceOf(ModuleVerdict.Unavailable.class);
  }

  @Test
  void anEndlessLoopEndsByItsClockAndItsNeighbourDoesNotNotice() {
    run(PROBE, ascii("a"));
    long pid = runner.pid();
    Duration clock = Duration.ofSeconds(2);
    CompletableFuture<UnitOutcome> loop = loop(clock);
    // On a machine that stalls it is over before it is seen.
    while (!isSeenRunning(runner, loop)) {
      clock = clock.multipliedBy(4);
      loop = loop(clock);
    }

    assertThat(run(FRACTAL, Programs.TILE)).isInstanceOf(UnitOutcome.Completed.class);
    assertThat(loop.join()).isEqualTo(new UnitOutcome.Unavailable("not finished within " + clock));
    assertThat(runner.pid()).isEqualTo(pid);
  }

  private static CompletableFuture<UnitOutcome> loop(Duration wallClock) {
    return aside(() -> run(runner, PROBE, ascii("l"), wallClock));
  }

  @Test
  void aCallerThatIsInterruptedStopsItsUnit() {
    run(PROBE, ascii("a"));
    try (var caller = Executors.newSingleThreadExecutor()) {
      var loop = caller.submit(() -> run(PROBE, ascii("l")));
      awaitRunning(runner, 1);

      caller.shutdownNow();

      assertThat(loop).succeedsWithin(Waiting.PATIENCE);
      assertThat(loop.resultNow()).isEqualTo(new UnitOutcome.Unavailable("interrupted"));
    }
    awaitRunning(runner, 0);
  }

  @Test
  void aRunnerKilledInTheMiddleOfTwoUnitsCostsNeitherItsResult() {
    UnitOutcome expected = run(FRACTAL, Programs.LONG_TILE);
    long pid = runner.pid();
    CompletableFuture<UnitOutcome> first;
    do {
      first = aside(() -> run(FRACTAL, Programs.LONG_TILE));
      var second = aside(() -> run(PROBE, ascii("r")));
      second.join();
    } while (!isSeenRunning(runner, first));

    Waiting.end(pid);

    assertThat(first.join()).isEqualTo(expected).isInstanceOf(UnitOutcome.Completed.class);
    assertThat(runner.pid()).isNotEqualTo(pid);
  }

  @Test
  void aRunnerThatWasKilledIsBackBeforeAnybodyWantsIt() {
    run(PROBE, ascii("a"));
    long pid = runner.pid();
    long killed = System.nanoTime();

    Waiting.end(pid);
    Waiting.await(
        () -> runner.status().filter(status -> status.processId() != pid).isPresent(),
        "another runner");

    Duration away = Duration.ofNanos(System.nanoTime() - killed);
    System.out.println("the runner was away for " + away.toMillis() + " ms");
    assertThat(run(PROBE, ascii("a"))).isInstanceOf(UnitOutcome.Completed.class);
  }

  @Test
  void whatEndsTheRunnerTwiceIsShunnedAndItsNeighbourGetsItsResult() {
    try (RunnerProcess small =
        new RunnerProcess(
            Programs.runner(2, "-Xmx96m", "-Dsmartnodes.runner.unit-memory-mib=512"),
            // Blame does not end while a slow machine works.
            InstantSource.fixed(Instant.now()))) {
      assertThat(run(small, PROBE, ascii("a"))).isInstanceOf(UnitOutcome.Completed.class);
      long pid = small.pid();
      CompletableFuture<UnitOutcome> neighbour;
      do {
        neighbour = aside(() -> run(small, FRACTAL, Programs.LONG_TILE));
      } while (!isSeenRunning(small, neighbour));

      UnitOutcome greedy = run(small, PROBE, ascii("g"));

      assertThat(greedy).isInstanceOf(UnitOutcome.Unavailable.class);
      assertThat(neighbour.join()).isInstanceOf(UnitOutcome.Completed.class);
      assertThat(small.pid()).isNotEqualTo(pid);
      assertThat(run(small, PROBE, ascii("a")))
          .isInstanceOfSatisfying(
              UnitOutcome.Unavailable.class,
              shunned -> assertThat(shunned.reason()).contains("5 minutes"));
      assertThat(run(small, FRACTAL, Programs.TILE)).isInstanceOf(UnitOutcome.Completed.class);
    }
  }

  @Test
  void unitsOnASmallHeapWaitForEachOtherAndTheRunnerLives() {
    // Room for one that grows to its 256 MiB, with three places for such.
    try (RunnerProcess small =
        new RunnerProcess(Programs.runner(3, "-Xmx520m"), InstantSource.system())) {
      run(small, PROBE, ascii("a"));
      long pid = small.pid();
      var greedy =
          Stream.generate(() -> aside(() -> run(small, PROBE, ascii("g")))).limit(3).toList();

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
      assertThat(run(small, PROBE, ascii("g")))
          .isEqualTo(
              new UnitOutcome.Unavailable("it may grow to more memory than this machine gives"));
      awaitRunning(small, 0);
    }
  }

  @Test
  void aRunnerThatFindsItsSettingsWrongIsNotStartedAgainAndSaysSo() {
    try (RunnerProcess wrong =
        new RunnerProcess(
            Programs.runner(1, "-Dsmartnodes.runner.health-port=-1"), InstantSource.system())) {
      assertThat(run(wrong, PROBE, ascii("a")))
          .isEqualTo(
              new UnitOutcome.Unavailable("the runner finds its settings wrong (exit code 2)"));
      assertThat(wrong.pid()).isZero();
    }
  }
}
