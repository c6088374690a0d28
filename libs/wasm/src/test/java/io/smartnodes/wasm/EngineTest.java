package io.smartnodes.wasm;

import static io.smartnodes.wasm.Programs.ascii;
import static io.smartnodes.wasm.Programs.bytes;
import static io.smartnodes.wasm.Programs.concat;
import static io.smartnodes.wasm.Programs.load;
import static io.smartnodes.wasm.Programs.module;
import static io.smartnodes.wasm.Programs.name;
import static io.smartnodes.wasm.Programs.replacing;
import static io.smartnodes.wasm.Programs.seed;
import static io.smartnodes.wasm.Programs.unsigned;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.smartnodes.wasm.ModuleCheck.Accepted;
import io.smartnodes.wasm.ModuleCheck.Unreadable;
import io.smartnodes.wasm.RunOutcome.Completed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {
  private static final RunLimits LIMITS = new RunLimits(4096, 1 << 20, Duration.ofMinutes(2));
  private static final byte[] TYPES = bytes(1, 2, 0x60, 0, 0, 0x60, 4, 127, 127, 127, 127, 1, 127);
  private static final byte[] MEMORY = bytes(5, 1, 0, 1);
  private static final byte[] EXPORTS =
      concat(bytes(7, 2), name("_start"), bytes(0, 1), name("memory"), bytes(2, 0));
  private static final byte[] IMPORT_FD_WRITE =
      concat(bytes(2, 1), name("wasi_snapshot_preview1"), name("fd_write"), bytes(0, 1));
  private static final byte[] ONE_FUNCTION = bytes(3, 1, 0);

  private final Engine engine = new Engine();
  private final Runner runner = new InProcessRunner(1, 4096);

  @TempDir private Path directory;

  @AfterEach
  void close() {
    engine.close();
  }

  private String refusal(byte[] wasm) {
    return switch (engine.compile(wasm, ModuleLimits.STANDARD)) {
      case Accepted accepted -> "accepted";
      case Unreadable(String reason) -> reason;
    };
  }

  @Test
  void anImportThatIsNotOfferedIsRefusedByItsName() {
    assertThat(refusal(replacing(Programs.probe(), "fd_write", "fd_wrote")))
        .isEqualTo("it imports wasi_snapshot_preview1.fd_wrote, which is not offered");
    assertThat(refusal(replacing(Programs.probe(), "snapshot_preview1", "snapshot_preview9")))
        .contains("which is not offered");
    assertThat(refusal(replacing(Programs.probe(), "fd_write", "sock_rec"))).contains("sock_rec");
  }

  @Test
  void whatIsNotACommandWithItsMemoryIsRefused() {
    byte[] code = bytes(10, 1, 2, 0, 0x0B);
    byte[] exports = concat(bytes(7, 2), name("_start"), bytes(0, 0), name("memory"), bytes(2, 0));

    assertThat(refusal(module(TYPES, ONE_FUNCTION, MEMORY, exports, code))).isEqualTo("accepted");
    assertThat(refusal(replacing(Programs.probe(), "_start", "_begin")))
        .contains("no function _start");
    assertThat(refusal(replacing(Programs.probe(), "\u0006memory", "\u0006memorx")))
        .contains("does not export its memory");
    assertThat(refusal(module(TYPES, ONE_FUNCTION, bytes(5, 1, 0, 0x81, 0x20), exports, code)))
        .contains("more than 4096 pages");
    assertThat(refusal(module(TYPES, ONE_FUNCTION, bytes(5, 1, 3, 1, 2), exports, code)))
        .contains("shared");
    assertThat(refusal(module(TYPES, ONE_FUNCTION, MEMORY, exports, bytes(10, 0))))
        .startsWith("malformed");
    assertThat(refusal(new byte[33 << 20])).isEqualTo("larger than 33554432 bytes");
  }

  @Test
  void aFewKilobytesCannotDeclareGigabytesOfVariables() {
    byte[] group = concat(unsigned(50_000), bytes(0x7F));
    byte[] groups = new byte[group.length * 20_000];
    for (int i = 0; i < 20_000; i++) {
      System.arraycopy(group, 0, groups, i * group.length, group.length);
    }
    byte[] body = concat(unsigned(20_000), groups, bytes(0x0B));
    byte[] code = concat(bytes(10, 1), unsigned(body.length), body);

    assertThat(refusal(module(TYPES, ONE_FUNCTION, MEMORY, EXPORTS, code)))
        .isEqualTo("too many local variables");
  }

  @Test
  void aModuleMadeToFillTheCompilersMemoryRunsInterpreted() {
    byte[] values = new byte[2 * 10_000];
    for (int i = 0; i < values.length; i += 2) {
      values[i] = 0x41;
    }
    byte[] branches = new byte[4 * 60_000];
    for (int i = 0; i < branches.length; i += 4) {
      System.arraycopy(bytes(0x41, 0, 0x0D, 0), 0, branches, i, 4);
    }
    byte[] body = concat(bytes(0), values, branches, bytes(0x00, 0x0B));
    byte[] code = concat(bytes(10, 1), unsigned(body.length), body);
    byte[] exports = concat(bytes(7, 2), name("_start"), bytes(0, 0), name("memory"), bytes(2, 0));

    CompiledModule module = load(engine, module(TYPES, ONE_FUNCTION, MEMORY, exports, code));

    assertThat(module.mode()).isEqualTo(CompiledModule.Mode.INTERPRETED);
    assertThat(runner.run(module, new byte[0], seed(1), LIMITS))
        .isInstanceOf(RunOutcome.Trapped.class);
  }

  /** Grows its table by one and writes the size that it had as one byte. */
  private static byte[] tableGrower() {
    byte[] body =
        concat(
            bytes(0),
            bytes(0x41, 16, 0xD0, 0x70, 0x41, 1, 0xFC, 15, 0, 0x36, 2, 0),
            bytes(0x41, 0, 0x41, 16, 0x36, 2, 0, 0x41, 4, 0x41, 1, 0x36, 2, 0),
            bytes(0x41, 1, 0x41, 0, 0x41, 1, 0x41, 8, 0x10, 0, 0x1A, 0x0B));
    return module(
        TYPES,
        IMPORT_FD_WRITE,
        ONE_FUNCTION,
        bytes(4, 1, 0x70, 0, 3),
        MEMORY,
        EXPORTS,
        concat(bytes(10, 1, body.length), body));
  }

  @Test
  void aRunLeavesNothingBehindForTheNextNotEvenInItsTables() {
    CompiledModule module = load(engine, tableGrower());

    for (int i = 0; i < 3; i++) {
      assertThat(runner.run(module, new byte[0], seed(1), LIMITS))
          .isEqualTo(new Completed(Blob.of(bytes(3)), 1));
    }
  }

  @Test
  void mutatedModulesAreAcceptedOrRefusedAndRunToAnOutcome() {
    Engine interpreting = new Engine(Engine.Settings.INTERPRETED);
    byte[] valid = Programs.fractal();
    Random random = new Random(7);
    RunLimits brief = new RunLimits(64, 4096, Duration.ofMillis(20));
    int accepted = 0;
    for (int i = 0; i < 1500; i++) {
      byte[] wasm =
          random.nextInt(8) == 0
              ? Arrays.copyOf(valid, random.nextInt(valid.length))
              : valid.clone();
      for (int flips = random.nextInt(4); flips >= 0 && wasm.length > 0; flips--) {
        wasm[random.nextInt(wasm.length)] = (byte) random.nextInt(256);
      }
      // An exception would fail the test; hardly any mutation is worth more than its outcome.
      switch (interpreting.compile(wasm, ModuleLimits.STANDARD)) {
        case Accepted(CompiledModule module) -> {
          accepted++;
          if (accepted % 8 == 0) {
            assertThat(runner.run(module, ascii("0 0 2 2 9 9"), seed(1), brief)).isNotNull();
          }
        }
        case Unreadable(String reason) -> assertThat(reason).isNotBlank();
      }
    }
    interpreting.close();
    assertThat(accepted).isPositive();
  }

  @Test
  void mutatedProgramsDoTheSameCompiledAndInterpreted() {
    Random random = new Random(11);
    RunLimits brief = new RunLimits(64, 1 << 16, Duration.ofMillis(500));
    int compared = 0;
    try (Engine interpreting = new Engine(Engine.Settings.INTERPRETED)) {
      for (int i = 0; i < 150; i++) {
        byte[] wasm = Programs.fractal();
        wasm[random.nextInt(wasm.length)] ^= (byte) (1 << random.nextInt(8));
        if (engine.compile(wasm, ModuleLimits.STANDARD) instanceof Accepted(CompiledModule fast)) {
          CompiledModule slow = load(interpreting, wasm);
          byte[] input = ascii("448 448 4 4 1024 300");
          String one = comparable(runner.run(fast, input, seed(1), brief));
          String other = comparable(runner.run(slow, input, seed(1), brief));
          if (!one.isEmpty() && !other.isEmpty()) {
            assertThat(one).isEqualTo(other);
            compared++;
          }
        }
      }
    }
    assertThat(compared).isGreaterThan(10);
  }

  /** What all machines must agree on; empty for what is no evidence. */
  private static String comparable(RunOutcome outcome) {
    return switch (outcome) {
      case Completed completed -> completed.output() + " " + completed.output().hashCode();
      case RunOutcome.Trapped trapped -> trapped.cause() + " " + trapped.exitCode();
      case RunOutcome.Unavailable unavailable -> "";
    };
  }

  @Test
  void aModuleIsCompiledOnceAndKept() {
    byte[] wasm = Programs.probe();

    assertThat(load(engine, wasm.clone())).isSameAs(load(engine, wasm));
  }

  @Test
  void compiledClassesSurviveARestartAndDamage() throws IOException {
    Engine.Settings settings = Engine.Settings.STANDARD.keepingClassesIn(directory);
    byte[] wasm = Programs.probe();
    try (Engine first = new Engine(settings)) {
      load(first, wasm);
    }
    Path stored = onlyFile();
    for (boolean damaged : new boolean[] {false, true}) {
      if (damaged) {
        byte[] bytes = Files.readAllBytes(stored);
        Arrays.fill(bytes, bytes.length / 3, bytes.length / 2, (byte) 7);
        Files.write(stored, bytes);
      }
      try (Engine next = new Engine(settings)) {
        CompiledModule module = load(next, wasm);
        assertThat(module.mode()).isEqualTo(CompiledModule.Mode.COMPILED);
        assertThat(runner.run(module, ascii("a"), seed(1), LIMITS))
            .isEqualTo(new Completed(Blob.of(ascii("unit")), 1));
      }
    }
  }

  @Test
  void aCompilationInTheBackgroundIsWatchedFromItsStartToItsEnd() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    Engine.Settings lazy = new Engine.Settings(1, 1 << 20, 0, Optional.empty());
    try (Engine watched =
        new Engine(
            lazy,
            what -> {
              seen.add(what);
              return () -> seen.add("ended");
            })) {
      CompiledModule module = load(watched, Programs.probe());

      assertThat(seen.take()).isEqualTo("compiling module " + module.sha256());
      assertThat(seen.take()).isEqualTo("ended");
      assertThat(module.mode()).isEqualTo(CompiledModule.Mode.COMPILED);
    }
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).reduce((a, b) -> a).orElseThrow();
    }
  }

  @Test
  void aLargeGoProgramRunsAtOnceAndTheSameWhenCompiled() throws Exception {
    Optional<byte[]> wasm = GoProgram.build(directory);
    assumeThat(wasm).as("go is on the PATH").isPresent();

    CompiledModule module = load(engine, wasm.orElseThrow());
    assertThat(module.mode()).isEqualTo(CompiledModule.Mode.WARMING);
    RunOutcome interpreted = runner.run(module, ascii("hello"), seed(5), LIMITS);
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (module.mode() == CompiledModule.Mode.WARMING && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }

    assertThat(module.mode()).isEqualTo(CompiledModule.Mode.COMPILED);
    assertThat(interpreted)
        .isInstanceOfSatisfying(
            Completed.class,
            completed ->
                assertThat(new String(completed.output().toByteArray(), US_ASCII))
                    .startsWith("HELLO 2026-01-01T00:00:"));
    assertThat(runner.run(module, ascii("hello"), seed(5), LIMITS)).isEqualTo(interpreted);
  }
}
