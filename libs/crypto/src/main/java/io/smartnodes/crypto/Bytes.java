package io.smartnodes.crypto;

import java.util.Arrays;

/** An immutable byte string of any length. */
public final class Bytes implements Comparable<Bytes> {
  /** No bytes. */
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] value;

  private Bytes(byte[] value) {
    this.value = value;
  }

  /** Copies the bytes. */
  public static Bytes of(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Bytes(bytes.clone());
  }

  /** Reads hexadecimal text. */
  public static Bytes fromHex(String text) {
    return new Bytes(Hex.decode(text));
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    return value.clone();
  }

  /** The number of bytes. */
  public int size() {
    return value.length;
  }

  /** The byte at an index, 0 to 255. */
  public int get(int index) {
    return value[index] & 0xff;
  }

  /** Their Keccak-256. */
  public Bytes32 keccak() {
    return Keccak.hash(value);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(value, other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(value, that.value);
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
