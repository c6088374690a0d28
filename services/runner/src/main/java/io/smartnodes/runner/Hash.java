package io.smartnodes.runner;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.KeccakDigest;

/** The Keccak-256 of a module: its name everywhere. */
record Hash(ByteString bytes) {
  private static final int LENGTH = 32;

  /**
   * @throws IllegalArgumentException when there are not 32 bytes
   */
  Hash {
    if (bytes.size() != LENGTH) {
      throw new IllegalArgumentException("a module's hash has 32 bytes, not " + bytes.size());
    }
  }

  boolean isOf(byte[] binary) {
    KeccakDigest digest = new KeccakDigest(256);
    digest.update(binary, 0, binary.length);
    byte[] found = new byte[LENGTH];
    digest.doFinal(found, 0);
    return Arrays.equals(found, bytes.toByteArray());
  }

  @Override
  public String toString() {
    return "0x" + HexFormat.of().formatHex(bytes.toByteArray());
  }
}
