package io.smartnodes.worker;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.proto.worker.v1.ReceiptMade;
import io.smartnodes.proto.worker.v1.UnitInput;
import io.smartnodes.protocol.job.Lease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a worker keeps of one lease on disk, so that a restart loses neither the receipt nor the
 * openings that the jury will ask for: a file per input, per output, and the receipt.
 */
final class LeaseFolder {
  private final Path folder;

  LeaseFolder(Path leases, Lease lease) {
    this.folder = leases.resolve(lease.jobId() + "-" + lease.number());
    try {
      Files.createDirectories(folder);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  void putInput(UnitInput input) {
    write(input.getIndex() + ".in", input.toByteArray());
  }

  Optional<UnitInput> input(long index) {
    return read(index + ".in").map(bytes -> parse(() -> UnitInput.parseFrom(bytes)));
  }

  void putOutput(long index, Bytes output) {
    write(index + ".out", output.toArray());
  }

  Optional<Bytes> output(long index) {
    return read(index + ".out").map(Bytes::of);
  }

  void putReceipt(ReceiptMade receipt) {
    write("receipt", receipt.toByteArray());
  }

  Optional<ReceiptMade> receipt() {
    return read("receipt").map(bytes -> parse(() -> ReceiptMade.parseFrom(bytes)));
  }

  void delete() {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private interface Parser<T extends Message> {
    T parse() throws InvalidProtocolBufferException;
  }

  private static <T extends Message> T parse(Parser<T> parser) {
    try {
      return parser.parse();
    } catch (InvalidProtocolBufferException damaged) {
      throw new UncheckedIOException("a file of the lease is damaged", damaged);
    }
  }

  private void write(String name, byte[] bytes) {
    try {
      Path part = folder.resolve(name + ".part");
      Files.write(part, bytes);
      Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private Optional<byte[]> read(String name) {
    Path file = folder.resolve(name);
    try {
      return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
