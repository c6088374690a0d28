package io.smartnodes.chain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartnodes.crypto.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the compiler made of a contract: creation code and custom errors. */
@SuppressWarnings("ImmutableEnumChecker") // never changed once loaded
enum ContractArtifact {
  TOKEN("SmartnodesToken"),
  CORE("SmartnodesCore"),
  MULTISIG("SmartnodesMultisig");

  private static final String TEXT_ERROR = "08c379a0";
  private static final String PANIC = "4e487b71";

  private final Bytes creationCode;
  private final Map<String, Definition> errors = new HashMap<>();

  private record Definition(String name, List<String> types) {}

  ContractArtifact(String name) {
    String resource = "contracts/" + name + ".sol/" + name + ".json";
    try (InputStream in = ContractArtifact.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the contract " + name + " is not on the class path");
      }
      JsonNode root = new ObjectMapper().readTree(in);
      this.creationCode = Bytes.fromHex(root.path("bytecode").path("object").asText());
      for (JsonNode entry : root.path("abi")) {
        if (entry.path("type").asText().equals("error")) {
          List<String> types = new ArrayList<>();
          entry.path("inputs").forEach(input -> types.add(input.path("type").asText()));
          String error = entry.path("name").asText();
          errors.put(
              Abi.selector(error + "(" + String.join(",", types) + ")"),
              new Definition(error, types));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the contract " + name + " cannot be read", e);
    }
  }

  Bytes creationCode() {
    return creationCode;
  }

  /** Reads the data of a revert by the errors of all contracts. */
  static ContractError error(Bytes data, String message) {
    if (data.size() < 4) {
      return new ContractError("Unknown", List.of(message), data);
    }
    String selector = data.toString().substring(2, 10);
    byte[] all = data.toArray();
    Abi.Words words = Abi.Words.of(Bytes.of(Arrays.copyOfRange(all, 4, all.length)));
    if (selector.equals(TEXT_ERROR)) {
      String text = new String(words.bytes(0).toArray(), StandardCharsets.UTF_8);
      return new ContractError("Error", List.of(text), data);
    }
    if (selector.equals(PANIC)) {
      return new ContractError("Panic", List.of(words.number(0).toString()), data);
    }
    for (ContractArtifact artifact : values()) {
      Definition definition = artifact.errors.get(selector);
      if (definition != null) {
        return new ContractError(definition.name(), texts(definition.types(), words), data);
      }
    }
    return new ContractError("Unknown", List.of("0x" + selector), data);
  }

  private static List<String> texts(List<String> types, Abi.Words words) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      String type = types.get(i);
      texts.add(
          type.equals("address")
              ? words.address(i).toString()
              : type.startsWith("uint") ? words.number(i).toString() : words.word(i).toString());
    }
    return texts;
  }
}
