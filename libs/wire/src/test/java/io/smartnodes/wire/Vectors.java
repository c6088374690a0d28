package io.smartnodes.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.InboxKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The values of vectors/protocol.json. */
final class Vectors {
  private Vectors() {}

  static JsonNode read() {
    try {
      return new ObjectMapper()
          .readTree(
              Path.of(System.getProperty("smartnodes.root"), "vectors/protocol.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static InboxItem item(JsonNode i) {
    return new InboxItem(
        number(i, "index"),
        InboxKind.of((int) number(i, "kind")).orElseThrow(),
        address(i, "account"),
        address(i, "asset"),
        amount(i, "amount"),
        address(i, "target"),
        bytes32(i, "data"));
  }

  static <T> List<T> list(JsonNode array, Function<JsonNode, T> read) {
    List<T> values = new ArrayList<>();
    array.forEach(node -> values.add(read.apply(node)));
    return values;
  }

  static long number(JsonNode node, String field) {
    return Long.parseLong(node.get(field).textValue());
  }

  static Instant time(JsonNode node, String field) {
    return Instant.ofEpochSecond(number(node, field));
  }

  static Amount amount(JsonNode node, String field) {
    return new Amount(new BigInteger(node.get(field).textValue()));
  }

  static Address address(JsonNode node, String field) {
    return Address.fromHex(node.get(field).textValue());
  }

  static Bytes32 bytes32(JsonNode node, String field) {
    return Bytes32.fromHex(node.get(field).textValue());
  }

  static Bytes bytes(JsonNode node, String field) {
    return Bytes.fromHex(node.get(field).textValue());
  }
}
