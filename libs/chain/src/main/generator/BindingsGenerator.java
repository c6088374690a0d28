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
  private static final Set<String> RESERVED = Set.of(
      "abstract", "assert", "boolean", "break", "byte", "case", "catch", "char", "class", "const",
      "continue", "default", "do", "double", "else", "enum", "extends", "final", "finally", "float",
      "for", "goto", "if", "implements", "import", "instanceof", "int", "interface", "long", "native",
      "new", "package", "private", "protected", "public", "return", "short", "static", "super",
      "switch", "synchronized", "this", "throw", "throws", "transient", "try", "void", "volatile",
      "while", "true", "false", "null", "wait", "notify", "clone", "finalize", "toString", "hashCode");

  private final Map<String, String> structs = new TreeMap<>();

  /** A type of an argument; slots: how many words its head takes. */
  private record Type(String abi, String java, int slots, boolean dynamic, Coding coding) {
    boolean isValue() {
      return coding instanceof Value;
    }
  }

  private sealed interface Coding {}

  private record Value(String encode, String decode) implements Coding {}

  private record Struct(String name) implements Coding {}

  private record ListOf(Type element) implements Coding {}

  private record Field(String name, Type type, boolean indexed) {}

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
            + String.join("\n", structs.values())
            + "}\n");
    return files;
  }

  private String contract(String solidity, String java, JsonNode root) {
    Map<String, String> members = new TreeMap<>();
    Set<String> shapes = new HashSet<>();
    Map<String, String> errors = new TreeMap<>();
    for (JsonNode entry : root.path("abi")) {
      String name = entry.path("name").asText();
      List<Field> inputs = fields(entry.path("inputs"));
      String signature = name + signature(inputs);
      switch (entry.path("type").asText()) {
        case "function" -> {
          String types = inputs.stream().map(field -> field.type().java()).toList().toString();
          if (!shapes.add(name + types)) {
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

  private static String constructor(List<Field> inputs) {
    return """
          /** The arguments of the constructor, encoded. */
          public static Bytes constructor(%s) {
            return AbiValue.arguments(%s);
          }
        """.formatted(parameters(inputs), encoded(inputs));
  }

  private String function(
      String name, String signature, String selector, JsonNode entry, List<Field> inputs) {
    List<Field> outputs = fields(entry.path("outputs"));
    String data = "AbiValue.call(\"0x" + selector + "\"" + comma(encoded(inputs)) + ")";
    boolean asks = Set.of("view", "pure").contains(entry.path("stateMutability").asText());
    if (!asks || outputs.isEmpty()) {
      return """
            /** {@code %s} */
            public static Bytes %s(%s) {
              return %s;
            }
          """.formatted(signature, safe(name), parameters(inputs), data);
    }
    String type = boxed(outputs.getFirst().type().java());
    String result = decode(outputs.getFirst().type(), "answer", "0");
    String shape = "";
    if (outputs.size() > 1) {
      type = Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Answer";
      result = "new " + type + "(" + decoded(outputs, "answer") + ")";
      shape = """
            /** The answer to {@code %s}. */
            public record %s(%s) {}

          """.formatted(signature, type, parameters(outputs));
    }
    return shape + """
          /** {@code %s} */
          public static Query<%s> %s(%s) {
            return new Query<>(%s, answer -> %s);
          }
        """.formatted(signature, type, safe(name), parameters(inputs), data, result);
  }

  private static String event(String name, String signature, List<Field> inputs) {
    List<String> values = new ArrayList<>();
    List<Field> components = new ArrayList<>();
    int topic = 1;
    int slot = 0;
    for (Field field : inputs) {
      Type type = field.type();
      if (field.indexed()) {
        boolean readable = type.isValue() && !type.dynamic();
        String word = "topics.get(" + topic++ + ")";
        values.add(readable ? decode(type, "AbiReader.of(" + word + ")", "0") : word);
        components.add(readable ? field : new Field(field.name(), HASH, true));
      } else {
        values.add(decode(type, "words", Integer.toString(slot)));
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
        """.formatted(signature, name, parameters(components), String.join(", ", values));
  }

  private static String error(String name, List<Field> inputs) {
    String types =
        inputs.stream()
            .map(field -> '"' + field.type().abi() + '"')
            .collect(Collectors.joining(", "));
    return "new ErrorDefinition(\"" + name + "\", List.of(" + types + "))";
  }

  // ---- types ----

  private static final Type HASH =
      new Type("bytes32", "Bytes32", 1, false, new Value("AbiValue.of(%s)", "%s.word(%s)"));

  private List<Field> fields(JsonNode nodes) {
    List<Field> fields = new ArrayList<>();
    for (JsonNode node : nodes) {
      String name = node.path("name").asText().replaceFirst("_+$", "");
      fields.add(
          new Field(
              name.isEmpty() ? "value" + fields.size() : safe(name),
              type(node, node.path("type").asText()),
              node.path("indexed").asBoolean()));
    }
    return fields;
  }

  private Type type(JsonNode node, String abi) {
    if (abi.endsWith("[]")) {
      Type element = type(node, abi.substring(0, abi.length() - 2));
      String java = "List<" + boxed(element.java()) + ">";
      return new Type(element.abi() + "[]", java, 1, true, new ListOf(element));
    }
    if (abi.equals("tuple")) {
      return struct(node);
    }
    if (abi.matches("uint\\d+")) {
      int bits = Integer.parseInt(abi.substring(4));
      String encode = "AbiValue.uint(%s, " + bits + ")";
      return bits <= 64
          ? new Type(abi, "long", 1, false, new Value(encode, "%s.int64(%s)"))
          : new Type(abi, "BigInteger", 1, false, new Value(encode, "%s.number(%s)"));
    }
    if (abi.matches("bytes\\d+")) {
      return new Type(abi, "Bytes32", 1, false, HASH.coding());
    }
    return switch (abi) {
      case "address" -> value(abi, "Address", false, "address");
      case "bool" -> value(abi, "boolean", false, "flag");
      case "bytes" -> value(abi, "Bytes", true, "bytes");
      case "string" -> value(abi, "String", true, "text");
      default -> throw new IllegalStateException("no Java for " + abi);
    };
  }

  private static Type value(String abi, String java, boolean dynamic, String read) {
    return new Type(abi, java, 1, dynamic, new Value("AbiValue.of(%s)", "%s." + read + "(%s)"));
  }

  private Type struct(JsonNode node) {
    List<Field> fields = fields(node.path("components"));
    String internal = node.path("internalType").asText().replaceFirst("(\\[\\])+$", "");
    String name = internal.substring(Math.max(internal.lastIndexOf(' '), internal.lastIndexOf('.')) + 1);
    boolean dynamic = fields.stream().anyMatch(field -> field.type().dynamic());
    String source = """
          /** {@code %1$s%2$s} */
          public record %1$s(%3$s) {
            /** For a call. */
            public AbiValue toAbi() {
              return AbiValue.tuple(%4$s);
            }

            /** Reads it where the reader stands. */
            public static %1$s read(AbiReader words) {
              return new %1$s(%5$s);
            }
          }
        """.formatted(name, signature(fields), parameters(fields), encoded(fields), decoded(fields, "words"));
    String other = structs.putIfAbsent(name, source);
    if (other != null && !other.equals(source)) {
      throw new IllegalStateException("two structs are called " + name);
    }
    int slots = dynamic ? 1 : fields.stream().mapToInt(field -> field.type().slots()).sum();
    return new Type(signature(fields), "AbiStructs." + name, slots, dynamic, new Struct(name));
  }

  private static String encode(Type type, String expression) {
    return switch (type.coding()) {
      case Value value -> value.encode().formatted(expression);
      case Struct struct -> expression + ".toAbi()";
      case ListOf list -> {
        String each = "each" + depth(list.element());
        yield "AbiValue.list(" + expression + ", " + each + " -> " + encode(list.element(), each) + ")";
      }
    };
  }

  private static String decode(Type type, String reader, String slot) {
    return switch (type.coding()) {
      case Value value -> value.decode().formatted(reader, slot);
      case Struct struct ->
          "AbiStructs." + struct.name() + ".read(" + reader
              + (type.dynamic() ? ".follow(" : ".at(") + slot + "))";
      case ListOf list -> {
        String inner = "list" + depth(list.element());
        String index = "i" + depth(list.element());
        String at = list.element().slots() == 1 ? index : index + " * " + list.element().slots();
        yield reader + ".list(" + slot + ", (" + inner + ", " + index + ") -> "
            + decode(list.element(), inner, at) + ")";
      }
    };
  }

  private static int depth(Type type) {
    return type.coding() instanceof ListOf list ? depth(list.element()) + 1 : 0;
  }

  private static String decoded(List<Field> fields, String reader) {
    List<String> values = new ArrayList<>();
    int slot = 0;
    for (Field field : fields) {
      values.add(decode(field.type(), reader, Integer.toString(slot)));
      slot += field.type().slots();
    }
    return String.join(", ", values);
  }

  private static String encoded(List<Field> fields) {
    return fields.stream()
        .map(field -> encode(field.type(), field.name()))
        .collect(Collectors.joining(", "));
  }

  private static String parameters(List<Field> fields) {
    return fields.stream()
        .map(field -> field.type().java() + " " + field.name())
        .collect(Collectors.joining(", "));
  }

  private static String signature(List<Field> fields) {
    return fields.stream()
        .map(field -> field.type().abi())
        .collect(Collectors.joining(",", "(", ")"));
  }

  private static String boxed(String java) {
    return switch (java) {
      case "long" -> "Long";
      case "boolean" -> "Boolean";
      default -> java;
    };
  }

  private static String comma(String text) {
    return text.isEmpty() ? "" : ", " + text;
  }

  private static String safe(String name) {
    return RESERVED.contains(name) ? name + "_" : name;
  }
}
