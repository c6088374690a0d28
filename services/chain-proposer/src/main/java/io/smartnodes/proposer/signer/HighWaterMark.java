package io.smartnodes.proposer.signer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A number in a file outside the database that grows with every guarded batch. If the database says
 * less at a start, it was restored from a copy that has forgotten signatures. The second line names
 * the file, and its time says until when it was kept. Safe for threads.
 */
final class HighWaterMark {
  private final Path file;
  private long written;
  private String name = "";
  private boolean named;

  HighWaterMark(Path file) {
    this.file = file;
  }

  /** What the file says, empty if there is none. */
  synchronized OptionalLong read() throws IOException {
    if (!Files.exists(file)) {
      return OptionalLong.empty();
    }
    List<String> lines = Files.readAllLines(file);
    try {
      written = Long.parseLong(lines.isEmpty() ? "" : lines.getFirst().strip());
    } catch (NumberFormatException e) {
      throw new IOException("the signer's high-water mark " + file + " is no number", e);
    }
    if (lines.size() > 1) {
      name = lines.get(1).strip();
      named = true;
    }
    return OptionalLong.of(written);
  }

  /** The number that was read or written last, 0 before. */
  synchronized long written() {
    return written;
  }

  /** What tells this file from those of other instances; the same as long as the file is there. */
  synchronized String name() {
    if (name.isEmpty()) {
      name = UUID.randomUUID().toString();
    }
    return name;
  }

  /** Writes a number, whole or not at all; lower ones change nothing. */
  synchronized void write(long value) throws IOException {
    if (named && value <= written && Files.exists(file)) {
      return;
    }
    folder();
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    Files.writeString(draft, Math.max(value, written) + "\n" + name() + "\n");
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    written = Math.max(value, written);
    named = true;
  }

  /** Makes the folder of the file, and fails if nothing can be written there. */
  synchronized void folder() throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
      if (!Files.isWritable(folder)) {
        throw new IOException(folder + " is not writable");
      }
    }
  }

  /** Notes that the file is as it should be at this moment, though nothing was signed. */
  synchronized void keep(Instant now) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(now));
  }

  /** For how long nobody has kept the file, which must be there. */
  synchronized Duration age(Instant now) throws IOException {
    return Duration.between(Files.getLastModifiedTime(file).toInstant(), now);
  }
}
