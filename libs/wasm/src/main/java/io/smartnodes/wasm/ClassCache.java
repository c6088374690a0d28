package io.smartnodes.wasm;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import run.endive.compiler.Cache;

/**
 * Compiled modules on disk, by the SHA-256 of the binary, so that a restart does not compile again.
 * The files are loaded as classes: whoever can write the directory can run code, so it must belong
 * to us alone. A file that cannot be read or written costs a compilation, nothing else.
 */
final class ClassCache implements Cache {
  /** Names the compiler that wrote the classes: change it together with the dependency. */
  private static final String COMPILER = "endive-1.0.0";

  private static final long MAX_BYTES = 512L << 20;
  private static final Logger LOG = System.getLogger(ClassCache.class.getName());

  private final Path directory;

  ClassCache(Path parent) {
    this.directory = parent.resolve(COMPILER);
  }

  @Override
  public byte @Nullable [] get(String key) {
    Path file = file(key);
    try {
      if (!Files.isRegularFile(file)) {
        return null;
      }
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      return Files.readAllBytes(file);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot read the compiled module " + file, e);
      return null;
    }
  }

  @Override
  public void putIfAbsent(String key, byte[] data) {
    Path file = file(key);
    try {
      Files.createDirectories(directory);
      Path draft = Files.createTempFile(directory, "draft", ".tmp");
      Files.write(draft, data);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      shrink();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot keep the compiled module " + file, e);
    }
  }

  /** Forgets a module whose file did not load. */
  void discard(String key) {
    try {
      Files.deleteIfExists(file(key));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot delete the compiled module " + file(key), e);
    }
  }

  boolean holds(String key) {
    return Files.isRegularFile(file(key));
  }

  private Path file(String key) {
    return directory.resolve(key.replace('/', '_').replace(':', '_') + ".jar");
  }

  private record Stored(Path path, long bytes, FileTime used) {}

  private void shrink() throws IOException {
    List<Stored> newestFirst;
    try (Stream<Path> files = Files.list(directory)) {
      newestFirst =
          files
              .map(ClassCache::stored)
              .sorted(Comparator.comparing(Stored::used).reversed())
              .toList();
    }
    long kept = 0;
    for (Stored file : newestFirst) {
      kept += file.bytes();
      if (kept > MAX_BYTES) {
        Files.deleteIfExists(file.path());
      }
    }
  }

  private static Stored stored(Path path) {
    try {
      return new Stored(path, Files.size(path), Files.getLastModifiedTime(path));
    } catch (IOException e) {
      // Another process has removed it meanwhile.
      return new Stored(path, 0, FileTime.fromMillis(0));
    }
  }
}
