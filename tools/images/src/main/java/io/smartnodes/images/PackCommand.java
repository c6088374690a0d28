package io.smartnodes.images;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Packs folders, one per layer, into a docker archive. The same folders give the same bytes: names
 * are sorted, times and owners fixed, nothing of this machine is recorded.
 */
@Command(name = "pack", description = "Packs folders, one per layer, into an image archive.")
final class PackCommand implements Callable<Integer> {
  @Option(names = "--reference", required = true, description = "NAME:TAG of the image")
  String reference = "";

  @Option(names = "--out", required = true, description = "the archive")
  Path out = Path.of("");

  @Option(names = "--base", description = "an archive, or an image of a registry, to build upon")
  @Nullable String base;

  @Option(names = "--layer", description = "NAME=FOLDER, the least changing first")
  Map<String, Path> layers = new LinkedHashMap<>();

  @Option(names = "--label", description = "KEY=VALUE")
  Map<String, String> labels = new LinkedHashMap<>();

  @Option(names = "--env", description = "KEY=VALUE")
  Map<String, String> environment = new LinkedHashMap<>();

  @Option(names = "--entrypoint", description = "a word of the command")
  List<String> entrypoint = List.of();

  @Option(names = "--port", description = "a TCP port that the program listens on")
  List<Integer> ports = List.of();

  @Option(names = "--user", description = "UID:GID that it runs as")
  @Nullable String user;

  @Option(names = "--created", required = true, description = "the image's time")
  Instant created = Instant.EPOCH;

  @Option(names = "--work", required = true, description = "folder for intermediate files")
  Path work = Path.of("");

  @Override
  public Integer call() throws Exception {
    // Layers are recognised there by path and time, not by content: never keep it for another run.
    Path scratch = Files.createTempDirectory(Files.createDirectories(work), "pack");
    try {
      JibContainerBuilder image = from().setCreationTime(created).setLabels(labels);
      image.setEnvironment(environment).setEntrypoint(entrypoint.isEmpty() ? null : entrypoint);
      for (int port : ports) {
        image.addExposedPort(Port.tcp(port));
      }
      if (user != null) {
        image.setUser(user);
      }
      for (Map.Entry<String, Path> layer : layers.entrySet()) {
        image.addFileEntriesLayer(StagedLayer.of(layer.getKey(), layer.getValue()));
      }
      Path fresh = scratch.resolve("image.tar");
      JibContainer made =
          image.containerize(
              Containerizer.to(TarImage.at(fresh).named(reference))
                  .setOfflineMode(base == null || isArchive(base))
                  .setBaseImageLayersCache(work.resolve("base-layers"))
                  .setApplicationLayersCache(scratch.resolve("layers"))
                  .setToolName("smartnodes"));
      Files.move(fresh, out, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      System.out.println(made.getDigest());
      return 0;
    } finally {
      delete(scratch);
    }
  }

  private JibContainerBuilder from() throws Exception {
    if (base == null) {
      return Jib.fromScratch();
    }
    return isArchive(base)
        ? Jib.from(TarImage.at(Path.of(base)))
        : Jib.from(RegistryImage.named(base));
  }

  private static boolean isArchive(String base) {
    return Files.isRegularFile(Path.of(base));
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
