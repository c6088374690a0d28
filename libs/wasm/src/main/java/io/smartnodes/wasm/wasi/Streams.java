package io.smartnodes.wasm.wasi;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The three open descriptors of a unit: 0 reads its input, 1 is its output, 2 its complaints. */
final class Streams {
  static final int STDIN = 0;
  static final int STDOUT = 1;
  static final int STDERR = 2;

  private static final int KEPT_OF_STDERR = 1024;
  private static final int IOVEC = 8;
  private static final long MOST_PER_CALL = 0xFFFF_FFFFL;

  private final boolean[] open = {true, true, true};
  private final byte[] input;
  private final int maxOutput;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complaints = new ByteArrayOutputStream();
  private int read;

  Streams(byte[] input, int maxOutput) {
    this.input = input;
    this.maxOutput = maxOutput;
  }

  boolean isOpen(int fd) {
    return fd >= 0 && fd < open.length && open[fd];
  }

  /** {@code code} for an open descriptor, else {@link Errno#BADF}. */
  int ifOpen(int fd, int code) {
    return isOpen(fd) ? code : Errno.BADF;
  }

  int close(int fd) {
    if (!isOpen(fd)) {
      return Errno.BADF;
    }
    open[fd] = false;
    return Errno.SUCCESS;
  }

  int remainingInput() {
    return input.length - read;
  }

  int read(GuestMemory memory, int fd, long vectors, long count, long result) {
    if (fd != STDIN || !isOpen(fd)) {
      return Errno.BADF;
    }
    memory.check(vectors, count * IOVEC);
    int before = read;
    for (long v = 0; v < count && remainingInput() > 0; v++) {
      long address = memory.u32(vectors + v * IOVEC);
      int length = (int) Math.min(memory.u32(vectors + v * IOVEC + 4), remainingInput());
      memory.write(address, input, read, length);
      read += length;
    }
    memory.u32(result, read - before);
    return Errno.SUCCESS;
  }

  int write(GuestMemory memory, int fd, long vectors, long count, long result) {
    if (fd == STDIN || !isOpen(fd)) {
      return Errno.BADF;
    }
    memory.check(vectors, count * IOVEC);
    long total = 0;
    for (long v = 0; v < count; v++) {
      long length = memory.u32(vectors + v * IOVEC + 4);
      memory.check(memory.u32(vectors + v * IOVEC), length);
      total += length;
    }
    if (total > MOST_PER_CALL) {
      return Errno.INVAL;
    }
    if (fd == STDOUT && output.size() + total > maxOutput) {
      throw new OutputTooLarge(maxOutput);
    }
    for (long v = 0; v < count; v++) {
      append(memory, fd, memory.u32(vectors + v * IOVEC), memory.u32(vectors + v * IOVEC + 4));
    }
    memory.u32(result, (int) total);
    return Errno.SUCCESS;
  }

  private void append(GuestMemory memory, int fd, long address, long length) {
    if (fd == STDOUT) {
      output.writeBytes(memory.bytes(address, length));
    } else {
      complaints.writeBytes(
          memory.bytes(address, Math.min(length, KEPT_OF_STDERR - complaints.size())));
    }
  }

  /** Type, flags and rights, 24 bytes: a pipe ("unknown") that can only be read, or written. */
  int stat(GuestMemory memory, int fd, long address) {
    if (!isOpen(fd)) {
      return Errno.BADF;
    }
    long pollRight = 1L << 27;
    long right = fd == STDIN ? 1L << 1 : 1L << 6;
    memory.write(address, ByteBuffer.allocate(24).array());
    memory.u64(address + 8, right | pollRight);
    return Errno.SUCCESS;
  }

  int fileStat(GuestMemory memory, int fd, long address) {
    if (!isOpen(fd)) {
      return Errno.BADF;
    }
    memory.write(address, new byte[64]);
    return Errno.SUCCESS;
  }

  byte[] output() {
    return output.toByteArray();
  }

  /** The beginning of stderr, harmless to a terminal: one line of printable ASCII. */
  String complaints() {
    return complaints
        .toString(StandardCharsets.US_ASCII)
        .replaceAll("\\s+", " ")
        .replaceAll("[^ -~]", "?")
        .strip();
  }
}
