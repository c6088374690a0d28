package io.smartnodes.router;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A database and an identity for the application under test. */
public class TestNode implements QuarkusTestResourceLifecycleManager {
  private Optional<EmbeddedPostgres> postgres = Optional.empty();

  @Override
  public Map<String, String> start() {
    try {
      Path directory = Files.createTempDirectory(Path.of("target"), "postgres");
      EmbeddedPostgres started = EmbeddedPostgres.start(directory, 0);
      postgres = Optional.of(started);
      return Map.of(
          "smartnodes.db.url", started.url(),
          "smartnodes.peer-id", NodeKey.of(Bytes32.ofNumber(7)).peerId().toString(),
          "smartnodes.operator", NodeKey.of(Bytes32.ofNumber(70)).address().toString(),
          "smartnodes.chain-id", "31337",
          "smartnodes.core-address", "0x00000000000000000000000000000000000000c0");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stop() {
    postgres.ifPresent(EmbeddedPostgres::close);
  }
}
