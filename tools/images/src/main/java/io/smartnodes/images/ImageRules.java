package io.smartnodes.images;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What every image of ours has to keep to. */
final class ImageRules {
  private static final Pattern SHELL =
      Pattern.compile("(.*/)?(sh|bash|dash|ash|zsh|busybox|toybox|su|sudo|perl|python3?)");
  private static final Set<String> WRITABLE = Set.of("tmp", "var/lib/smartnodes", "run/smartnodes");
  private static final List<String> LABELS =
      List.of("title", "description", "version", "revision", "source", "licenses", "created");

  private ImageRules() {}

  /** Every breach in a line; empty if there is none. */
  static List<String> breaches(ImageArchive image) {
    List<String> breaches = new ArrayList<>();
    for (ImageArchive.Layer layer : image.layers()) {
      for (ImageArchive.Entry entry : layer.entries()) {
        file(entry, breaches);
      }
    }
    config(image.config(), breaches);
    bill(image, breaches);
    return breaches;
  }

  private static void file(ImageArchive.Entry entry, List<String> breaches) {
    if ((entry.mode() & 06000) != 0) {
      breaches.add("/%s runs with another's rights".formatted(entry.path()));
    }
    if ((entry.mode() & 022) != 0 && !entry.link()) {
      breaches.add("/%s can be written by others".formatted(entry.path()));
    }
    if (entry.user() != 0 && !WRITABLE.contains(entry.path())) {
      breaches.add("/%s does not belong to root".formatted(entry.path()));
    }
    if (!entry.folder() && SHELL.matcher(entry.path()).matches()) {
      breaches.add("/%s is a shell, or as good as one".formatted(entry.path()));
    }
  }

  private static void config(JsonNode image, List<String> breaches) {
    JsonNode config = image.path("config");
    if (!config.path("User").asText().equals(StagedLayer.OWNER)) {
      breaches.add("it runs as '%s'".formatted(config.path("User").asText()));
    }
    for (String label : LABELS) {
      if (config.path("Labels").path("org.opencontainers.image." + label).asText().isBlank()) {
        breaches.add("it has no label " + label);
      }
    }
    if (config.path("Entrypoint").isEmpty()) {
      breaches.add("it has no entrypoint");
    }
    if (!image.path("created").asText().endsWith("T00:00:00Z")) {
      breaches.add("it carries the time of its build: " + image.path("created").asText());
    }
  }

  private static void bill(ImageArchive image, List<String> breaches) {
    if (image.bill().isEmpty()) {
      breaches.add("it has no bill of materials");
      return;
    }
    JsonNode bill = image.bill().get();
    Set<String> listed = new HashSet<>();
    for (JsonNode component : bill.path("components")) {
      listed.add(component.path("properties").path(0).path("value").asText());
    }
    if (!bill.path("serialNumber").isMissingNode()) {
      breaches.add("its bill of materials has a serial number, so that no two builds are equal");
    }
    for (ImageArchive.Layer layer : image.layers()) {
      for (ImageArchive.Entry entry : layer.entries()) {
        String path = "/" + entry.path();
        if (path.endsWith(".jar") && path.startsWith("/app/") && !listed.contains(path)) {
          breaches.add("its bill of materials does not name " + path);
        }
      }
    }
  }
}
