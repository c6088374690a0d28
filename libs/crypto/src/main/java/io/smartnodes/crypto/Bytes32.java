package io.smartnodes.crypto;

import java.math.BigInteger;
import java.util.Arrays;

/** Exactly 32 bytes: a hash, an id, a root. Ordered as an unsigned big-endian integer. */
public final class Bytes32 implements Comparable<Bytes32> {
  /** 32 zero bytes. */
  public static final Bytes32 ZERO = new Bytes32(new byte[32]);

  private final byte[] value;

  private Bytes32(byte[] value) {
    this.value = value;
  }

  /**
   * Copies the bytes.
   *
   * @throws IllegalArgumentException if they are not 32
   */
  public static Bytes32 of(byte[] bytes) {
    if (bytes.length != 32) {
      throw new IllegalArgumentException("expected 32 bytes, got " + bytes.length);
    }
    return new Bytes32(bytes.clone());
  }

  /** Reads hexadecimal text of 32 bytes. */
  public static Bytes32 fromHex(String text) {
    return of(Hex.decode(text));
  }

  /** A number as 32 big-endian bytes, the ABI's uint256. */
  public static Bytes32 ofNumber(long number) {
    if (number < 0) {
      throw new IllegalArgumentException("negative: " + number);
    }
    byte[] bytes = new byte[32];
    for (int i = 31; i >= 24; i--) {
      bytes[i] = (byte) number;
      number >>>= 8;
    }
    return new Bytes32(bytes);
  }

  /** An unsigned integer below 2^256 as 32 big-endian bytes. */
  public static Bytes32 ofNumber(BigInteger number) {
    if (number.signum() < 0 || number.bitLength() > 256) {
      throw new IllegalArgumentException("not an unsigned 256-bit integer");
    }
    byte[] bytes = new byte[32];
    byte[] raw = number.toByteArray();
    int from = raw.length > 32 ? raw.length - 32 : 0;
    System.arraycopy(raw, from, bytes, 32 - (raw.length - from), raw.length - from);
    return new Bytes32(bytes);
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    return value.clone();
  }

  /** The bytes as an unsigned integer. */
  public BigInteger toNumber() {
    return new BigInteger(1, value);
  }

  /** Bit at an index, most significant first: 0 is the highest bit of the first byte. */
  public boolean bit(int index) {
    return (value[index >>> 3] >>> (7 - (index & 7)) & 1) == 1;
  }

  /** Bitwise exclusive or, the distance of Kademlia. */
  public Bytes32 xor(Bytes32 other) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < 32; i++) {
      bytes[i] = (byte) (value[i] ^ other.value[i]);
    }
    return new Bytes32(bytes);
  }

  /** Whether all bytes are zero. */
  public boolean isZero() {
    return equals(ZERO);
  }

  void update(org.bouncycastle.crypto.digests.KeccakDigest digest) {
    digest.update(value, 0, 32);
  }

  @Override
  public int compareTo(Bytes32 other) {
    return Arrays.compareUnsigned(value, other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes32 that && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return Hex.encode(value);
  }
}
