package io.smartnodes.link.tls;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.crypto.Signature;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/**
 * A node key's word for a TLS key.
 *
 * @param nodeKey the node's public key
 * @param notAfter end of validity, whole seconds
 * @param signature over the {@code Endorsement} struct in the domain of one chain and Core
 */
public record SignedEndorsement(PublicKey nodeKey, Instant notAfter, Signature signature) {
  private static final int KEY = 64;
  private static final int TIME = 8;
  private static final int SIGNATURE = 65;

  /** {@code public key (64) ‖ notAfter in seconds (8, big endian) ‖ signature (65)}. */
  byte[] encode() {
    return ByteBuffer.allocate(KEY + TIME + SIGNATURE)
        .put(nodeKey.bytes().toArray())
        .putLong(notAfter.getEpochSecond())
        .put(signature.bytes().toArray())
        .array();
  }

  /** The endorsement in these bytes, empty if they have another length or a malformed part. */
  static Optional<SignedEndorsement> decode(byte[] encoded) {
    if (encoded.length != KEY + TIME + SIGNATURE) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(encoded);
    byte[] key = new byte[KEY];
    in.get(key);
    long seconds = in.getLong();
    byte[] signature = new byte[SIGNATURE];
    in.get(signature);
    Bytes signatureBytes = Bytes.of(signature);
    if (seconds < 0
        || seconds > Instant.MAX.getEpochSecond()
        || !Signature.isWellFormed(signatureBytes)) {
      return Optional.empty();
    }
    return Optional.of(
        new SignedEndorsement(
            new PublicKey(Bytes.of(key)),
            Instant.ofEpochSecond(seconds),
            new Signature(signatureBytes)));
  }
}
