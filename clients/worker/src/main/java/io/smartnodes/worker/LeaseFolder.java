package io.smartnodes.worker;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.proto.worker.v1.KeptLease;
import io.smartnodes.proto.worker.v1.ReceiptMade;
import io.smartnodes.proto.worker.v1.UnitInput;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.Malformed;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a worker keeps of one lease on disk, so that a restart loses neither the receipt nor the
 * openings that the jury will ask for: the lease, a file per input, per output, and the receipt.
 * Each file begins with the hash of what follows: one that a machine without power has left half
 * written counts as missing, so that its unit is run again rather than claimed wrongly.
 */
final class LeaseFolder {
  /** How many witnesses a job has at most. */
  static final int MAX_WITNESSES = 32;

  private static final System.Logger LOG = System.getLogger("worker");
  private static final String LEASE = "lease";
  private static final String DELIVERED = "delivered";
  private static final int HASH = 32;

  private final Path folder;

  private LeaseFolder(Path folder) {
    this.folder = folder;
  }

  /** That of a lease that was granted just now; the lease is on disk when this returns. */
  static LeaseFolder of(Path leases, LeaseWork.Granted granted) {
    Lease lease = granted.lease();
    LeaseFolder made = new LeaseFolder(leases.resolve(lease.jobId() + "-" + lease.number()));
    try {
      Files.createDirectories(made.folder);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    made.putLease(granted);
    return made;
  }

  /** Those that an earlier run of the agent left. */
  static List<LeaseFolder> left(Path leases) {
    if (!Files.isDirectory(leases)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(leases)) {
      return folders.filter(Files::isDirectory).map(LeaseFolder::new).toList();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private void putLease(LeaseWork.Granted granted) {
    KeptLease.Builder kept =
        KeptLease.newBuilder()
            .setLease(JobStructs.toProto(granted.lease()))
            .setHomeSignature(Fields.bytes(granted.homeSignature()))
            .setSpec(JobStructs.toProto(granted.spec()))
            .setHomePeerId(Fields.bytes(granted.home()))
            .setUserPeerId(Fields.bytes(granted.user()));
    granted.witnesses().forEach(witness -> kept.addWitnessPeerIds(Fields.bytes(witness)));
    write(LEASE, kept.build().toByteArray());
  }

  /**
   * The lease, empty if an earlier run ended before it was written.
   *
   * @throws Malformed if another version of the agent wrote it
   */
  Optional<LeaseWork.Granted> lease() {
    return read(LEASE)
        .map(bytes -> {
          KeptLease kept = parse(() -> KeptLease.parseFrom(bytes));
          return new LeaseWork.Granted(
              JobStructs.fromProto(kept.getLease(), "lease"),
              Fields.opaque(kept.getHomeSignature(), "home_signature"),
              JobStructs.fromProto(kept.getSpec(), "spec"),
              Fields.peerId(kept.getHomePeerId(), "home_peer_id"),
              Fields.peerId(kept.getUserPeerId(), "user_peer_id"),
              Fields.list(
                  kept.getWitnessPeerIdsList(), MAX_WITNESSES, "witness_peer_ids", Fields::peerId));
        });
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

  /** Notes that the home has the receipt. */
  void putDelivered() {
    write(DELIVERED, new byte[0]);
  }

  boolean isDelivered() {
    return read(DELIVERED).isPresent();
  }

  @Override
  public String toString() {
    return folder.toString();
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
      try (OutputStream out = Files.newOutputStream(part)) {
        out.write(Bytes.of(bytes).keccak().toArray());
        out.write(bytes);
      }
      Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private Optional<byte[]> read(String name) {
    Path file = folder.resolve(name);
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      byte[] all = Files.readAllBytes(file);
      byte[] content = Arrays.copyOfRange(all, Math.min(HASH, all.length), all.length);
      if (!Arrays.equals(
          Bytes.of(content).keccak().toArray(), Arrays.copyOf(all, Math.min(HASH, all.length)))) {
        LOG.log(Level.WARNING, "{0} is damaged and counts as missing", file);
        return Optional.empty();
      }
      return Optional.of(content);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
