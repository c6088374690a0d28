package io.smartnodes.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.link.PeerServer;
import io.smartnodes.proto.worker.v1.ModuleChunk;
import io.smartnodes.proto.worker.v1.ProcessRequest;
import io.smartnodes.proto.worker.v1.ProcessResponse;
import io.smartnodes.proto.worker.v1.Ticket;
import io.smartnodes.proto.worker.v1.UnitInput;
import io.smartnodes.proto.worker.v1.WorkerGrpc;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.merkle.InputsTree;
import io.smartnodes.runner.client.ModuleVerdict;
import io.smartnodes.runner.client.Program;
import io.smartnodes.runner.client.RunnerStatus;
import io.smartnodes.runner.client.UnitOutcome;
import io.smartnodes.runner.client.UnitRunner;
import io.smartnodes.sdk.NetworkClient;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Users that bring the inputs of a lease and lose the connection, over real ones. */
@Timeout(60)
class ProcessCallTest {
  private static final int UNITS = 3;
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Bytes MODULE = Bytes.of("module".getBytes(StandardCharsets.UTF_8));
  private static final List<Bytes> INPUTS =
      IntStream.range(0, UNITS).mapToObj(ProcessCallTest::input).toList();
  private static final InputsTree TREE = InputsTree.of(INPUTS.stream().map(Bytes::keccak).toList());
  private static final Address ACCOUNT = Address.fromWord(SmallNetwork.WORKER.peerId());
  private static final PeerId HOME = PeerId.of(SmallNetwork.VALIDATOR.publicKey());
  private static final JobSpec SPEC =
      new JobSpec(
          ACCOUNT,
          ACCOUNT,
          Bytes32.ZERO,
          MODULE.keccak(),
          UNITS,
          TREE.root(),
          new Fuel(1),
          Amount.of(1),
          ACCOUNT,
          START.plus(Duration.ofHours(1)),
          1);
  private static final LeaseWork.Granted GRANTED =
      new LeaseWork.Granted(
          new Lease(SPEC.hashStruct(), 7, 0, UNITS, ACCOUNT, Amount.of(1), START.plusSeconds(120)),
          Bytes.EMPTY,
          SPEC,
          HOME,
          PeerId.of(SmallNetwork.USER.publicKey()),
          List.of(HOME));

  @TempDir Path folder;
  private final Gated runner = new Gated();
  private final UnitPool pool = new UnitPool(UNITS);
  private final SmallNetwork network = new SmallNetwork(() -> START);
  private final NetworkClient user = network.client(SmallNetwork.USER);
  private String address = "";

  private static Bytes input(int unit) {
    return Bytes.of(new byte[] {(byte) unit});
  }

  @BeforeEach
  void serve() {
    ModuleStore modules = new ModuleStore(folder.resolve("modules"));
    LeaseDesk desk = new LeaseDesk(folder.resolve("leases"), () -> START, new Honesty.Honest());
    desk.take(GRANTED);
    PeerServer server =
        network.serve(
            SmallNetwork.WORKER,
            List.of(
                new WorkerService(
                    desk,
                    modules,
                    new UnitExecutor(modules, runner),
                    new ReceiptDesk(network.client(SmallNetwork.WORKER), () -> 1),
                    pool)));
    address = "localhost:" + server.port();
  }

  @AfterEach
  void close() {
    runner.go.release(UNITS);
    pool.close();
    network.close();
  }

  @Test
  void aUserThatComesAgainGetsTheOutputsOfUnitsThatItsLostCallBrought() throws Exception {
    var lost = ticket();
    module(lost);
    inputs(lost);
    runner.begun.acquire(UNITS);
    lost.cancel("the connection was lost", null);

    var again = ticket();
    runner.go.release(UNITS);
    assertDelivered(again);
  }

  @Test
  void aUserThatComesAgainWhenAllIsDoneGetsTheOutputsForItsTicket() throws Exception {
    runner.go.release(UNITS);
    var first = ticket();
    module(first);
    inputs(first);
    assertDelivered(first);
    assertDelivered(ticket());
  }

  @Test
  void aUserThatGoesAwayLeavesNobodyWaitingForItsReceipt() throws Exception {
    var lost = ticket();
    module(lost);
    inputs(lost);
    runner.begun.acquire(UNITS);
    assertThat(threads()).contains("hand-out-");

    lost.cancel("the user went away", null);
    while (threads().contains("hand-out-")) {
      assertThat(Thread.currentThread().isInterrupted()).as("out of time").isFalse();
    }
  }

  @Test
  void everyCallOfALeaseThatIsGivenUpIsRefusedAtOnce() throws Exception {
    var lost = ticket();
    module(lost);
    inputs(lost);
    runner.begun.acquire(UNITS);
    lost.cancel("the connection was lost", null);
    var again = ticket();

    runner.broken = true;
    runner.go.release(UNITS);
    assertThatThrownBy(again::read)
        .isInstanceOf(StatusException.class)
        .hasMessageContaining("given up: unit");
    assertThatThrownBy(this::ticket)
        .isInstanceOf(StatusException.class)
        .hasMessageContaining("given up: unit");
  }

  /** Opens a call; its ticket is accepted when this returns. */
  private BlockingClientCall<ProcessRequest, ProcessResponse> ticket() throws Exception {
    var call =
        WorkerGrpc.newBlockingV2Stub(
                user.channel(PeerId.of(SmallNetwork.WORKER.publicKey()), address))
            .withDeadlineAfter(10, TimeUnit.MINUTES)
            .process();
    call.write(
        ProcessRequest.newBuilder()
            .setTicket(
                Ticket.newBuilder()
                    .setLease(JobStructs.toProto(GRANTED.lease()))
                    .setHomeSignature(Fields.bytes(GRANTED.homeSignature())))
            .build());
    assertThat(call.read().hasAccepted()).isTrue();
    return call;
  }

  private static void module(BlockingClientCall<ProcessRequest, ProcessResponse> call)
      throws Exception {
    call.write(
        ProcessRequest.newBuilder()
            .setModule(ModuleChunk.newBuilder().setData(Fields.bytes(MODULE)).setLast(true))
            .build());
  }

  private static void inputs(BlockingClientCall<ProcessRequest, ProcessResponse> call)
      throws Exception {
    for (int i = 0; i < UNITS; i++) {
      UnitInput.Builder input =
          UnitInput.newBuilder().setIndex(i).setInput(Fields.bytes(INPUTS.get(i)));
      TREE.proof(i).forEach(sibling -> input.addProof(Fields.bytes(sibling)));
      assertThat(call.write(ProcessRequest.newBuilder().setInput(input).build())).isTrue();
    }
    call.halfClose();
  }

  private static void assertDelivered(BlockingClientCall<ProcessRequest, ProcessResponse> call)
      throws Exception {
    boolean receipt = false;
    TreeSet<Long> outputs = new TreeSet<>();
    for (var answer = call.read(); answer != null; answer = call.read()) {
      receipt |= answer.hasReceipt();
      if (answer.hasOutput()) {
        assertThat(receipt).as("the receipt comes first").isTrue();
        outputs.add(answer.getOutput().getIndex());
      }
    }
    assertThat(outputs).hasSize(UNITS);
  }

  /** All threads of this process, virtual ones too. */
  private String threads() throws IOException {
    Path dump = folder.resolve("threads");
    Files.deleteIfExists(dump);
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
    return Files.readString(dump);
  }

  /** Runs a unit when it is let, and says that it began. */
  private static final class Gated implements UnitRunner {
    final Semaphore begun = new Semaphore(0);
    final Semaphore go = new Semaphore(0);
    volatile boolean broken;

    @Override
    public ModuleVerdict check(Program program, Instant until) {
      return new ModuleVerdict.Accepted();
    }

    @Override
    public UnitOutcome run(
        Program program, Bytes input, Bytes32 seed, Duration wallClock, Instant until) {
      begun.release();
      go.acquireUninterruptibly();
      return broken
          ? new UnitOutcome.Unavailable("the runner is broken")
          : new UnitOutcome.Completed(Bytes.EMPTY, new Fuel(1));
    }

    @Override
    public Optional<RunnerStatus> status() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
