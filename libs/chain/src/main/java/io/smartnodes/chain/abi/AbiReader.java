package io.smartnodes.chain.abi;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads what contracts answer, log or revert with. Slots are words of 32 bytes from where the
 * reader stands. Whatever does not fit throws {@link IllegalArgumentException}: no length that
 * stands in the data is trusted.
 */
public final class AbiReader {
  private final byte[] data;
  private final int base;

  private AbiReader(byte[] data, int base) {
    this.data = data;
    this.base = base;
  }

  /** Reads an element of a list, at a slot of the list's own reader. */
  @FunctionalInterface
  public interface Element<T> {
    /** The element whose head stands at the index, counted in elements. */
    T read(AbiReader list, int index);
  }

  /** Reads data from its start. */
  public static AbiReader of(Bytes data) {
    return new AbiReader(data.toArray(), 0);
  }

  /** Reads one word, such as a topic. */
  public static AbiReader of(Bytes32 word) {
    return new AbiReader(word.toArray(), 0);
  }

  /** The word at a slot. */
  public Bytes32 word(int slot) {
    return Bytes32.of(slice(base + 32L * slot, 32));
  }

  /** The address at a slot. */
  public Address address(int slot) {
    Bytes32 word = word(slot);
    if (word.toNumber().bitLength() > 160) {
      throw new IllegalArgumentException(word + " is no address");
    }
    return Address.fromWord(word);
  }

  /** The number at a slot. */
  public BigInteger number(int slot) {
    return word(slot).toNumber();
  }

  /** The number at a slot, below 2^63. */
  public long int64(int slot) {
    BigInteger number = number(slot);
    if (number.bitLength() > 63) {
      throw new IllegalArgumentException(number + " is out of range");
    }
    return number.longValue();
  }

  /** The flag at a slot. */
  public boolean flag(int slot) {
    return number(slot).signum() != 0;
  }

  /** The bytes that a slot points to. */
  public Bytes bytes(int slot) {
    AbiReader there = follow(slot);
    return Bytes.of(there.slice(there.base + 32L, there.int64(0)));
  }

  /** The text that a slot points to. */
  public String text(int slot) {
    return new String(bytes(slot).toArray(), StandardCharsets.UTF_8);
  }

  /** The list that a slot points to. */
  public <T> List<T> list(int slot, Element<T> element) {
    AbiReader there = follow(slot);
    long size = there.int64(0);
    if (size > data.length / 32) {
      throw new IllegalArgumentException("a list of " + size + " is longer than the data");
    }
    AbiReader first = there.at(1);
    List<T> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      values.add(element.read(first, i));
    }
    return List.copyOf(values);
  }

  /** A reader at a slot: a struct of fixed size. */
  public AbiReader at(int slot) {
    return new AbiReader(data, Math.addExact(base, Math.multiplyExact(32, slot)));
  }

  /** A reader where a slot points to: a struct without a fixed size. */
  public AbiReader follow(int slot) {
    long distance = int64(slot);
    if (distance > data.length - base) {
      throw new IllegalArgumentException("a distance of " + distance + " leaves the data");
    }
    return new AbiReader(data, base + (int) distance);
  }

  private byte[] slice(long from, long size) {
    if (size > data.length || from > data.length - size) {
      throw new IllegalArgumentException("the data ends after " + data.length + " bytes");
    }
    return Arrays.copyOfRange(data, (int) from, (int) (from + size));
  }
}
