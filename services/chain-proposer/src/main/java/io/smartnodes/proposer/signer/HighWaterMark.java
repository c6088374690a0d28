package io.smartnodes.proposer.signer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalLong;

/**
 * A number in a file outside the database that grows with every guarded batch. If the database says
 * less at a start, it was restored from a copy that has forgotten signatures. Safe for threads.
 */
final class HighWaterMark {
  private final Path file;
  private long written;

  HighWaterMark(Path file) {
    this.file = file;
  }

  /** What the file says, empty if there is none. */
  synchronized OptionalLong read() throws IOException {
    if (!Files.exists(file)) {
      return OptionalLong.empty();
    }
    try {
      written = Long.parseLong(Files.readString(file).strip());
      return OptionalLong.of(written);
    } catch (NumberFormatException e) {
      throw new IOException("the signer's high-water mark " + file + " is no number", e);
    }
  }

  /** Writes a number, whole or not at all; lower ones change nothing. */
  synchronized void write(long value) throws IOException {
    if (value <= written) {
      return;
    }
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    Files.writeString(draft, value + "\n");
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    written = value;
  }
}
