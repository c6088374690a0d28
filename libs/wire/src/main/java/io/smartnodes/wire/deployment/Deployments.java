package io.smartnodes.wire.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.Genesis;
import io.smartnodes.wire.Malformed;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads and writes {@code deployment.json}: hashes, addresses and keys as hexadecimal text with 0x,
 * amounts as decimal text, times as Unix seconds.
 */
public final class Deployments {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Deployments() {}

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   * @throws Malformed if a field is missing or wrong, or the genesis does not lead to its root
   */
  public static Deployment read(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  /** Writes a file, whole or not at all. */
  public static void write(Path file, Deployment deployment) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Path draft = Files.createTempFile(directory, "deployment", ".json");
    Files.writeString(draft, format(deployment));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Reads the text of a file.
   *
   * @throws Malformed if a field is missing or wrong, or the genesis does not lead to its root
   */
  public static Deployment parse(String text) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException notJson) {
      throw new Malformed("deployment", "not JSON: " + notJson.getOriginalMessage());
    }
    JsonNode genesis = root.path("genesis");
    Deployment deployment =
        new Deployment(
            field(root, "chainId", JsonNode::longValue),
            contracts(root.path("contracts")),
            field(root, "genesisRoot", node -> Bytes32.fromHex(node.textValue())),
            new Genesis(
                field(genesis, "time", node -> Instant.ofEpochSecond(node.longValue())),
                field(genesis, "seed", node -> Bytes32.fromHex(node.textValue())),
                items(genesis, "founders", Deployments::founder),
                items(
                    genesis, "parameters", node -> new Amount(new BigInteger(node.textValue())))));
    if (!deployment.genesis().root().equals(deployment.genesisRoot())) {
      throw new Malformed("genesisRoot", "the genesis leads to " + deployment.genesis().root());
    }
    return deployment;
  }

  /** The text of a file. */
  public static String format(Deployment deployment) {
    ObjectNode root = JSON.createObjectNode();
    root.put("chainId", deployment.chainId());
    ObjectNode contracts = root.putObject("contracts");
    deployment
        .contracts()
        .forEach((name, contract) ->
            contracts
                .putObject(name.key())
                .put("address", contract.address().toString())
                .put("block", contract.block())
                .put("codeHash", contract.codeHash().toString())
                .put("arguments", contract.arguments().toString()));
    root.put("genesisRoot", deployment.genesisRoot().toString());
    ObjectNode genesis = root.putObject("genesis");
    genesis.put("time", deployment.genesis().time().getEpochSecond());
    genesis.put("seed", deployment.genesis().seed().toString());
    ArrayNode founders = genesis.putArray("founders");
    for (Genesis.Founder founder : deployment.genesis().founders()) {
      founders
          .addObject()
          .put("operator", founder.operator().toString())
          .put("publicKey", founder.publicKey().bytes().toString())
          .put("payout", founder.payout().toString());
    }
    ArrayNode parameters = genesis.putArray("parameters");
    deployment.genesis().parameters().forEach(value -> parameters.add(value.toString()));
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a tree of texts and numbers is always JSON", impossible);
    }
  }

  private static Map<ContractName, DeployedContract> contracts(JsonNode node) {
    Map<ContractName, DeployedContract> contracts = new EnumMap<>(ContractName.class);
    for (ContractName name : ContractName.values()) {
      JsonNode contract = node.path(name.key());
      if (!contract.isObject()) {
        throw new Malformed("contracts." + name.key(), "missing");
      }
      contracts.put(
          name,
          new DeployedContract(
              field(contract, "address", Deployments::address),
              field(contract, "block", JsonNode::longValue),
              field(contract, "codeHash", hash -> Bytes32.fromHex(hash.textValue())),
              field(contract, "arguments", data -> Bytes.fromHex(data.textValue()))));
    }
    return contracts;
  }

  private static Genesis.Founder founder(JsonNode node) {
    return new Genesis.Founder(
        field(node, "operator", Deployments::address),
        field(node, "publicKey", key -> new PublicKey(Bytes.fromHex(key.textValue()))),
        field(node, "payout", Deployments::address));
  }

  private static Address address(JsonNode node) {
    return Address.fromHex(node.textValue());
  }

  private static <T> T field(JsonNode parent, String name, Function<JsonNode, T> read) {
    JsonNode node = parent.path(name);
    if (!node.isTextual() && !node.isIntegralNumber()) {
      throw new Malformed(name, "missing, or neither a text nor a whole number");
    }
    return value(node, name, read);
  }

  private static <T> List<T> items(JsonNode parent, String name, Function<JsonNode, T> read) {
    JsonNode list = parent.path(name);
    if (!list.isArray()) {
      throw new Malformed(name, "missing, or no list");
    }
    List<T> values = new ArrayList<>();
    for (JsonNode node : list) {
      values.add(value(node, name + "[" + values.size() + "]", read));
    }
    return values;
  }

  private static <T> T value(JsonNode node, String name, Function<JsonNode, T> read) {
    try {
      return read.apply(node);
    } catch (IllegalArgumentException | ArithmeticException | NullPointerException wrong) {
      throw new Malformed(name, "cannot be read: " + node);
    }
  }
}
