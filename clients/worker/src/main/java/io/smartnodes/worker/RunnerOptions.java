package io.smartnodes.worker;

import io.smartnodes.runner.client.RemoteRunner;
import io.smartnodes.runner.client.RunnerProcess;
import io.smartnodes.runner.client.UnitRunner;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the users' modules run: in a process of their own, that has no keys. */
final class RunnerOptions {
  @Option(
      names = "--runner-jar",
      paramLabel = "FILE",
      description =
          "runner.jar, started as a process of its own that runs the users' modules (smartnodes.runner.jar);"
              + " default: runner/runner.jar beside this program")
  private @Nullable Path jar;

  @Option(
      names = "--runner-socket",
      paramLabel = "FILE",
      description = "socket of a runner that is started by others, instead of --runner-jar")
  private @Nullable Path socket;

  /**
   * The runner.
   *
   * @throws IllegalArgumentException if there is none; the message says what to set
   */
  UnitRunner open(int places, InstantSource time) {
    Optional<Path> listening =
        Optional.ofNullable(socket).or(() -> setting("socket").map(Path::of));
    if (listening.isPresent()) {
      return new RemoteRunner(listening.get(), time);
    }
    Path program =
        Optional.ofNullable(jar)
            .or(() -> setting("jar").map(Path::of))
            .orElseGet(RunnerOptions::beside);
    if (!Files.isRegularFile(program)) {
      throw new IllegalArgumentException(
          "--runner-jar: " + program + " is no file; it runs the users' modules");
    }
    return new RunnerProcess(
        new RunnerProcess.Settings(
            RunnerProcess.Settings.ownJava(),
            List.of("-jar", program.toAbsolutePath().toString()),
            setting("java-options").map(options -> List.of(options.split(","))).orElse(List.of()),
            places),
        time);
  }

  /** As services are told: {@code smartnodes.runner.NAME}, or an environment variable. */
  private static Optional<String> setting(String name) {
    String key = "smartnodes.runner." + name;
    return Optional.ofNullable(System.getProperty(key))
        .or(() ->
            Optional.ofNullable(
                System.getenv(key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'))))
        .filter(value -> !value.isBlank());
  }

  private static Path beside() {
    try {
      Path own =
          Path.of(RunnerOptions.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return own.resolveSibling("runner").resolve("runner.jar");
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the place of this program has no path", e);
    }
  }
}
