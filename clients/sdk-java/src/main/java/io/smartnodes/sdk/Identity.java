package io.smartnodes.sdk;

import io.smartnodes.crypto.Keystore;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * Who a client is.
 *
 * @param account holds the money and signs jobs
 * @param node proves the identity of connections and signs receipts
 */
public record Identity(NodeKey account, NodeKey node) {
  private static final String ACCOUNT = "account.json";
  private static final String NODE = "node.json";

  /** The peer id of the node key. */
  public PeerId peerId() {
    return PeerId.of(node.publicKey());
  }

  /**
   * Reads both keystores of a folder, or makes new keys in it.
   *
   * @param folder holds account.json and node.json
   * @param password of both
   * @param strength for new keystores
   */
  public static Identity openOrCreate(Path folder, String password, Keystore.Strength strength)
      throws IOException {
    return new Identity(
        key(folder.resolve(ACCOUNT), password, strength),
        key(folder.resolve(NODE), password, strength));
  }

  private static NodeKey key(Path file, String password, Keystore.Strength strength)
      throws IOException {
    if (Files.exists(file)) {
      return Keystore.read(file, password);
    }
    NodeKey key = NodeKey.generate(new SecureRandom());
    Keystore.write(file, key, password, strength);
    return key;
  }
}
