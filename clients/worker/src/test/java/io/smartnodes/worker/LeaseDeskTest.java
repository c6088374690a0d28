package io.smartnodes.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.worker.v1.ReceiptMade;
import io.smartnodes.proto.worker.v1.UnitInput;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.merkle.InputsTree;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Fields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker knows of its leases, also after it was started again. */
class LeaseDeskTest {
  private static final int UNITS = 3;
  private static final List<Bytes32> INPUT_HASHES =
      IntStream.range(0, UNITS).mapToObj(i -> bytes("in" + i).keccak()).toList();
  private static final InputsTree INPUTS = InputsTree.of(INPUT_HASHES);
  private static final Instant START = Instant.ofEpochSecond(1_700_000_000);
  private static final PeerId HOME = new PeerId(Bytes32.ofNumber(1));
  private static final PeerId USER = new PeerId(Bytes32.ofNumber(2));
  private static final Address WORKER = Address.fromWord(Bytes32.ofNumber(3));
  private static final JobSpec SPEC =
      new JobSpec(
          WORKER,
          WORKER,
          Bytes32.ZERO,
          Bytes32.ZERO,
          UNITS,
          INPUTS.root(),
          new Fuel(1),
          Amount.of(1),
          WORKER,
          START.plus(Duration.ofDays(1)),
          1);
  private static final LeaseWork.Granted GRANTED =
      new LeaseWork.Granted(
          new Lease(SPEC.hashStruct(), 7, 0, UNITS, WORKER, Amount.of(1), START.plusSeconds(600)),
          bytes("signature"),
          SPEC,
          HOME,
          USER,
          List.of(HOME));
  private static final Bytes32 LEASE = GRANTED.lease().hashStruct();

  @TempDir Path folder;
  private Instant now = START;

  private static Bytes bytes(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private LeaseDesk desk() {
    return new LeaseDesk(folder, () -> now, new Honesty.Honest());
  }

  /** Runs some units of the lease, in order. */
  private static LeaseWork work(LeaseDesk desk, int units) {
    LeaseWork work = desk.take(GRANTED);
    for (int i = 0; i < units; i++) {
      UnitInput.Builder input =
          UnitInput.newBuilder().setIndex(i).setInput(Fields.bytes(bytes("in" + i)));
      INPUTS.proof(i).forEach(sibling -> input.addProof(Fields.bytes(sibling)));
      work.complete(input.build(), bytes("in" + i), bytes("out" + i));
    }
    return work;
  }

  /** Runs all units, and keeps the receipt over them. */
  private static Bytes32 commit(LeaseDesk desk) {
    LeaseWork work = work(desk, UNITS);
    JobReceipt receipt =
        new JobReceipt(SPEC.hashStruct(), 7, 0, UNITS, work.tree().fuel(), work.tree().root(), 100);
    work.keep(
        ReceiptMade.newBuilder()
            .setReceipt(
                BodyStructs.toProto(
                    new SignedReceipt(
                        receipt, bytes("worker"), GRANTED.lease(), GRANTED.homeSignature())))
            .build());
    return receipt.hashStruct();
  }

  @Test
  void aReceiptIsOpenedToItsJuryAfterARestartThoughNoHomeShowsItsLeaseAnyMore() {
    Bytes32 receipt = commit(desk());
    LeaseDesk again = desk();
    LeaseWork work = again.findReceipt(receipt).orElseThrow();
    assertThat(work.granted()).isEqualTo(GRANTED);
    assertThat(work.open(1).getOutput()).isEqualTo(Fields.bytes(bytes("out1")));
    assertThat(work.open(1).getInputProofList()).hasSameSizeAs(INPUTS.proof(1));
    assertThat(again.isUser(USER)).isTrue();
    assertThat(again.open(HOME::equals)).as("what ended is not in work").isEmpty();
  }

  @Test
  void aReceiptThatDidNotReachItsHomeIsKnownToBeMissingThereAfterARestart() {
    commit(desk());
    LeaseDesk again = desk();
    assertThat(again.undelivered()).hasSize(1);
    again.undelivered().forEach(LeaseWork::delivered);
    assertThat(again.undelivered()).isEmpty();
    assertThat(desk().undelivered()).isEmpty();
  }

  @Test
  void aLeaseThatItsHomeStillShowsGoesOnWhereItWas() {
    work(desk(), 2);
    LeaseDesk again = desk();
    again.reconcile(HOME::equals, Set.of(LEASE));
    assertThat(again.open(HOME::equals))
        .singleElement()
        .satisfies(work -> {
          assertThat(work.done()).isEqualTo(2);
          assertThat(work.isDone(2)).isFalse();
        });
  }

  @Test
  void aLeaseThatAHomeForgotForAMomentIsInWorkAgain() {
    LeaseDesk desk = desk();
    work(desk, 1);
    desk.reconcile(HOME::equals, Set.of());
    assertThat(desk.open(HOME::equals)).isEmpty();
    desk.reconcile(HOME::equals, Set.of(LEASE));
    assertThat(desk.open(HOME::equals)).hasSize(1);
  }

  @Test
  void openingsAreKeptAsLongAsTheJobIsInTheState() throws IOException {
    LeaseDesk desk = desk();
    Bytes32 receipt = commit(desk);
    desk.reconcile(HOME::equals, Set.of());
    now = START.plus(Duration.ofDays(30));
    desk.prune(job -> false);
    assertThat(desk.findReceipt(receipt)).isPresent();
    desk.prune(SPEC.hashStruct()::equals);
    assertThat(desk.findReceipt(receipt)).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatHasNoReceiptIsDeletedTwoHoursAfterItsEnd() {
    LeaseDesk desk = desk();
    work(desk, 1);
    desk.reconcile(HOME::equals, Set.of());
    now = START.plus(LeaseDesk.KEPT);
    desk.prune(job -> false);
    assertThat(desk.knows(GRANTED.lease())).isTrue();
    now = now.plusMillis(1);
    desk.prune(job -> false);
    assertThat(desk.knows(GRANTED.lease())).isFalse();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aLeaseWhoseHomeIsGoneForGoodEndsWithItsJob() {
    LeaseDesk desk = desk();
    work(desk, 1);
    now = SPEC.deadline().plus(LeaseDesk.KEPT);
    desk.prune(job -> false);
    assertThat(desk.knows(GRANTED.lease())).isTrue();
    now = now.plusMillis(1);
    desk.prune(job -> false);
    assertThat(desk.knows(GRANTED.lease())).isFalse();
  }

  @Test
  void aFileThatWasLeftHalfWrittenCountsAsMissing() throws IOException {
    work(desk(), UNITS);
    cut("1.out");
    LeaseDesk again = desk();
    LeaseWork work = again.take(GRANTED);
    assertThat(work.isDone(0)).isTrue();
    assertThat(work.isDone(1)).as("its output is not what was written").isFalse();

    cut("lease");
    assertThat(desk().knows(GRANTED.lease())).as("nobody knows whose units these are").isFalse();
    assertThat(folder).isEmptyDirectory();
  }

  /** Cuts the last byte off a file of the lease. */
  private void cut(String name) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      Path file =
          files.filter(one -> one.getFileName().toString().equals(name)).findFirst().orElseThrow();
      byte[] all = Files.readAllBytes(file);
      Files.write(
          file, java.util.Arrays.copyOf(all, all.length - 1), StandardOpenOption.TRUNCATE_EXISTING);
    }
  }
}
