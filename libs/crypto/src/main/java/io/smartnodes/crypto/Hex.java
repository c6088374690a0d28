package io.smartnodes.crypto;

import java.util.HexFormat;

/** Hexadecimal text with the prefix 0x, as the field writes it. */
public final class Hex {
  private Hex() {}

  /** Encodes in lower case with the prefix. */
  public static String encode(byte[] bytes) {
    return "0x" + HexFormat.of().formatHex(bytes);
  }

  /**
   * Decodes, with or without the prefix.
   *
   * @throws IllegalArgumentException if the text is not hexadecimal
   */
  public static byte[] decode(String text) {
    return HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : text);
  }
}
