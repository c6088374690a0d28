package io.smartnodes.runner;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.runner.client.Program;
import io.smartnodes.runner.client.RunnerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The programs that the tests run, and how a runner is started from the tests' class path. */
final class Programs {
  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("smartnodes.root")));

  /** Runs long enough to be killed in the middle, about two seconds. */
  static final Bytes LONG_TILE = ascii("0 0 512 512 512 2500\n");

  static final Bytes TILE = ascii("448 448 16 16 1024 1000\n");

  private Programs() {}

  static byte[] fractal() {
    return read(ROOT.resolve("examples/fractal/fractal.wasm"));
  }

  /** What its input's first letter says: see {@code libs/wasm/src/test/wasm/probe.c}. */
  static byte[] probe() {
    return read(ROOT.resolve("libs/wasm/src/test/wasm/probe.wasm"));
  }

  static Program program(byte[] binary) {
    return new Program(Keccak.hash(binary), () -> Optional.of(binary));
  }

  static Bytes ascii(String text) {
    return Bytes.of(text.getBytes(US_ASCII));
  }

  static Bytes32 seed() {
    return Bytes32.ofNumber(7);
  }

  static RunnerProcess.Settings runner(int places, String... options) {
    return new RunnerProcess.Settings(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        program(),
        List.of(options),
        places);
  }

  static List<String> program() {
    return List.of(
        "-XX:TieredStopAtLevel=1",
        "-cp",
        Objects.requireNonNull(System.getProperty("java.class.path")),
        RunnerMain.class.getName());
  }

  private static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
