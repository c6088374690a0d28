package io.smartnodes.crypto;

import java.util.Arrays;
import java.util.Optional;

/** A secp256k1 public key: 64 bytes {@code x ‖ y}. */
public record PublicKey(Bytes bytes) {
  /** Checks the length only; {@link #isOnCurve} checks the point. */
  public PublicKey {
    if (bytes.size() != 64) {
      throw new IllegalArgumentException("expected 64 bytes x, y, got " + bytes.size());
    }
  }

  /** Keccak-256 of the key: the peer id and place in the DHT. */
  public Bytes32 peerId() {
    return bytes.keccak();
  }

  /** The Ethereum address of the key. */
  public Address address() {
    return Address.fromWord(peerId());
  }

  /** Whether the point is on the curve. */
  public boolean isOnCurve() {
    return Secp256k1.current().isOnCurve(bytes.toArray());
  }

  /** The key that signed a digest, empty if the signature is invalid or its s is high. */
  public static Optional<PublicKey> recover(Bytes32 digest, Signature signature) {
    byte[] all = signature.bytes().toArray();
    if (Secp256k1.isHighS(Arrays.copyOfRange(all, 32, 64))) {
      return Optional.empty();
    }
    return Secp256k1.current()
        .recover(digest.toArray(), Arrays.copyOf(all, 64), all[64] - 27)
        .map(key -> new PublicKey(Bytes.of(key)));
  }
}
