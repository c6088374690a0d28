package io.smartnodes.events;

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
  public static final NodeKey KEY = NodeKey.of(Bytes32.ofNumber(7));
  static final long CHAIN = 31337;
  static final String CORE = "0x00000000000000000000000000000000000000c0";

  private Optional<EmbeddedPostgres> postgres = Optional.empty();

  @Override
  public Map<String, String> start() {
    try {
      Path directory = Files.createTempDirectory(Path.of("target"), "postgres");
      EmbeddedPostgres started = EmbeddedPostgres.start(directory, 0);
      postgres = Optional.of(started);
      return Map.of(
          "smartnodes.db.url", started.url(),
          "smartnodes.peer-id", KEY.peerId().toString(),
          "smartnodes.chain-id", Long.toString(CHAIN),
          "smartnodes.core-address", CORE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stop() {
    postgres.ifPresent(EmbeddedPostgres::close);
  }
}
