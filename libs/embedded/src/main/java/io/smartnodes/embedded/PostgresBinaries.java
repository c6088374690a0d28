package io.smartnodes.embedded;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Unpacks the PostgreSQL of the class path once per user and version. */
final class PostgresBinaries {
  private PostgresBinaries() {}

  /** Directory with {@code bin/postgres} and {@code bin/initdb}. */
  static Path directory() {
    try (InputStream archive = resource()) {
      byte[] packed = archive.readAllBytes();
      String version = HexFormat.of().formatHex(sha256(packed)).substring(0, 16);
      Path target = cache().resolve("postgres-" + version);
      if (!Files.isDirectory(target)) {
        unpackOnce(packed, target);
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL cannot be unpacked", e);
    }
  }

  private static InputStream resource() throws IOException {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String system = os.contains("mac") ? "Darwin" : os.contains("win") ? "Windows" : "Linux";
    String machine = System.getProperty("os.arch", "").replace("amd64", "x86_64");
    InputStream found = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine);
    if (found == null) {
      throw new IOException("no PostgreSQL for " + system + " " + machine + " on the class path");
    }
    return found;
  }

  private static Path cache() {
    String given = System.getenv("XDG_CACHE_HOME");
    Path base =
        given == null || given.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(given);
    return base.resolve("smartnodes");
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** One process of the user unpacks, the others that start at the same time wait for it. */
  private static void unpackOnce(byte[] packed, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    try (FileChannel lock =
            FileChannel.open(
                target.resolveSibling(target.getFileName() + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock held = lock.lock()) {
      if (held.isValid() && !Files.isDirectory(target)) {
        removeHalves(cache());
        unpack(packed, target);
      }
    }
  }

  /** What a process that was killed while it unpacked left behind. */
  private static void removeHalves(Path parent) throws IOException {
    try (DirectoryStream<Path> halves = Files.newDirectoryStream(parent, "unpacking*")) {
      for (Path half : halves) {
        delete(half);
      }
    }
  }

  /** Unpacks beside the target and moves it there at once: a second process never sees a half. */
  private static void unpack(byte[] packed, Path target) throws IOException {
    Path fresh = Files.createTempDirectory(target.getParent(), "unpacking");
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new XZInputStream(new BufferedInputStream(new ByteArrayInputStream(packed))))) {
      TarArchiveEntry entry = tar.getNextEntry();
      while (entry != null) {
        extract(tar, entry, fresh);
        entry = tar.getNextEntry();
      }
    }
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path root)
      throws IOException {
    Path file = root.resolve(entry.getName()).normalize();
    if (!file.startsWith(root)) {
      throw new IOException("an entry leaves its directory: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(file);
      return;
    }
    Files.createDirectories(file.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, file);
    if ((entry.getMode() & 0100) != 0) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
