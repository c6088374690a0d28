package io.smartnodes.validator;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.crypto.NodeKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartSettingsTest {
  private static final NodeKey KEY = NodeKey.of(Bytes32.ofNumber(7));

  @TempDir Path home = Path.of("");

  @Test
  void thePeerIdFollowsFromTheKeystoreUnlessItIsGiven() throws IOException {
    Path keystore = home.resolve("node.json");
    Path password = home.resolve("password");
    Keystore.write(keystore, KEY, "secret", Keystore.Strength.LIGHT);
    Files.writeString(password, "secret\n");
    Map<String, String> given =
        Map.of(
            "smartnodes.keystore.file", keystore.toString(),
            "smartnodes.keystore.password-file", password.toString());

    assertThat(StartSettings.of(given).derived())
        .containsOnly(Map.entry("smartnodes.peer-id", KEY.peerId().toString()));
    assertThat(StartSettings.of(Map.of("smartnodes.peer-id", "0x01")).derived()).isEmpty();
  }
}
