package io.smartnodes.wasm;

import java.util.Arrays;
import java.util.HexFormat;

/** Bytes that nobody can change, equal when their content is. */
public final class Blob {
  private final byte[] bytes;

  private Blob(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of these bytes. */
  public static Blob of(byte[] bytes) {
    return new Blob(bytes.clone());
  }

  /** A copy of the content. */
  public byte[] toByteArray() {
    return bytes.clone();
  }

  public int length() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Blob blob && Arrays.equals(bytes, blob.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The length and the first bytes in hexadecimal. */
  @Override
  public String toString() {
    int shown = Math.min(bytes.length, 8);
    return bytes.length + " bytes " + HexFormat.of().formatHex(bytes, 0, shown);
  }
}
