package io.smartnodes.crypto;

import java.util.Arrays;

/** An Ethereum address: 20 bytes. */
public final class Address implements Comparable<Address> {
  /** The zero address: ETH as an asset, nobody as a home. */
  public static final Address ZERO = new Address(new byte[20]);

  private final byte[] value;

  private Address(byte[] value) {
    this.value = value;
  }

  /**
   * Copies the bytes.
   *
   * @throws IllegalArgumentException if they are not 20
   */
  public static Address of(byte[] bytes) {
    if (bytes.length != 20) {
      throw new IllegalArgumentException("expected 20 bytes, got " + bytes.length);
    }
    return new Address(bytes.clone());
  }

  /** Reads hexadecimal text of 20 bytes. */
  public static Address fromHex(String text) {
    return of(Hex.decode(text));
  }

  /** The last 20 bytes of a word. */
  public static Address fromWord(Bytes32 word) {
    return new Address(Arrays.copyOfRange(word.toArray(), 12, 32));
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    return value.clone();
  }

  /** The address as an ABI word: twelve zero bytes before it. */
  public Bytes32 toWord() {
    byte[] word = new byte[32];
    System.arraycopy(value, 0, word, 12, 20);
    return Bytes32.of(word);
  }

  /** Whether all bytes are zero. */
  public boolean isZero() {
    return equals(ZERO);
  }

  @Override
  public int compareTo(Address other) {
    return Arrays.compareUnsigned(value, other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Address that && Arrays.equals(value, that.value);
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
