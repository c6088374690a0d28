package io.smartnodes.proposer.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.StatusRuntimeException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proposer.Node;
import io.smartnodes.proposer.ProposerNode;
import io.smartnodes.proposer.duty.Duty;
import io.smartnodes.proposer.store.Rows;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.signer.v1.Signable;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.wire.EpochStructs;
import io.smartnodes.wire.Errors;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each instance has a file of its own, and none may make a restored database look right. */
@QuarkusTest
@QuarkusTestResource(ProposerNode.class)
class MarksTest {
  /** A lease of the tests: the real one is in use. */
  private static final String LEASE = "marks-test";

  private static final long TERM = 77;
  private static final long EPOCH = 1;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Inject Tx tx;
  @Inject Duty duty;
  @Inject Marks marks;
  @Inject Node node;

  @Inject
  @Identifier("chain-proposer")
  StateView state;

  @TempDir Path directory;

  private Path first;
  private Path second;

  @BeforeEach
  void anotherInstanceActs() {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!duty.isActive()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(50_000_000L);
    }
    first = directory.resolve("first/mark");
    second = directory.resolve("second/mark");
    lease(TERM, "1 hour");
  }

  @Test
  void whoStandsByFollowsOnlyACountThatWasComparedInATermThatLasts() throws IOException {
    Marks standby = new Marks(tx, duty, second);
    lease(TERM + 1, "1 hour");
    new Marks(tx, duty, first).compare(TERM, EPOCH);
    standby.follow(LEASE, () -> EPOCH);
    assertThat(second).doesNotExist();

    lease(TERM, "-1 second");
    standby.follow(LEASE, () -> EPOCH);
    assertThat(second).doesNotExist();

    lease(TERM, "1 hour");
    standby.follow(LEASE, () -> EPOCH);
    assertThat(number(second)).isEqualTo(counted());
    long signed = tx.runAndAwait(Rows.UNIT, session -> Guard.count());
    standby.follow(LEASE, () -> EPOCH);
    assertThat(number(second)).isGreaterThanOrEqualTo(signed);

    long fence = fence();
    new Marks(tx, duty, second).compare(TERM, EPOCH + 1_000);
    assertThat(fence()).isEqualTo(fence);
  }

  @Test
  void aFileThatIsAheadTellsWhatTheActingInstanceCannotKnow() throws IOException {
    new Marks(tx, duty, first).compare(TERM, EPOCH);
    Marks acting = new Marks(tx, duty, first);
    acting.compare(TERM, EPOCH);
    long ahead = counted() + 500;
    Files.createDirectories(second.getParent());
    Files.writeString(second, ahead + "\n");
    long executed = fence() + 3;
    try {
      new Marks(tx, duty, second).follow(LEASE, () -> executed);
      acting.upkeep(() -> executed);
      assertThat(acting.basis().noHoldsBefore()).isEqualTo(executed + 2);
      assertThat(counted()).isGreaterThanOrEqualTo(ahead);
    } finally {
      resetFence();
    }
  }

  @Test
  void aDatabaseThatForgetsDuringATermIsNoticedByTheInstanceThatActs() throws IOException {
    Marks acting = new Marks(tx, duty, first);
    acting.compare(TERM, EPOCH);
    acting.upkeep(() -> EPOCH);
    long executed = fence() + 3;
    assertThat(acting.basis().noHoldsBefore()).isLessThan(executed);
    long ahead = counted() + 500;
    try {
      Files.writeString(first, ahead + "\n" + Files.readAllLines(first).get(1) + "\n");
      acting.upkeep(() -> executed);
      assertThat(acting.basis().noHoldsBefore()).isEqualTo(executed + 2);
      assertThat(acting.basis().inDoubt()).isFalse();
      assertThat(counted()).isGreaterThanOrEqualTo(ahead);
    } finally {
      resetFence();
    }
  }

  @Test
  void aBatchWhoseNumberWasGivenOutBeforeIsNotSigned() throws IOException {
    Marks acting = new Marks(tx, duty, first);
    acting.compare(TERM, EPOCH);
    NodeSigner signer = new NodeSigner(tx, node, state, duty, acting);
    assertThat(signer.sign(List.of(vote(710))).await().atMost(LIMIT)).hasSize(1);
    long executed = fence() + 3;
    try {
      // As it was signed before the database took up an older copy, within the same term.
      Files.writeString(first, counted() + 500 + "\n" + Files.readAllLines(first).get(1) + "\n");
      acting.verify();
      assertThat(refusal(signer, vote(711))).isEqualTo(ErrorCode.ERROR_CODE_NOT_READY);
      // However far the count has come since: the loss stands until there is a fence for it.
      execute("update {h-schema}guard_batches set value = value + 1000");
      assertThat(refusal(signer, vote(711))).isEqualTo(ErrorCode.ERROR_CODE_NOT_READY);
      acting.upkeep(() -> executed);
      assertThat(acting.basis().noHoldsBefore()).isEqualTo(executed + 2);
      assertThat(signer.sign(List.of(vote(711))).await().atMost(LIMIT)).hasSize(1);
    } finally {
      resetFence();
    }
  }

  private static Signable vote(long epoch) {
    return Signable.newBuilder()
        .setVote(EpochStructs.toProto(new Vote(epoch, 0, Keccak.text("digest"))))
        .build();
  }

  private static ErrorCode refusal(NodeSigner signer, Signable item) {
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> signer.sign(List.of(item)).await().atMost(LIMIT));
    return Errors.read(Objects.requireNonNull(refused, "it was signed")).orElseThrow().code();
  }

  @Test
  void aFileThatNobodyKeptWhileAnotherInstanceActedIsNotTrusted() throws IOException {
    new Marks(tx, duty, first).compare(TERM, EPOCH);
    Marks standby = new Marks(tx, duty, second);
    standby.follow(LEASE, () -> EPOCH);
    long executed = fence() + 3;
    try {
      Files.setLastModifiedTime(first, FileTime.from(Instant.now().minus(Duration.ofMinutes(11))));
      Marks own = new Marks(tx, duty, first);
      own.compare(TERM, EPOCH);
      assertThat(fence()).isLessThan(executed);

      new Marks(tx, duty, second).compare(TERM, EPOCH);
      Files.setLastModifiedTime(first, FileTime.from(Instant.now().minus(Duration.ofMinutes(11))));
      new Marks(tx, duty, first).compare(TERM, executed);
      assertThat(fence()).isEqualTo(executed + 2);
    } finally {
      resetFence();
    }
  }

  @Test
  void theFileLiesInTheHomeFolderUnlessAnOlderOneIsBesideTheKey() throws IOException {
    Path key = directory.resolve("node.json");
    Optional<String> home = Optional.of(directory.resolve("home").toString());
    assertThat(Marks.place(Optional.empty(), key)).isEqualTo(directory.resolve("node.json.signed"));
    assertThat(Marks.place(home, key)).isEqualTo(directory.resolve("home/signer.signed"));
    Files.writeString(directory.resolve("node.json.signed"), "3\n");
    assertThat(Marks.place(home, key)).isEqualTo(directory.resolve("node.json.signed"));
  }

  private static long number(Path file) throws IOException {
    return Long.parseLong(Files.readAllLines(file).getFirst());
  }

  private long counted() {
    return tx.runAndAwait(Rows.UNIT, session -> Guard.counted());
  }

  private long fence() {
    return tx.runAndAwait(Rows.UNIT, session -> Guard.fence());
  }

  /** For the other tests of this process, which sign holds. */
  private void resetFence() {
    execute("update {h-schema}guard_fence set epoch = 0");
    marks.upkeep(() -> 0);
  }

  private void lease(long fence, String life) {
    execute(
        "insert into {h-schema}unit_lease (name, fence, until) values ('%s', %d,"
                .formatted(LEASE, fence)
            + " clock_timestamp() + interval '%s') on conflict (name) do update".formatted(life)
            + " set fence = excluded.fence, until = excluded.until");
  }

  private void execute(String sql) {
    int rows = tx.runAndAwait(Rows.UNIT, session -> Rows.execute(sql, Map.of()));
    assertThat(rows).isPositive();
  }
}
