package io.smartnodes.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A docker archive, read.
 *
 * @param reference NAME:TAG
 * @param config the image's configuration
 * @param layers in order, the base first
 * @param bill the list of what is inside, as it stands inside
 * @param bytes size of the archive
 */
record ImageArchive(
    String reference, JsonNode config, List<Layer> layers, Optional<JsonNode> bill, long bytes) {
  /** Where each image keeps its bill of materials. */
  static final String BILL = "app/sbom.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A layer.
   *
   * @param diffId SHA-256 of its uncompressed form
   * @param compressed size in bytes
   * @param entries its files and folders
   */
  record Layer(String diffId, long compressed, List<Entry> entries) {}

  /**
   * A file or folder.
   *
   * @param path without a leading slash
   * @param mode permissions, with setuid and setgid
   * @param user owner's number
   * @param size in bytes
   */
  record Entry(String path, int mode, long user, long size, boolean folder, boolean link) {}

  static ImageArchive read(Path file) throws IOException {
    Map<String, byte[]> members = new HashMap<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 20);
        TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        members.put(entry.getName(), tar.readAllBytes());
      }
    }
    JsonNode manifest = JSON.readTree(member(members, "manifest.json", file)).path(0);
    JsonNode config = JSON.readTree(member(members, manifest.path("Config").asText(), file));
    List<Layer> layers = new ArrayList<>();
    Optional<JsonNode> bill = Optional.empty();
    for (int i = 0; i < manifest.path("Layers").size(); i++) {
      byte[] packed = member(members, manifest.path("Layers").path(i).asText(), file);
      List<Entry> entries = new ArrayList<>();
      Optional<JsonNode> found = entries(packed, entries);
      bill = found.isPresent() ? found : bill;
      layers.add(
          new Layer(
              config.path("rootfs").path("diff_ids").path(i).asText(), packed.length, entries));
    }
    String reference = manifest.path("RepoTags").path(0).asText();
    return new ImageArchive(reference, config, layers, bill, Files.size(file));
  }

  private static byte[] member(Map<String, byte[]> members, String name, Path file)
      throws IOException {
    byte[] found = members.get(name);
    if (found == null) {
      throw new IOException(file + " is no image archive: it has no " + name);
    }
    return found;
  }

  private static Optional<JsonNode> entries(byte[] packed, List<Entry> entries) throws IOException {
    Optional<JsonNode> bill = Optional.empty();
    boolean zipped = packed.length > 2 && packed[0] == 0x1f && packed[1] == (byte) 0x8b;
    InputStream bytes = new ByteArrayInputStream(packed);
    try (InputStream in = zipped ? new GZIPInputStream(bytes, 1 << 16) : bytes;
        TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String path = entry.getName().replaceAll("^\\./|/$", "");
        entries.add(
            new Entry(
                path,
                entry.getMode() & 07777,
                entry.getLongUserId(),
                entry.getSize(),
                entry.isDirectory(),
                entry.isSymbolicLink()));
        if (path.equals(BILL)) {
          bill = Optional.of(JSON.readTree(tar.readAllBytes()));
        }
      }
    }
    return bill;
  }
}
