import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes Java for the contracts out of what forge compiled: calls, queries, events and errors of
 * each contract with typed arguments, so that whoever uses a signature that changed does not
 * compile. The same input gives the same files. Usage: {@code java BindingsGenerator.java
 * <contracts/out> <directory of sources>}.
 */
public final class BindingsGenerator {
  private static final String PACKAGE = "io.smartnodes.chain.abi";
  private static final Map<String, String> CONTRACTS = new TreeMap<>(Map.of(
      "SmartnodesToken", "TokenAbi",
      "SmartnodesCore", "CoreAbi",
      "SmartnodesMultisig", "MultisigAbi",
      "SmartnodesTimelock", "TimelockAbi",
      "SmartnodesGovernor", "GovernorAbi",
      "SmartnodesAccess", "AccessAbi",
      "EcdsaVoteVerifier", "VerifierAbi"));
  private final SolidityTypes types = new SolidityTypes();

  public static void main(String[] arguments) throws IOException {
    Path target = Path.of(arguments[1]).resolve(PACKAGE.replace('.', '/'));
    Map<String, String> files = new BindingsGenerator().generate(Path.of(arguments[0]));
    Files.createDirectories(target);
    try (var present = Files.list(target)) {
      for (Path file : present.toList()) {
        if (!files.containsKey(file.getFileName().toString())) {
          Files.delete(file);
        }
      }
    }
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = target.resolve(file.getKey());
      // Untouched where nothing changed, so that nothing is compiled again.
      if (!Files.exists(path) || !Files.readString(path).equals(file.getValue())) {
        Files.writeString(path, file.getValue());
      }
    }
  }

  private Map<String, String> generate(Path out) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    for (Map.Entry<String, String> contract : CONTRACTS.entrySet()) {
      String name = contract.getKey();
      JsonNode root =
          new ObjectMapper().readTree(out.resolve(name + ".sol/" + name + ".json").toFile());
      files.put(contract.getValue() + ".java", contract(name, contract.getValue(), root));
    }
    files.put(
        "AbiStructs.java",
        header("The structs that the contracts take and give.", "AbiStructs")
            + String.join("\n", types.structs())
            + "}\n");
    return files;
  }

  private String contract(String solidity, String java, JsonNode root) {
    Map<String, String> members = new TreeMap<>();
    Set<String> shapes = new HashSet<>();
    Map<String, String> errors = new TreeMap<>();
    for (JsonNode entry : root.path("abi")) {
      String name = entry.path("name").asText();
      List<SolidityTypes.Field> inputs = types.fields(entry.path("inputs"));
      String signature = name + SolidityTypes.signature(inputs);
      switch (entry.path("type").asText()) {
        case "function" -> {
          String shape = inputs.stream().map(field -> field.type().java()).toList().toString();
          if (!shapes.add(name + shape)) {
            throw new IllegalStateException(solidity + "." + signature + " is not distinct in Java");
          }
          String selector = root.path("methodIdentifiers").path(signature).asText();
          members.put("2" + signature, function(name, signature, selector, entry, inputs));
        }
        case "constructor" -> members.put("1", constructor(inputs));
        case "event" -> members.put("3" + signature, event(name, signature, inputs));
        case "error" -> errors.put(signature, error(name, inputs));
        default -> {}
      }
    }
    return header("What {@code " + solidity + "} takes, gives, emits and refuses with.", java)
        + String.join("\n", members.values())
        + "\n  /** All of its custom errors. */\n"
        + "  public static final List<ErrorDefinition> ERRORS =\n      List.of(\n          "
        + String.join(",\n          ", errors.values())
        + ");\n}\n";
  }

  private static String header(String what, String name) {
    return """
        package %s;

        import io.smartnodes.crypto.Address;
        import io.smartnodes.crypto.Bytes;
        import io.smartnodes.crypto.Bytes32;
        import java.math.BigInteger;
        import java.util.List;
        import javax.annotation.processing.Generated;

        /** %s */
        @Generated("BindingsGenerator")
        @SuppressWarnings("all")
        public final class %s {
          private %s() {}

        """.formatted(PACKAGE, what, name, name);
  }

  private static String constructor(List<SolidityTypes.Field> inputs) {
    return """
          /** The arguments of the constructor, encoded. */
          public static Bytes constructor(%s) {
            return AbiValue.arguments(%s);
          }
        """.formatted(SolidityTypes.parameters(inputs), SolidityTypes.encoded(inputs));
  }

  private String function(
      String name, String signature, String selector, JsonNode entry, List<SolidityTypes.Field> inputs) {
    List<SolidityTypes.Field> outputs = types.fields(entry.path("outputs"));
    String data = "AbiValue.call(\"0x" + selector + "\"" + comma(SolidityTypes.encoded(inputs)) + ")";
    boolean asks = Set.of("view", "pure").contains(entry.path("stateMutability").asText());
    if (!asks || outputs.isEmpty()) {
      return """
            /** {@code %s} */
            public static Bytes %s(%s) {
              return %s;
            }
          """.formatted(signature, SolidityTypes.safe(name), SolidityTypes.parameters(inputs), data);
    }
    String type = SolidityTypes.boxed(outputs.getFirst().type().java());
    String result = SolidityTypes.decode(outputs.getFirst().type(), "answer", "0");
    String shape = "";
    if (outputs.size() > 1) {
      type = Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Answer";
      result = "new " + type + "(" + SolidityTypes.decoded(outputs, "answer") + ")";
      shape = """
            /** The answer to {@code %s}. */
            public record %s(%s) {}

          """.formatted(signature, type, SolidityTypes.parameters(outputs));
    }
    return shape + """
          /** {@code %s} */
          public static Query<%s> %s(%s) {
            return new Query<>(%s, answer -> %s);
          }
        """.formatted(signature, type, SolidityTypes.safe(name), SolidityTypes.parameters(inputs), data, result);
  }

  private static String event(String name, String signature, List<SolidityTypes.Field> inputs) {
    List<String> values = new ArrayList<>();
    List<SolidityTypes.Field> components = new ArrayList<>();
    int topic = 1;
    int slot = 0;
    for (SolidityTypes.Field field : inputs) {
      SolidityTypes.Type type = field.type();
      if (field.indexed()) {
        boolean readable = type.isValue() && !type.dynamic();
        String word = "topics.get(" + topic++ + ")";
        values.add(readable ? SolidityTypes.decode(type, "AbiReader.of(" + word + ")", "0") : word);
        components.add(readable ? field : new SolidityTypes.Field(field.name(), SolidityTypes.HASH, true));
      } else {
        values.add(SolidityTypes.decode(type, "words", Integer.toString(slot)));
        components.add(field);
        slot += type.slots();
      }
    }
    return """
          /** {@code %1$s} */
          public record %2$s(%3$s) {
            /** What its topic is the hash of. */
            public static final String SIGNATURE = "%1$s";

            /** Reads it from a log whose first topic is the hash of the signature. */
            public static %2$s read(List<Bytes32> topics, Bytes data) {
              AbiReader words = AbiReader.of(data);
              return new %2$s(%4$s);
            }
          }
        """.formatted(signature, name, SolidityTypes.parameters(components), String.join(", ", values));
  }

  private static String error(String name, List<SolidityTypes.Field> inputs) {
    String types =
        inputs.stream()
            .map(field -> '"' + field.type().abi() + '"')
            .collect(Collectors.joining(", "));
    return "new ErrorDefinition(\"" + name + "\", List.of(" + types + "))";
  }

  private static String comma(String text) {
    return text.isEmpty() ? "" : ", " + text;
  }

}
