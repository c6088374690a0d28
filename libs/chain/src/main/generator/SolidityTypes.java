import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Solidity's types as Java types, with the code that encodes and decodes their values. */
final class SolidityTypes {
  private static final Set<String> RESERVED = Set.of(
      "abstract", "assert", "boolean", "break", "byte", "case", "catch", "char", "class", "const",
      "continue", "default", "do", "double", "else", "enum", "extends", "final", "finally", "float",
      "for", "goto", "if", "implements", "import", "instanceof", "int", "interface", "long", "native",
      "new", "package", "private", "protected", "public", "return", "short", "static", "super",
      "switch", "synchronized", "this", "throw", "throws", "transient", "try", "void", "volatile",
      "while", "true", "false", "null", "wait", "notify", "clone", "finalize", "toString", "hashCode");

  private final Map<String, String> structs = new TreeMap<>();

  /** A type of an argument; slots: how many words its head takes. */
  record Type(String abi, String java, int slots, boolean dynamic, Coding coding) {
    boolean isValue() {
      return coding instanceof Value;
    }
  }

  sealed interface Coding {}

  record Value(String encode, String decode) implements Coding {}

  record Struct(String name) implements Coding {}

  record ListOf(Type element) implements Coding {}

  record Field(String name, Type type, boolean indexed) {}

  /** Sources of the structs that were met so far. */
  Collection<String> structs() {
    return structs.values();
  }

  static final Type HASH =
      new Type("bytes32", "Bytes32", 1, false, new Value("AbiValue.of(%s)", "%s.word(%s)"));

  List<Field> fields(JsonNode nodes) {
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

  static String decode(Type type, String reader, String slot) {
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

  static String decoded(List<Field> fields, String reader) {
    List<String> values = new ArrayList<>();
    int slot = 0;
    for (Field field : fields) {
      values.add(decode(field.type(), reader, Integer.toString(slot)));
      slot += field.type().slots();
    }
    return String.join(", ", values);
  }

  static String encoded(List<Field> fields) {
    return fields.stream()
        .map(field -> encode(field.type(), field.name()))
        .collect(Collectors.joining(", "));
  }

  static String parameters(List<Field> fields) {
    return fields.stream()
        .map(field -> field.type().java() + " " + field.name())
        .collect(Collectors.joining(", "));
  }

  static String signature(List<Field> fields) {
    return fields.stream()
        .map(field -> field.type().abi())
        .collect(Collectors.joining(",", "(", ")"));
  }

  static String boxed(String java) {
    return switch (java) {
      case "long" -> "Long";
      case "boolean" -> "Boolean";
      default -> java;
    };
  }

  static String safe(String name) {
    return RESERVED.contains(name) ? name + "_" : name;
  }
}
