package io.smartnodes.wasm.wasi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import run.endive.runtime.WasmInterruptedException;

/**
 * What {@code random_get} yields: the bytes of block 0, 1, 2, … one after the other, where block
 * {@code i} is SHA-256 of the ASCII bytes {@code smartnodes.random.v1}, the 32 bytes of the seed
 * and {@code i} as eight bytes, big-endian. Not secret: whoever knows the unit's id knows it.
 */
final class RandomStream {
  private static final byte[] DOMAIN = "smartnodes.random.v1".getBytes(StandardCharsets.US_ASCII);

  private final byte[] seed;
  private final MessageDigest sha256;
  private long next;
  private ByteBuffer block = ByteBuffer.allocate(0);

  RandomStream(byte[] seed) {
    this.seed = seed.clone();
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  void fill(byte[] target) {
    int at = 0;
    while (at < target.length) {
      if (!block.hasRemaining()) {
        refill();
      }
      int length = Math.min(block.remaining(), target.length - at);
      block.get(target, at, length);
      at += length;
    }
  }

  private void refill() {
    // A request can be as large as the memory; the wall clock must be able to end it.
    if (Thread.currentThread().isInterrupted()) {
      throw new WasmInterruptedException("interrupted while filling with random bytes");
    }
    sha256.update(DOMAIN);
    sha256.update(seed);
    sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(next++).flip());
    block = ByteBuffer.wrap(sha256.digest());
  }
}
