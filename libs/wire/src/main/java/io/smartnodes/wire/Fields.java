package io.smartnodes.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.PeerId;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Decodes single fields within bounds; {@link Malformed} names the field at fault. */
public final class Fields {
  private static final int MAX_TEXT = 256;
  private static final int MAX_OPAQUE = 16_384;
  private static final long MAX_TIME = 253_402_300_799L;

  private Fields() {}

  /** Refuses fields that this version does not know: what is signed must be understood whole. */
  public static void known(Message message, String field) {
    if (!message.getUnknownFields().asMap().isEmpty()) {
      throw new Malformed(ErrorCode.ERROR_CODE_UNKNOWN_FIELD, field, "has unknown fields");
    }
  }

  /** 32 bytes. */
  public static Bytes32 bytes32(ByteString value, String field) {
    exactly(value, 32, field);
    return Bytes32.of(value.toByteArray());
  }

  /** A peer id of 32 bytes. */
  public static PeerId peerId(ByteString value, String field) {
    return new PeerId(bytes32(value, field));
  }

  /** 20 bytes. */
  public static Address address(ByteString value, String field) {
    exactly(value, 20, field);
    return Address.of(value.toByteArray());
  }

  /** An unsigned integer of at most 256 bits, big endian without leading zeros. */
  public static Amount amount(ByteString value, String field) {
    if (value.size() > 32) {
      throw new Malformed(field, "more than 32 bytes");
    }
    if (!value.isEmpty() && value.byteAt(0) == 0) {
      throw new Malformed(field, "leading zero");
    }
    return new Amount(new BigInteger(1, value.toByteArray()));
  }

  /** Bytes of a bounded length. */
  public static Bytes opaque(ByteString value, String field) {
    if (value.size() > MAX_OPAQUE) {
      throw new Malformed(field, "more than " + MAX_OPAQUE + " bytes");
    }
    return Bytes.of(value.toByteArray());
  }

  /** A text of at most 256 characters without control characters. */
  public static String text(String value, String field) {
    if (value.length() > MAX_TEXT) {
      throw new Malformed(field, "more than " + MAX_TEXT + " characters");
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new Malformed(field, "control character");
    }
    return value;
  }

  /** A number below 2^63. */
  public static long uint64(long value, String field) {
    if (value < 0) {
      throw new Malformed(field, "beyond 63 bits");
    }
    return value;
  }

  /** A number below 2^31. */
  public static int uint32(int value, String field) {
    if (value < 0) {
      throw new Malformed(field, "beyond 31 bits");
    }
    return value;
  }

  /** A number below 256. */
  public static int uint8(int value, String field) {
    if (value < 0 || value > 255) {
      throw new Malformed(field, "beyond 8 bits");
    }
    return value;
  }

  /** Unix seconds up to the year 9999. */
  public static Instant time(long value, String field) {
    if (value < 0 || value > MAX_TIME) {
      throw new Malformed(field, "not a time");
    }
    return Instant.ofEpochSecond(value);
  }

  /** Fuel below 2^63. */
  public static Fuel fuel(long value, String field) {
    return new Fuel(uint64(value, field));
  }

  /** The value of a known code. */
  public static <T> T code(Optional<T> value, String field) {
    return value.orElseThrow(() -> new Malformed(field, "unknown code"));
  }

  /** A list of at most {@code max} items. */
  public static <M, T> List<T> list(
      List<M> items, int max, String field, BiFunction<M, String, T> decode) {
    if (items.size() > max) {
      throw new Malformed(ErrorCode.ERROR_CODE_TOO_LARGE, field, "more than " + max + " items");
    }
    List<T> values = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      values.add(decode.apply(items.get(i), field + "[" + i + "]"));
    }
    return values;
  }

  /** Encodes a hash. */
  public static ByteString bytes(Bytes32 value) {
    return ByteString.copyFrom(value.toArray());
  }

  /** Encodes a peer id. */
  public static ByteString bytes(PeerId value) {
    return bytes(value.value());
  }

  /** Encodes an address. */
  public static ByteString bytes(Address value) {
    return ByteString.copyFrom(value.toArray());
  }

  /** Encodes bytes. */
  public static ByteString bytes(Bytes value) {
    return ByteString.copyFrom(value.toArray());
  }

  /** Encodes an amount without leading zeros; zero is empty. */
  public static ByteString bytes(Amount value) {
    byte[] raw = value.value().toByteArray();
    int from = raw[0] == 0 ? 1 : 0;
    return ByteString.copyFrom(raw, from, raw.length - from);
  }

  private static void exactly(ByteString value, int size, String field) {
    if (value.size() != size) {
      throw new Malformed(field, "expected " + size + " bytes, got " + value.size());
    }
  }
}
