package io.smartnodes.crypto;

import java.math.BigInteger;
import java.util.Optional;

/** The curve's operations; two implementations that a differential test keeps equal. */
interface Secp256k1 {
  /** The order of the group (SEC 2, 2.4.1). */
  BigInteger ORDER =
      new BigInteger("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141", 16);

  /** Half of the order: higher values of s are malleable and refused (EIP-2). */
  BigInteger HALF_ORDER = ORDER.shiftRight(1);

  /** 65 bytes r, s, v (27 or 28) over a digest, deterministic (RFC 6979), s low. */
  byte[] sign(byte[] digest, byte[] secret);

  /** 64 bytes x, y of a secret. */
  byte[] publicKey(byte[] secret);

  /** 64 bytes x, y of the signer, or empty. */
  Optional<byte[]> recover(byte[] digest, byte[] rs, int recoveryId);

  /** Whether 64 bytes x, y are a point of the curve. */
  boolean isOnCurve(byte[] key);

  /** Whether s is in the upper half. */
  static boolean isHighS(byte[] s) {
    return new BigInteger(1, s).compareTo(HALF_ORDER) > 0;
  }

  /** The native library where it loads, the portable one elsewhere. */
  static Secp256k1 current() {
    return Holder.CURRENT;
  }

  /** Chooses once. */
  final class Holder {
    private static final Secp256k1 CURRENT = choose();

    private Holder() {}

    private static Secp256k1 choose() {
      return NativeSecp256k1.isAvailable() ? new NativeSecp256k1() : new PortableSecp256k1();
    }
  }
}
