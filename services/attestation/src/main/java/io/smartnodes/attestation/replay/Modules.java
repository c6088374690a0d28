package io.smartnodes.attestation.replay;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.link.PeerChannels;
import io.smartnodes.proto.worker.v1.GetModuleRequest;
import io.smartnodes.proto.worker.v1.ModuleChunk;
import io.smartnodes.proto.worker.v1.WorkerGrpc;
import io.smartnodes.protocol.UnitLimits;
import io.smartnodes.quarkus.Peers;
import io.smartnodes.wire.Fields;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Modules by their hash: on disk within a bound, else from the worker; for virtual threads. */
@ApplicationScoped
public class Modules {
  private static final Logger LOG = Logger.getLogger(Modules.class);

  private final PeerChannels channels;
  private final Peers peers;
  private final ReplayConfig config;
  private final Map<Bytes32, ReentrantLock> locks = new ConcurrentHashMap<>();
  private final Path directory;

  /** Called by the container. */
  public Modules(PeerChannels channels, Peers peers, ReplayConfig config) {
    this.channels = channels;
    this.peers = peers;
    this.config = config;
    try {
      // A name of its own: processes that share the parent must not share what is compiled.
      this.directory =
          Files.createTempDirectory(Files.createDirectories(config.moduleDirectory()), "modules-");
    } catch (IOException e) {
      throw new UncheckedIOException("no directory for modules", e);
    }
  }

  /** The binary of a job's module; empty if the worker does not give it. */
  public Optional<byte[]> get(Bench bench) {
    Bytes32 hash = bench.spec().moduleHash();
    Path file = directory.resolve(hash + ".wasm");
    ReentrantLock one = locks.computeIfAbsent(hash, key -> new ReentrantLock());
    one.lock();
    try {
      Optional<byte[]> kept = read(file, hash);
      if (kept.isPresent()) {
        return kept;
      }
      Optional<byte[]> fetched =
          fetch(hash, channels.to(bench.worker(), bench.address()))
              .or(() -> fetchElsewhere(hash, bench));
      fetched.ifPresent(module -> keep(file, module));
      return fetched;
    } finally {
      one.unlock();
      locks.remove(hash, one);
    }
  }

  private Optional<byte[]> fetchElsewhere(Bytes32 hash, Bench bench) {
    try {
      return fetch(hash, peers.channel(bench.worker(), "worker"));
    } catch (StatusRuntimeException e) {
      LOG.debugf("worker %s is not found: %s", bench.worker(), e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<byte[]> fetch(Bytes32 hash, Channel worker) {
    ByteArrayOutputStream module = new ByteArrayOutputStream();
    try {
      Iterator<ModuleChunk> chunks =
          WorkerGrpc.newBlockingStub(worker)
              .withDeadlineAfter(config.openingTime().toMillis() * 2, TimeUnit.MILLISECONDS)
              .getModule(GetModuleRequest.newBuilder().setModuleHash(Fields.bytes(hash)).build());
      while (chunks.hasNext()) {
        module.writeBytes(chunks.next().getData().toByteArray());
        if (module.size() > UnitLimits.MAX_MODULE_BYTES) {
          return Optional.empty();
        }
      }
    } catch (StatusRuntimeException e) {
      LOG.debugf("no module %s: %s", hash, e.getMessage());
      return Optional.empty();
    }
    byte[] bytes = module.toByteArray();
    return Keccak.hash(bytes).equals(hash) ? Optional.of(bytes) : Optional.empty();
  }

  private static Optional<byte[]> read(Path file, Bytes32 hash) {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      byte[] bytes = Files.readAllBytes(file);
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      return Keccak.hash(bytes).equals(hash) ? Optional.of(bytes) : Optional.empty();
    } catch (IOException e) {
      LOG.warnf("the kept module %s cannot be read: %s", hash, e.getMessage());
      return Optional.empty();
    }
  }

  private void keep(Path file, byte[] module) {
    try {
      Path part = Files.createTempFile(directory, "part", ".tmp");
      Files.write(part, module);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      shrink();
    } catch (IOException e) {
      LOG.warnf("a module is not kept: %s", e.getMessage());
    }
  }

  private void shrink() throws IOException {
    record Kept(Path path, long bytes, FileTime used) {}
    List<Kept> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path path : files.filter(Files::isRegularFile).toList()) {
        all.add(new Kept(path, Files.size(path), Files.getLastModifiedTime(path)));
      }
    }
    all.sort(Comparator.comparing(Kept::used));
    long bytes = all.stream().mapToLong(Kept::bytes).sum();
    for (int i = 0; i < all.size() - 1 && bytes > config.moduleBytes(); i++) {
      Files.deleteIfExists(all.get(i).path());
      bytes -= all.get(i).bytes();
    }
  }
}
