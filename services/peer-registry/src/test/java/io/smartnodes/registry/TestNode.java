package io.smartnodes.registry;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.embedded.EmbeddedPostgres;
import io.smartnodes.embedded.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A database, an identity and the address of another validator for the application under test. */
public class TestNode implements QuarkusTestResourceLifecycleManager {
  private Optional<EmbeddedPostgres> postgres = Optional.empty();

  @Override
  public Map<String, String> start() {
    try {
      Path directory = Files.createTempDirectory(Path.of("target"), "postgres");
      EmbeddedPostgres started = EmbeddedPostgres.start(directory, 0);
      postgres = Optional.of(started);
      int otherPort = FreePorts.one();
      NodeKey key = NodeKey.of(io.smartnodes.crypto.Bytes32.ofNumber(7));
      NodeKey other = NodeKey.of(io.smartnodes.crypto.Bytes32.ofNumber(8));
      NodeKey operator = NodeKey.of(io.smartnodes.crypto.Bytes32.ofNumber(70));
      return Map.of(
          "smartnodes.db.url", started.url(),
          "smartnodes.peer-id", key.peerId().toString(),
          "smartnodes.operator", operator.address().toString(),
          "smartnodes.bootstrap", other.peerId() + "@localhost:" + otherPort,
          "test.other-port", Integer.toString(otherPort),
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
