package io.smartnodes.cli.network.process;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Who a validator of a local network is: its keys, and the folder that keeps them.
 *
 * @param name {@code validator-1} and so on
 * @param home its folder
 * @param operator its account
 * @param node its node key
 * @param keystore name of the node key's file in the folder
 */
public record Founder(String name, Path home, NodeKey operator, NodeKey node, String keystore) {
  private static final int TOKEN_BYTES = 24;

  /** The same validator with another node key, in a keystore beside the old one. */
  Founder with(NodeKey rotated) {
    return new Founder(
        name,
        home,
        operator,
        rotated,
        "node-" + rotated.address().toString().substring(2, 10) + ".json");
  }

  /** Its operator's account. */
  public Address account() {
    return operator.address();
  }

  /** Its node. */
  public PeerId peer() {
    return PeerId.of(node.publicKey());
  }

  /**
   * The files that a validator is started with, as an operator would keep them.
   *
   * @param account keystore of the operator's account
   * @param node keystore of the node key
   * @param password of both
   * @param token shown to the signer by the other services of a split validator
   */
  public record Secrets(Path account, Path node, Path password, Path token) {}

  /** Writes what is not there yet; one that is started again has its files. */
  public Secrets write(Path password) throws IOException {
    Files.createDirectories(home);
    String secret = Files.readString(password).strip();
    Path account = home.resolve("account.json");
    Path nodeFile = home.resolve(keystore);
    keep(account, operator, secret);
    keep(nodeFile, node, secret);
    Path token = home.resolve("token");
    if (!Files.exists(token)) {
      byte[] random = new byte[TOKEN_BYTES];
      new SecureRandom().nextBytes(random);
      Files.createFile(
          token,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(token, HexFormat.of().formatHex(random));
    }
    return new Secrets(account, nodeFile, password, token);
  }

  private static void keep(Path file, NodeKey key, String password) throws IOException {
    if (!Files.exists(file)) {
      Keystore.write(file, key, password, Keystore.Strength.LIGHT);
    }
  }
}
