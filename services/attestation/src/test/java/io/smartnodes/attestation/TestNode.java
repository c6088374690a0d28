package io.smartnodes.attestation;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.embedded.ChildProcess;
import io.smartnodes.embedded.EmbeddedPostgres;
import io.smartnodes.embedded.ReadyProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A database, a runner and an identity for the application under test. */
public class TestNode implements QuarkusTestResourceLifecycleManager {
  private Optional<EmbeddedPostgres> postgres = Optional.empty();
  private Optional<ChildProcess> runner = Optional.empty();

  @Override
  public Map<String, String> start() {
    try {
      Path directory = Files.createTempDirectory(Path.of("target"), "postgres");
      EmbeddedPostgres started = EmbeddedPostgres.start(directory, 0);
      postgres = Optional.of(started);
      Path socket = Files.createTempDirectory("runner").resolve("socket");
      runner = Optional.of(startRunner(socket, directory.resolve("runner.log")));
      return Map.of(
          "smartnodes.runner.socket", socket.toString(),
          "smartnodes.db.url", started.url(),
          "smartnodes.peer-id", NodeKey.of(Bytes32.ofNumber(7)).peerId().toString(),
          "smartnodes.operator", NodeKey.of(Bytes32.ofNumber(70)).address().toString(),
          "smartnodes.chain-id", "31337",
          "smartnodes.core-address", "0x00000000000000000000000000000000000000c0");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ChildProcess startRunner(Path socket, Path log) {
    return ChildProcess.java(
            "runner",
            List.of(
                "-Xmx768m",
                "-Dsmartnodes.runner.socket=" + socket,
                "-cp",
                System.getProperty("java.class.path"),
                "io.smartnodes.runner.RunnerMain"),
            Map.of(),
            log)
        .awaitReady(
            ReadyProbe.logLine(log, Pattern.compile(".*runner listens on.*")),
            Duration.ofSeconds(30));
  }

  @Override
  public void stop() {
    runner.ifPresent(ChildProcess::close);
    postgres.ifPresent(EmbeddedPostgres::close);
  }
}
