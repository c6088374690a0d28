package io.smartnodes.images;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;

/** A folder as a layer: what is executable stays so, everything else is fixed. */
final class StagedLayer {
  /** The time of every file; the AOT cache remembers it, so training uses the same. */
  static final Instant TIME = Instant.ofEpochSecond(1);

  /** The user that every image runs as. */
  static final String OWNER = "10001:10001";

  /** What the program may write where nothing is mounted; the rest belongs to root. */
  private static final Set<String> WRITABLE =
      Set.of("/tmp", "/var/lib/smartnodes", "/run/smartnodes");

  private StagedLayer() {}

  static FileEntriesLayer of(String name, Path folder) throws IOException {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted().toList()) {
        if (Files.isSymbolicLink(path)) {
          throw new IOException("a link in a layer: " + path);
        }
        String inside = "/" + folder.relativize(path);
        if (!inside.equals("/")) {
          boolean open = Files.isDirectory(path) || Files.isExecutable(path);
          layer.addEntry(
              path,
              AbsoluteUnixPath.get(inside),
              FilePermissions.fromOctalString(open ? "755" : "644"),
              TIME,
              WRITABLE.contains(inside) ? OWNER : "0:0");
        }
      }
    }
    return layer.build();
  }
}
