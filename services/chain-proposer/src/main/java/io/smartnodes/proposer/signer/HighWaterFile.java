package io.smartnodes.proposer.signer;

import io.smartnodes.protocol.signing.SignerStart.Mark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The highest vote ever signed, in a file outside the database, synced before the signature. */
final class HighWaterFile {
  private final Path file;

  HighWaterFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  Optional<Mark> read() {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      String[] parts = Files.readString(file).strip().split(" ", -1);
      return Optional.of(new Mark(Long.parseLong(parts[0]), Integer.parseInt(parts[1])));
    } catch (IOException broken) {
      throw new UncheckedIOException("the high-water mark cannot be read", broken);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException damaged) {
      throw new IllegalStateException(file + " is damaged: restore it or delete it", damaged);
    }
  }

  void write(Mark mark) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      try (FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        channel.write(
            ByteBuffer.wrap(
                (mark.epoch() + " " + mark.round() + "\n").getBytes(StandardCharsets.US_ASCII)));
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException broken) {
      throw new UncheckedIOException("the high-water mark cannot be written", broken);
    }
  }
}
