package io.smartnodes.wasm;

import static io.smartnodes.wasm.Programs.ascii;
import static io.smartnodes.wasm.Programs.load;
import static io.smartnodes.wasm.Programs.seed;
import static io.smartnodes.wasm.Programs.tile;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.smartnodes.wasm.RunOutcome.Cause;
import io.smartnodes.wasm.RunOutcome.Completed;
import io.smartnodes.wasm.RunOutcome.Trapped;
import io.smartnodes.wasm.RunOutcome.Unavailable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InProcessRunnerTest {
  private static final RunLimits LIMITS = new RunLimits(1024, 1 << 20, Duration.ofSeconds(60));

  private static Engine compiling;
  private static Engine interpreting;
  private static CompiledModule probe;
  private static CompiledModule interpretedProbe;
  private static final Runner RUNNER = new InProcessRunner(2, 4096);

  @BeforeAll
  static void loadTheProbe() {
    compiling = new Engine();
    interpreting = new Engine(Engine.Settings.INTERPRETED);
    probe = load(compiling, Programs.probe());
    interpretedProbe = load(interpreting, Programs.probe());
    assertThat(probe.mode()).isEqualTo(CompiledModule.Mode.COMPILED);
    assertThat(interpretedProbe.mode()).isEqualTo(CompiledModule.Mode.INTERPRETED);
  }

  @AfterAll
  static void close() {
    compiling.close();
    interpreting.close();
  }

  private static RunOutcome run(String input, UnitSeed seed) {
    return RUNNER.run(probe, ascii(input), seed, LIMITS);
  }

  private static byte[] output(RunOutcome outcome) {
    return switch (outcome) {
      case Completed(Blob output, long fuel) -> {
        assertThat(fuel).isEqualTo(1);
        yield output.toByteArray();
      }
      case Trapped trapped -> fail("trapped: " + trapped);
      case Unavailable unavailable -> fail("unavailable: " + unavailable);
    };
  }

  @Test
  void aTileIsTheSameTwiceAndInterpretedAndInEveryUnit() {
    CompiledModule fast = load(compiling, Programs.fractal());
    CompiledModule slow = load(interpreting, Programs.fractal());
    byte[] input = ascii("448 448 16 16 1024 1000\n");

    byte[] first = output(RUNNER.run(fast, input, seed(1), LIMITS));

    assertThat(first).hasSize(16 * 16 * 3);
    assertThat(output(RUNNER.run(fast, input, seed(2), LIMITS))).isEqualTo(first);
    assertThat(output(RUNNER.run(slow, input, seed(1), LIMITS))).isEqualTo(first);
  }

  @Test
  void aTileOfTheExampleHasTheBytesThatItAlwaysHad() throws Exception {
    CompiledModule fractal = load(compiling, Programs.fractal());
    byte[] picture = output(RUNNER.run(fractal, tile(118), seed(1), LIMITS));

    byte[] hash = MessageDigest.getInstance("SHA-256").digest(picture);

    assertThat(picture).hasSize(64 * 64 * 3);
    assertThat(HexFormat.of().formatHex(hash))
        .isEqualTo("87373c532b838de9d1f87bca4ce2f149d4fda88f23404ff707a0c01a3c6788f6");
  }

  @Test
  void manyUnitsRunAtOnceWithoutSeeingEachOther() throws Exception {
    byte[] alone = output(run("r", seed(3)));
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<RunOutcome>> runs = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        UnitSeed seed = seed(i % 4);
        runs.add(callers.submit(() -> run("r", seed)));
      }
      for (int i = 0; i < 40; i++) {
        byte[] bytes = output(runs.get(i).get());
        assertThat(bytes.length).isEqualTo(100);
        assertThat(Arrays.equals(bytes, alone)).isEqualTo(i % 4 == 3);
      }
    }
  }

  @Test
  void randomnessFollowsFromTheUnitAndNothingElse() {
    byte[] one = output(run("r", seed(1)));

    assertThat(output(run("r", seed(1)))).isEqualTo(one);
    assertThat(output(RUNNER.run(interpretedProbe, ascii("r"), seed(1), LIMITS))).isEqualTo(one);
    assertThat(output(run("r", seed(2)))).isNotEqualTo(one);
  }

  @Test
  void theClockStartsAtTheFixedInstantTicksAndSleepsAtOnce() {
    Instant before = Instant.now();
    ByteBuffer readings = ByteBuffer.wrap(output(run("c", seed(1)))).order(ByteOrder.LITTLE_ENDIAN);

    long start = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond() * 1_000_000_000L;
    assertThat(readings.getLong()).isEqualTo(start);
    assertThat(readings.getLong()).isEqualTo(start + 1_000);
    long woken = start + 2_000 + 3_600_000_000_005L;
    assertThat(readings.getLong()).isGreaterThanOrEqualTo(woken).isLessThan(woken + 10_000);
    assertThat(readings.getLong() - readings.getLong(16)).isEqualTo(1_000);
    assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void aProgramSeesOneArgumentAndNoFiles() {
    assertThat(new String(output(run("a", seed(1))), US_ASCII)).isEqualTo("unit");
    assertThat(output(run("f", seed(1)))).isEmpty();
  }

  @Test
  void anEndlessLoopIsOursToStopAndNoEvidence() {
    for (CompiledModule module : List.of(probe, interpretedProbe)) {
      RunOutcome outcome =
          RUNNER.run(module, ascii("l"), seed(1), LIMITS.within(Duration.ofMillis(300)));

      assertThat(outcome).isEqualTo(new Unavailable("not finished within PT0.3S"));
    }
    // Both places are free again.
    assertThat(output(run("a", seed(1)))).isNotEmpty();
  }

  @Test
  void anInterruptedCallerGetsUnavailableAndKeepsItsInterrupt() throws Exception {
    try (ExecutorService caller = Executors.newSingleThreadExecutor()) {
      Future<Boolean> interrupted =
          caller.submit(() -> {
            Thread.currentThread().interrupt();
            RunOutcome outcome = run("l", seed(1));
            return outcome instanceof Unavailable && Thread.currentThread().isInterrupted();
          });
      assertThat(interrupted.get()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"d", "i", "m", "n", "u"})
  void aTrapIsATrapCompiledAndInterpreted(String what) {
    for (CompiledModule module : List.of(probe, interpretedProbe)) {
      assertThat(RUNNER.run(module, ascii(what), seed(1), LIMITS))
          .isInstanceOfSatisfying(
              Trapped.class,
              trapped -> {
                assertThat(trapped.cause()).isEqualTo(Cause.TRAP);
                assertThat(trapped.exitCode()).isZero();
              });
    }
  }

  @Test
  void aFailingExitKeepsItsCodeAndWhatItSaidWithoutTerminalCodes() {
    assertThat(run("e", seed(1))).isEqualTo(new Trapped(Cause.EXIT, 7, "exit 7: some ?[31mreason"));
    assertThat(run("", seed(1))).isEqualTo(new Trapped(Cause.EXIT, 9, "exit 9"));
  }

  @Test
  void oneByteMoreThanTheOutputMayHaveIsATrap() {
    RunLimits exact = new RunLimits(1024, 100, Duration.ofSeconds(60));
    RunLimits tooSmall = new RunLimits(1024, 99, Duration.ofSeconds(60));

    assertThat(output(RUNNER.run(probe, ascii("r"), seed(1), exact))).hasSize(100);
    assertThat(RUNNER.run(probe, ascii("r"), seed(1), tooSmall))
        .isEqualTo(new Trapped(Cause.OUTPUT_TOO_LARGE, 0, "more than 99 bytes of output"));
    assertThat(run("o", seed(1)))
        .isEqualTo(new Trapped(Cause.OUTPUT_TOO_LARGE, 0, "more than 1048576 bytes of output"));
  }

  @Test
  void memoryGrowsToTheLimitAndNotFurther() {
    int pages = ByteBuffer.wrap(output(run("g", seed(1)))).order(ByteOrder.LITTLE_ENDIAN).getInt();

    assertThat(pages).isBetween(1024 - 32, 1024);
  }

  @Test
  void aMachineWithoutTheMemorySaysThatItIsUnavailable() {
    Runner small = new InProcessRunner(1, 512);

    assertThat(small.run(probe, ascii("a"), seed(1), LIMITS)).isInstanceOf(Unavailable.class);
  }

  @Test
  void aUnitWaitsForTheMemoryOfAnotherAndItsTimeDoesNotRunMeanwhile() throws Exception {
    InProcessRunner tight = new InProcessRunner(2, 1536);
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    RunLimits aSecond = LIMITS.within(Duration.ofSeconds(1));
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<RunOutcome> loop =
          callers.submit(() -> tight.run(probe, ascii("l"), seed(1), aSecond, first::countDown));
      first.await();
      Future<RunOutcome> waiting =
          callers.submit(() -> tight.run(probe, ascii("a"), seed(1), aSecond, second::countDown));

      assertThat(second.await(200, TimeUnit.MILLISECONDS)).isFalse();
      assertThat(loop.get()).isEqualTo(new Unavailable("not finished within PT1S"));
      assertThat(waiting.get()).isInstanceOf(Completed.class);
      assertThat(second.getCount()).isZero();
    }
  }

  @Test
  void aStackThatIsTooDeepForThisMachineIsNoEvidence() {
    for (CompiledModule module : List.of(probe, interpretedProbe)) {
      RunOutcome outcome = RUNNER.run(module, ascii("s"), seed(1), LIMITS);

      // Either the program's own stack in linear memory ends first, which all machines see, or
      // ours.
      assertThat(outcome)
          .isEqualTo(new Unavailable("its calls are nested too deeply for this machine"));
    }
    assertThat(output(run("a", seed(1)))).isNotEmpty();
  }
}
