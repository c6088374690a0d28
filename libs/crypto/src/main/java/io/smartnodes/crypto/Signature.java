package io.smartnodes.crypto;

import java.util.Arrays;

/**
 * A secp256k1 signature: 65 bytes {@code r ‖ s ‖ v}, v 27 or 28, s in the lower half (EIP-2). The
 * constructor does not check the curve; {@link PublicKey#recover} does.
 */
public record Signature(Bytes bytes) {
  /** Checks length and v. */
  public Signature {
    if (bytes.size() != 65 || (bytes.get(64) != 27 && bytes.get(64) != 28)) {
      throw new IllegalArgumentException("expected 65 bytes r, s, v with v 27 or 28");
    }
  }

  /** Whether bytes from outside have the shape of a signature. */
  public static boolean isWellFormed(Bytes bytes) {
    return bytes.size() == 65 && (bytes.get(64) == 27 || bytes.get(64) == 28);
  }

  /** The 64 bytes of EIP-2098: {@code r ‖ (v − 27) << 255 | s}. */
  public byte[] compact() {
    byte[] all = bytes.toArray();
    byte[] compact = Arrays.copyOf(all, 64);
    if (all[64] == 28) {
      compact[32] |= (byte) 0x80;
    }
    return compact;
  }

  /** Reads the 64 bytes of EIP-2098. */
  public static Signature fromCompact(byte[] compact) {
    byte[] all = Arrays.copyOf(compact, 65);
    all[64] = (byte) (27 + (compact[32] >>> 7 & 1));
    all[32] &= 0x7f;
    return new Signature(Bytes.of(all));
  }
}
