package io.smartnodes.wasm;

/**
 * The 32 bytes from which a unit's randomness follows: its id, so that two units differ and every
 * replay of one is equal.
 */
public record UnitSeed(Blob bytes) {
  public static final int LENGTH = 32;

  /**
   * @throws IllegalArgumentException when there are not 32 bytes
   */
  public UnitSeed {
    if (bytes.length() != LENGTH) {
      throw new IllegalArgumentException("a unit's seed has 32 bytes, not " + bytes.length());
    }
  }

  /** A seed of these 32 bytes. */
  public static UnitSeed of(byte[] bytes) {
    return new UnitSeed(Blob.of(bytes));
  }
}
