package io.smartnodes.chain.abi;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/**
 * A value as contracts take it (Solidity's "Contract ABI Specification"): words of 32 bytes, where
 * what has no fixed size stands behind the words and is pointed to by its distance in bytes.
 */
public sealed interface AbiValue {
  /** One word: a number, an address, a hash or a flag. */
  record Word(Bytes32 word) implements AbiValue {}

  /** Bytes or text of any length. */
  record Blob(Bytes bytes) implements AbiValue {}

  /** A struct, or the arguments of a call. */
  record Tuple(List<AbiValue> fields) implements AbiValue {
    /** Copies the list. */
    public Tuple {
      fields = List.copyOf(fields);
    }
  }

  /** A list of any length. */
  record Sequence(List<AbiValue> elements) implements AbiValue {
    /** Copies the list. */
    public Sequence {
      elements = List.copyOf(elements);
    }
  }

  /** A hash. */
  static AbiValue of(Bytes32 value) {
    return new Word(value);
  }

  /** An address. */
  static AbiValue of(Address value) {
    return new Word(value.toWord());
  }

  /** A flag. */
  static AbiValue of(boolean value) {
    return uint(value ? 1 : 0, 1);
  }

  /** Bytes of any length. */
  static AbiValue of(Bytes value) {
    return new Blob(value);
  }

  /** Text. */
  static AbiValue of(String value) {
    return new Blob(Bytes.of(value.getBytes(StandardCharsets.UTF_8)));
  }

  /** A number of so many bits at most. */
  static AbiValue uint(long value, int bits) {
    return uint(BigInteger.valueOf(value), bits);
  }

  /**
   * A number of so many bits at most.
   *
   * @throws IllegalArgumentException if it is negative or needs more bits
   */
  static AbiValue uint(BigInteger value, int bits) {
    if (value.signum() < 0 || value.bitLength() > bits) {
      throw new IllegalArgumentException(value + " is not an uint" + bits);
    }
    return new Word(Bytes32.ofNumber(value));
  }

  /** A list of values of one type. */
  static <T> AbiValue list(List<T> values, Function<? super T, AbiValue> encode) {
    return new Sequence(values.stream().<AbiValue>map(encode).toList());
  }

  /** A struct. */
  static AbiValue tuple(AbiValue... fields) {
    return new Tuple(List.of(fields));
  }

  /** Arguments one after the other, without a selector: those of a constructor. */
  static Bytes arguments(AbiValue... arguments) {
    return Bytes.of(encoded(List.of(arguments)));
  }

  /** What is sent to a contract: the selector, 4 bytes in hexadecimal, and the arguments. */
  static Bytes call(String selector, AbiValue... arguments) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(Bytes.fromHex(selector).toArray());
    data.writeBytes(encoded(List.of(arguments)));
    return Bytes.of(data.toByteArray());
  }

  private static boolean isDynamic(AbiValue value) {
    return switch (value) {
      case Word word -> false;
      case Blob blob -> true;
      case Sequence sequence -> true;
      case Tuple tuple -> tuple.fields().stream().anyMatch(AbiValue::isDynamic);
    };
  }

  private static byte[] encoded(List<AbiValue> values) {
    List<byte[]> bodies = values.stream().map(AbiValue::encoded).toList();
    int head = 0;
    for (int i = 0; i < values.size(); i++) {
      head += isDynamic(values.get(i)) ? 32 : bodies.get(i).length;
    }
    ByteArrayOutputStream heads = new ByteArrayOutputStream();
    ByteArrayOutputStream tails = new ByteArrayOutputStream();
    for (int i = 0; i < values.size(); i++) {
      if (isDynamic(values.get(i))) {
        heads.writeBytes(Bytes32.ofNumber(head + tails.size()).toArray());
        tails.writeBytes(bodies.get(i));
      } else {
        heads.writeBytes(bodies.get(i));
      }
    }
    heads.writeBytes(tails.toByteArray());
    return heads.toByteArray();
  }

  private static byte[] encoded(AbiValue value) {
    return switch (value) {
      case Word word -> word.word().toArray();
      case Tuple tuple -> encoded(tuple.fields());
      case Blob blob -> sized(blob.bytes().size(), padded(blob.bytes().toArray()));
      case Sequence list -> sized(list.elements().size(), encoded(list.elements()));
    };
  }

  private static byte[] sized(int size, byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(Bytes32.ofNumber(size).toArray());
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }

  private static byte[] padded(byte[] bytes) {
    return java.util.Arrays.copyOf(bytes, (bytes.length + 31) / 32 * 32);
  }
}
