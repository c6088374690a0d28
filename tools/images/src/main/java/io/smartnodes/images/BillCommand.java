package io.smartnodes.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Makes an image's bill of materials (CycloneDX): of what Maven says the module depends on, exactly
 * what lies in the image, with its place and the hash of the file as it lies there; and what did
 * not come from Maven. It holds no time and no serial number: the same image has the same bill.
 */
@Command(name = "bill", description = "Makes the bill of materials of a staged image.")
final class BillCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Where the image keeps a component. */
  private static final String PLACE = "smartnodes:path";

  @Option(names = "--maven", required = true, description = "what Maven's CycloneDX plugin wrote")
  Path maven = Path.of("");

  @Option(names = "--layer", description = "a staged layer")
  List<Path> layers = List.of();

  @Option(names = "--whole", description = "all that Maven names: it is part of one executable")
  boolean whole;

  @Option(names = "--extra", description = "NAME=VERSION of what did not come from Maven")
  Map<String, String> extras = new LinkedHashMap<>();

  @Option(names = "--name", required = true, description = "name of the image")
  String name = "";

  @Option(names = "--version", required = true, description = "version of the image")
  String version = "";

  @Option(names = "--out", required = true, description = "the bill")
  Path out = Path.of("");

  @Override
  public Integer call() throws Exception {
    JsonNode known = JSON.readTree(Files.readAllBytes(maven));
    Map<String, JsonNode> byFileName = new LinkedHashMap<>();
    remember(known.path("metadata").path("component"), byFileName);
    known.path("components").forEach(component -> remember(component, byFileName));
    ObjectNode bill = JSON.createObjectNode();
    bill.put("bomFormat", "CycloneDX");
    bill.put("specVersion", known.path("specVersion").asText());
    bill.put("version", 1);
    ObjectNode image = bill.putObject("metadata").putObject("component");
    image.put("type", "container").put("bom-ref", name).put("name", name);
    image.put("version", version);
    ArrayNode components = bill.putArray("components");
    for (Path layer : layers) {
      for (Path jar : jars(layer)) {
        components.add(component(layer, jar, byFileName));
      }
    }
    extras.forEach((extra, itsVersion) ->
        components
            .addObject()
            .put("type", "library")
            .put("bom-ref", extra)
            .put("name", extra)
            .put("version", itsVersion));
    Files.write(out, JSON.writeValueAsBytes(bill));
    return 0;
  }

  /** Jars are named after artifact and version, in Quarkus' layout after their group, too. */
  private static void remember(JsonNode component, Map<String, JsonNode> byFileName) {
    String plain = component.path("name").asText() + "-" + component.path("version").asText();
    String classifier =
        Optional.of(component.path("purl").asText())
            .filter(purl -> purl.contains("classifier="))
            .map(purl -> "-" + purl.replaceAll(".*classifier=([^&]*).*", "$1"))
            .orElse("");
    String jar = plain + classifier + ".jar";
    byFileName.put(jar, component);
    byFileName.put(component.path("group").asText() + "." + jar, component);
  }

  private static List<Path> jars(Path layer) throws IOException {
    try (var paths = Files.walk(layer)) {
      return paths.filter(path -> path.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private ObjectNode component(Path layer, Path jar, Map<String, JsonNode> byFileName)
      throws IOException, NoSuchAlgorithmException {
    String file = jar.getFileName().toString();
    String place = "/" + layer.relativize(jar);
    JsonNode found = byFileName.get(file);
    ObjectNode made;
    if (found != null) {
      made = found.deepCopy();
      made.remove(List.of("properties", "hashes"));
    } else {
      // Made by our build from the module itself: generated classes and the launcher.
      made = JSON.createObjectNode();
      made.put("type", "library").put("group", "io.smartnodes");
      made.put("name", name + "-" + file.replaceAll("\\.jar$", "")).put("version", version);
    }
    made.put("bom-ref", place);
    ArrayNode hashes = made.putArray("hashes");
    hashes.addObject().put("alg", "SHA-256").put("content", sha256(jar));
    made.putArray("properties").addObject().put("name", PLACE).put("value", place);
    return made;
  }

  private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }
}
