package io.smartnodes.crypto;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * Keys at rest: Web3 Secret Storage, version 3 (scrypt and AES-128-CTR), in a file that only its
 * owner can read. Interchangeable with the keystores of Ethereum clients.
 */
public final class Keystore {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HexFormat HEX = HexFormat.of();
  private static final int BLOCK_SIZE = 8;
  private static final int KEY_LENGTH = 32;
  private static final int MAX_COST = 1 << 20;

  private Keystore() {}

  /** How much work a guess of the password costs. */
  public enum Strength {
    /** The standard scrypt parameters: about a second and 256 MiB. */
    STANDARD(1 << 18, 1),
    /** Light scrypt parameters, for development keys. */
    LIGHT(1 << 12, 6);

    private final int cost;
    private final int parallelization;

    Strength(int cost, int parallelization) {
      this.cost = cost;
      this.parallelization = parallelization;
    }
  }

  /** Writes a key under a password; the file must not exist. */
  public static void write(Path file, NodeKey key, String password, Strength strength)
      throws IOException {
    SecureRandom random = new SecureRandom();
    byte[] salt = new byte[32];
    byte[] iv = new byte[16];
    random.nextBytes(salt);
    random.nextBytes(iv);
    byte[] derived = derive(password, salt, strength.cost, BLOCK_SIZE, strength.parallelization);
    byte[] cipherText = aes(Cipher.ENCRYPT_MODE, derived, iv, key.secret().toArray());

    ObjectNode root = JSON.createObjectNode();
    root.put("version", 3).put("id", UUID.randomUUID().toString());
    root.put("address", HEX.formatHex(key.address().toArray()));
    ObjectNode crypto = root.putObject("crypto");
    crypto.put("cipher", "aes-128-ctr").put("ciphertext", HEX.formatHex(cipherText));
    crypto.putObject("cipherparams").put("iv", HEX.formatHex(iv));
    crypto.put("kdf", "scrypt").put("mac", HEX.formatHex(mac(derived, cipherText)));
    crypto
        .putObject("kdfparams")
        .put("dklen", KEY_LENGTH)
        .put("n", strength.cost)
        .put("r", BLOCK_SIZE)
        .put("p", strength.parallelization)
        .put("salt", HEX.formatHex(salt));
    store(file, JSON.writeValueAsBytes(root));
  }

  /**
   * Reads a key.
   *
   * @throws IOException if the file is unreadable, not a keystore, or the password is wrong
   */
  public static NodeKey read(Path file, String password) throws IOException {
    try {
      JsonNode root = JSON.readTree(file.toFile());
      JsonNode crypto = required(file, root, "crypto");
      JsonNode parameters = required(file, crypto, "kdfparams");
      int cost = required(file, parameters, "n").asInt();
      if (root.path("version").asInt() != 3
          || !"scrypt".equals(crypto.path("kdf").asText())
          || cost < 2
          || cost > MAX_COST) {
        throw new IOException("keystore " + file + ": not version 3 with scrypt in bounds");
      }
      byte[] derived =
          derive(
              password,
              HEX.parseHex(required(file, parameters, "salt").asText()),
              cost,
              required(file, parameters, "r").asInt(),
              required(file, parameters, "p").asInt());
      byte[] cipherText = HEX.parseHex(required(file, crypto, "ciphertext").asText());
      byte[] expected = HEX.parseHex(required(file, crypto, "mac").asText());
      if (!MessageDigest.isEqual(mac(derived, cipherText), expected)) {
        throw new IOException("keystore " + file + ": wrong password");
      }
      JsonNode cipher = required(file, crypto, "cipherparams");
      byte[] iv = HEX.parseHex(required(file, cipher, "iv").asText());
      return NodeKey.of(Bytes32.of(aes(Cipher.DECRYPT_MODE, derived, iv, cipherText)));
    } catch (JacksonException | IllegalArgumentException malformed) {
      throw new IOException("keystore " + file + ": malformed", malformed);
    }
  }

  private static JsonNode required(Path file, JsonNode node, String field) throws IOException {
    JsonNode value = node.get(field);
    if (value == null) {
      throw new IOException("keystore " + file + ": misses " + field);
    }
    return value;
  }

  private static byte[] derive(String password, byte[] salt, int n, int r, int p) {
    return SCrypt.generate(password.getBytes(StandardCharsets.UTF_8), salt, n, r, p, KEY_LENGTH);
  }

  private static byte[] mac(byte[] derived, byte[] cipherText) {
    return Keccak.hash(Arrays.copyOfRange(derived, 16, 32), cipherText).toArray();
  }

  private static byte[] aes(int mode, byte[] derived, byte[] iv, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      SecretKeySpec key = new SecretKeySpec(Arrays.copyOf(derived, 16), "AES");
      cipher.init(mode, key, new IvParameterSpec(iv));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("AES-128-CTR is not available", broken);
    }
  }

  private static void store(Path file, byte[] bytes) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    var owner = PosixFilePermissions.fromString("rw-------");
    try (var channel =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(owner))) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }
}
