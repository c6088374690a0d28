package io.smartnodes.crypto;

import java.security.SecureRandom;

/**
 * A secp256k1 key pair: the node key of a node, or the key of an account. The secret never leaves
 * this class but through {@link #secret}, which only keystores call; {@link #toString} shows the
 * address.
 */
public final class NodeKey {
  private final byte[] secret;
  private final PublicKey publicKey;

  private NodeKey(byte[] secret) {
    this.secret = secret;
    this.publicKey = new PublicKey(Bytes.of(Secp256k1.current().publicKey(secret)));
  }

  /** A new key from the given source of randomness. */
  public static NodeKey generate(SecureRandom random) {
    byte[] secret = new byte[32];
    Bytes32 value;
    do {
      random.nextBytes(secret);
      value = Bytes32.of(secret);
    } while (value.isZero() || value.toNumber().compareTo(Secp256k1.ORDER) >= 0);
    return new NodeKey(secret);
  }

  /**
   * The key of a secret.
   *
   * @throws IllegalArgumentException if the secret is zero or not below the order of the group
   */
  public static NodeKey of(Bytes32 secret) {
    if (secret.isZero() || secret.toNumber().compareTo(Secp256k1.ORDER) >= 0) {
      throw new IllegalArgumentException("not a secret of secp256k1");
    }
    return new NodeKey(secret.toArray());
  }

  /** Signs a digest, deterministically (RFC 6979). */
  public Signature sign(Bytes32 digest) {
    return new Signature(Bytes.of(Secp256k1.current().sign(digest.toArray(), secret)));
  }

  /** The public key. */
  public PublicKey publicKey() {
    return publicKey;
  }

  /** Keccak-256 of the public key. */
  public Bytes32 peerId() {
    return publicKey.peerId();
  }

  /** The Ethereum address. */
  public Address address() {
    return publicKey.address();
  }

  /** The secret, for keystores and transaction signing only. */
  public Bytes32 secret() {
    return Bytes32.of(secret);
  }

  @Override
  public String toString() {
    return "NodeKey[" + address() + "]";
  }
}
