package io.smartnodes.proposer.signer;

import io.smartnodes.crypto.Keystore;
import io.smartnodes.crypto.NodeKey;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The keys of the validator, read once from their keystores: the node key, and the operator's
 * account that pays for transactions. Keys: {@code smartnodes.keystore.file}, {@code
 * smartnodes.keystore.password-file}, {@code smartnodes.account.keystore-file}, {@code
 * smartnodes.account.password-file} (default: that of the node key).
 */
@Singleton
public class OperatorKeys {
  private final NodeKey node;
  private final NodeKey account;

  /**
   * Reads both.
   *
   * @throws UncheckedIOException if a file is missing, damaged or the password is wrong
   */
  public OperatorKeys(
      @ConfigProperty(name = "smartnodes.keystore.file") String nodeFile,
      @ConfigProperty(name = "smartnodes.keystore.password-file") String passwordFile,
      @ConfigProperty(name = "smartnodes.account.keystore-file") String accountFile,
      @ConfigProperty(name = "smartnodes.account.password-file") Optional<String> accountPassword) {
    this.node = read(nodeFile, passwordFile);
    this.account = read(accountFile, accountPassword.orElse(passwordFile));
  }

  /** Signs votes, acks, holds and all that peers see. */
  public NodeKey node() {
    return node;
  }

  /** Pays for transactions. */
  public NodeKey account() {
    return account;
  }

  private static NodeKey read(String file, String passwordFile) {
    try {
      return Keystore.read(Path.of(file), Files.readString(Path.of(passwordFile)).strip());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(String.valueOf(unreadable.getMessage()), unreadable);
    }
  }
}
