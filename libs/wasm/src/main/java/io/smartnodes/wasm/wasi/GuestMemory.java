package io.smartnodes.wasm.wasi;

import run.endive.runtime.Memory;
import run.endive.runtime.TrapException;

/**
 * A unit's linear memory as host functions use it: addresses are unsigned 32-bit numbers in a
 * {@code long}, every access is checked before anything is allocated or written, and one that is
 * out of bounds traps.
 */
final class GuestMemory {
  private final Memory memory;

  GuestMemory(Memory memory) {
    this.memory = memory;
  }

  void check(long address, long length) {
    if (address + length > (long) memory.pages() * Memory.PAGE_SIZE) {
      throw new TrapException("pointer out of bounds");
    }
  }

  byte[] bytes(long address, long length) {
    check(address, length);
    return memory.readBytes((int) address, (int) length);
  }

  void write(long address, byte[] data, int offset, int length) {
    check(address, length);
    memory.write((int) address, data, offset, length);
  }

  void write(long address, byte[] data) {
    write(address, data, 0, data.length);
  }

  int u8(long address) {
    check(address, 1);
    return memory.read((int) address) & 0xFF;
  }

  int u16(long address) {
    return u8(address) | u8(address + 1) << 8;
  }

  long u32(long address) {
    check(address, 4);
    return Integer.toUnsignedLong(memory.readInt((int) address));
  }

  long u64(long address) {
    check(address, 8);
    return memory.readLong((int) address);
  }

  void u32(long address, int value) {
    check(address, 4);
    memory.writeI32((int) address, value);
  }

  void u64(long address, long value) {
    check(address, 8);
    memory.writeLong((int) address, value);
  }
}
