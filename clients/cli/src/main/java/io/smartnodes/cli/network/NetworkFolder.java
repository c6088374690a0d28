package io.smartnodes.cli.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of one local network, held by one process at a time. The kernel gives the lock back
 * when the holder dies, however it dies; what a dead holder left behind goes with the next start.
 */
public final class NetworkFolder implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private NetworkFolder(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Takes an empty folder: ends the processes of a holder that died and removes its files.
   *
   * @throws IllegalStateException if another process holds it
   */
  public static NetworkFolder take(Path path) {
    try {
      Files.createDirectories(path);
      FileChannel channel =
          FileChannel.open(lockFile(path), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new IllegalStateException(
            "a network runs in " + path + " already: stop it with './smartnodes down'");
      }
      NetworkFolder folder = new NetworkFolder(path, channel, lock);
      folder.endLeftovers();
      folder.empty();
      return folder;
    } catch (IOException failed) {
      throw new UncheckedIOException(path + " cannot be used: " + failed.getMessage(), failed);
    }
  }

  /** Whether a living process holds the folder. */
  public static boolean isHeld(Path path) {
    if (!Files.exists(lockFile(path))) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(lockFile(path), StandardOpenOption.WRITE)) {
      FileLock lock = tryLock(channel);
      if (lock != null) {
        lock.release();
      }
      return lock == null;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel)
      throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldHere) {
      return null;
    }
  }

  private static Path lockFile(Path path) {
    return path.resolveSibling(path.getFileName() + ".lock");
  }

  /** A file or folder of the network. */
  public Path resolve(String name) {
    return path.resolve(name);
  }

  /** The folder itself. */
  public Path path() {
    return path;
  }

  /** Notes a process, so that the next holder can end it if we die without doing so. */
  void note(ProcessHandle process) {
    String line =
        process.pid() + " " + process.info().startInstant().map(Object::toString).orElse("") + "\n";
    try {
      Files.writeString(pids(), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private Path pids() {
    return path.resolve("pids");
  }

  private void endLeftovers() throws IOException {
    List<ProcessHandle> left =
        Stream.concat(noted(), databases()).filter(ProcessHandle::isAlive).toList();
    left.forEach(ProcessHandle::destroy);
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (ProcessHandle process : left) {
      while (process.isAlive() && System.nanoTime() < end) {
        try {
          Thread.sleep(50);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted while the last run was cleaned up", interrupted);
        }
      }
      process.destroyForcibly();
    }
  }

  /** Processes of the last holder; another process with the same number started later. */
  private Stream<ProcessHandle> noted() throws IOException {
    if (!Files.exists(pids())) {
      return Stream.of();
    }
    return Files.readAllLines(pids()).stream()
        .map(line -> line.split(" ", -1))
        .filter(fields -> fields.length == 2)
        .flatMap(fields ->
            ProcessHandle.of(Long.parseLong(fields[0]))
                .filter(process ->
                    process
                        .info()
                        .startInstant()
                        .map(Object::toString)
                        .orElse("?")
                        .equals(fields[1]))
                .stream());
  }

  /** Databases whose validator was killed with its children's parent; named by their own files. */
  private Stream<ProcessHandle> databases() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      return files
          .filter(file -> file.endsWith("postmaster.pid"))
          .flatMap(NetworkFolder::postmaster)
          .toList()
          .stream();
    }
  }

  private static Stream<ProcessHandle> postmaster(Path file) {
    try {
      long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
      return ProcessHandle.of(pid)
          .filter(process -> process.info().command().orElse("").contains("postgres"))
          .stream();
    } catch (IOException | NumberFormatException | java.util.NoSuchElementException unreadable) {
      return Stream.of();
    }
  }

  private void empty() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(path)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  @Override
  public void close() {
    try {
      lock.release();
      channel.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
