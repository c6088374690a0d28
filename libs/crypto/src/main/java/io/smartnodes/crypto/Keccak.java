package io.smartnodes.crypto;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.KeccakDigest;

/** Keccak-256 as Ethereum uses it (the padding before FIPS 202). */
public final class Keccak {
  private Keccak() {}

  /** The hash of the parts, one after the other. */
  public static Bytes32 hash(byte[]... parts) {
    KeccakDigest digest = new KeccakDigest(256);
    for (byte[] part : parts) {
      digest.update(part, 0, part.length);
    }
    return finish(digest);
  }

  /** The hash of words, one after the other: {@code keccak256(abi.encode(words))}. */
  public static Bytes32 words(Bytes32... words) {
    KeccakDigest digest = new KeccakDigest(256);
    for (Bytes32 word : words) {
      word.update(digest);
    }
    return finish(digest);
  }

  /** The hash of the UTF-8 bytes of a text. */
  public static Bytes32 text(String text) {
    return hash(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Bytes32 finish(KeccakDigest digest) {
    byte[] out = new byte[32];
    digest.doFinal(out, 0);
    return Bytes32.of(out);
  }
}
