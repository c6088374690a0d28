package io.smartnodes.attestation;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.smartnodes.attestation.replay.OpeningWire;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.link.PeerServer;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.link.tls.RenewingIdentity;
import io.smartnodes.proto.worker.v1.GetModuleRequest;
import io.smartnodes.proto.worker.v1.ModuleChunk;
import io.smartnodes.proto.worker.v1.OpenRequest;
import io.smartnodes.proto.worker.v1.Opening;
import io.smartnodes.proto.worker.v1.WorkerGrpc;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.UnitLimits;
import io.smartnodes.protocol.attestation.TrapOutput;
import io.smartnodes.protocol.attestation.UnitRules;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.merkle.InputsTree;
import io.smartnodes.protocol.merkle.ResultsTree;
import io.smartnodes.protocol.merkle.UnitResult;
import io.smartnodes.wasm.Engine;
import io.smartnodes.wasm.InProcessRunner;
import io.smartnodes.wasm.ModuleCheck;
import io.smartnodes.wasm.ModuleLimits;
import io.smartnodes.wasm.RunLimits;
import io.smartnodes.wasm.RunOutcome;
import io.smartnodes.wasm.UnitSeed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A worker that runs the test program honestly, and opens what it is told that it claims. */
final class TestWorker extends WorkerGrpc.WorkerImplBase implements AutoCloseable {
  static final int UNITS = 24;

  /** A result with the outputs behind it. */
  record Claim(JobSpec spec, List<Bytes> outputs, ResultsTree results) {}

  private final byte[] module;
  private final RenewingIdentity identity;
  private final PeerServer server;
  private final Map<Bytes32, Claim> claims = new ConcurrentHashMap<>();
  private final Semaphore refused = new Semaphore(0);
  private volatile boolean shut;

  TestWorker() {
    try {
      module =
          Files.readAllBytes(
              Path.of(Objects.requireNonNull(System.getProperty("smartnodes.root")))
                  .resolve("libs/wasm/src/test/wasm/probe.wasm"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    identity =
        new RenewingIdentity(
            Endorser.of(TestKeys.WORKER, TestKeys.RULE),
            Duration.ofHours(1),
            InstantSource.system());
    server =
        PeerServer.start(
            new InetSocketAddress("localhost", 0),
            identity,
            TestKeys.RULE,
            InstantSource.system(),
            List.of(),
            List.of(this));
  }

  int port() {
    return server.port();
  }

  Bytes32 moduleHash() {
    return Keccak.hash(module);
  }

  /** Draws random bytes; the last one runs into a trap, which is a result too. */
  static List<Bytes> inputs() {
    return IntStream.range(0, UNITS)
        .mapToObj(i -> (i == UNITS - 1 ? "u" : "r") + i)
        .map(text -> Bytes.of(text.getBytes(StandardCharsets.US_ASCII)))
        .toList();
  }

  static InputsTree inputsTree() {
    return InputsTree.of(inputs().stream().map(Bytes::keccak).toList());
  }

  /** The outputs of all units of a job. */
  List<Bytes> run(JobSpec spec) {
    try (Engine engine = new Engine()) {
      if (!(engine.compile(module, ModuleLimits.STANDARD)
          instanceof ModuleCheck.Accepted(var compiled))) {
        throw new IllegalStateException("the test program cannot be read");
      }
      InProcessRunner runner = new InProcessRunner(1, UnitLimits.MAX_MEMORY_PAGES);
      List<Bytes> outputs = new ArrayList<>();
      for (int i = 0; i < UNITS; i++) {
        Bytes32 seed = UnitRules.seed(spec.hashStruct(), i);
        outputs.add(
            switch (runner.run(
                compiled,
                inputs().get(i).toArray(),
                UnitSeed.of(seed.toArray()),
                new RunLimits(
                    UnitLimits.MAX_MEMORY_PAGES,
                    UnitLimits.MAX_OUTPUT_BYTES,
                    Duration.ofSeconds(20)))) {
              case RunOutcome.Completed done -> Bytes.of(done.output().toByteArray());
              case RunOutcome.Trapped trap -> TrapOutput.of(trap.cause().name(), trap.exitCode());
              case RunOutcome.Unavailable(String reason) -> throw new IllegalStateException(reason);
            });
      }
      return outputs;
    }
  }

  static ResultsTree results(List<Bytes> outputs) {
    return ResultsTree.of(
        0,
        IntStream.range(0, UNITS)
            .mapToObj(i ->
                new UnitResult(i, inputs().get(i).keccak(), outputs.get(i).keccak(), new Fuel(1)))
            .toList());
  }

  void claims(Bytes32 receiptHash, Claim claim) {
    claims.put(receiptHash, claim);
  }

  /** Opens nothing until it is told otherwise. */
  void shut(boolean shut) {
    this.shut = shut;
  }

  /** Waits until it has refused so many requests more. */
  void awaitRefused(int requests) throws InterruptedException {
    if (!refused.tryAcquire(requests, 60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("nobody asks any more");
    }
  }

  @Override
  public void open(OpenRequest request, StreamObserver<Opening> answers) {
    if (shut) {
      refused.release();
      answers.onError(Status.UNAVAILABLE.asRuntimeException());
      return;
    }
    Claim claim =
        Objects.requireNonNull(claims.get(Bytes32.of(request.getReceiptHash().toByteArray())));
    for (long unit : request.getUnitsList()) {
      int i = (int) unit;
      answers.onNext(
          OpeningWire.toProto(
              new io.smartnodes.protocol.attestation.Opening(
                  unit,
                  inputs().get(i),
                  inputsTree().proof(unit),
                  claim.outputs().get(i),
                  new Fuel(1),
                  claim.results().proof(unit))));
    }
    answers.onCompleted();
  }

  @Override
  public void getModule(GetModuleRequest request, StreamObserver<ModuleChunk> answers) {
    answers.onNext(
        ModuleChunk.newBuilder().setData(ByteString.copyFrom(module)).setLast(true).build());
    answers.onCompleted();
  }

  @Override
  public void close() {
    server.close();
    identity.close();
  }
}
