package io.smartnodes.validator.ops.check;

import io.smartnodes.crypto.Keystore;
import io.smartnodes.crypto.NodeKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The keys and the token: there, readable, and those that the settings speak of. */
record KeysCheck(Settings settings) {
  private static final String AREA = "keys";
  private static final String PASSWORD = "smartnodes.keystore.password-file";
  private static final String ACCOUNT_PASSWORD = "smartnodes.account.password-file";
  private static final String TOKEN = "smartnodes.signer.token-file";

  /** What was found, as far as it can be opened. */
  record Keys(Optional<NodeKey> node, Optional<NodeKey> account) {}

  Keys run() {
    Optional<NodeKey> node = open("smartnodes.keystore.file", PASSWORD);
    node.ifPresent(this::isTheNamedPeer);
    String password = settings.find(ACCOUNT_PASSWORD).isPresent() ? ACCOUNT_PASSWORD : PASSWORD;
    Optional<NodeKey> account = open("smartnodes.account.keystore-file", password);
    if (settings.find("smartnodes.signer.url").isPresent() || settings.find(TOKEN).isPresent()) {
      settings.needSecret(AREA, TOKEN);
    }
    return new Keys(node, account);
  }

  private Optional<NodeKey> open(String key, String passwordKey) {
    Optional<Path> file = settings.needFile(AREA, key);
    Optional<String> password = settings.needSecret(AREA, passwordKey);
    if (file.isEmpty() || password.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Keystore.read(file.get(), password.get()));
    } catch (IOException e) {
      settings.problem(AREA, key + ": " + Settings.reason(e));
      return Optional.empty();
    }
  }

  private void isTheNamedPeer(NodeKey key) {
    Optional<String> named = settings.find("smartnodes.peer-id");
    if (named.isPresent() && !named.get().equalsIgnoreCase(key.peerId().toString())) {
      settings.problem(
          AREA,
          "smartnodes.peer-id is %s, the keystore's key is %s: correct the one that is wrong"
              .formatted(named.get(), key.peerId()));
    }
  }
}
