package io.smartnodes.proposer.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proposer.Node;
import io.smartnodes.proposer.ProposerNode;
import io.smartnodes.proposer.duty.Duty;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.signer.v1.Signable;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.protocol.job.Hold;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.wire.EpochStructs;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.JobStructs;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 11: a database that was restored from an old copy has forgotten what was promised. */
@QuarkusTest
@QuarkusTestResource(ProposerNode.class)
class RestoredDatabaseTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Inject Tx tx;
  @Inject Node node;
  @Inject Duty duty;

  @Inject
  @Identifier("chain-proposer")
  StateView state;

  @TempDir Path directory;

  @Test
  void holdsWaitForTwoExecutedEpochsWhenTheMarkIsAheadOfTheDatabase() throws IOException {
    Path file = directory.resolve("mark");
    long start = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!duty.isActive() && System.nanoTime() < start) {
      LockSupport.parkNanos(50_000_000L);
    }
    NodeSigner before = signer(file, 0);
    before.sign(List.of(vote(700))).await().atMost(LIMIT);
    long mark = Long.parseLong(Files.readAllLines(file).getFirst());
    assertThat(mark).isPositive();
    long executed = state.epoch();

    Files.writeString(file, Long.toString(mark + 1_000));
    NodeSigner restored = signer(file, executed);
    assertThat(refusal(restored, hold("a", executed + 9)))
        .isEqualTo(ErrorCode.ERROR_CODE_NOT_READY);
    // Another start finds mark and database equal, and still waits.
    NodeSigner again = signer(file, executed);
    assertThat(refusal(again, hold("a", executed + 9))).isEqualTo(ErrorCode.ERROR_CODE_NOT_READY);
    // Votes wait by their rounds, not here.
    assertThat(again.sign(List.of(vote(701))).await().atMost(LIMIT)).hasSize(1);

    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (state.epoch() < executed + 2 && System.nanoTime() < end) {
      LockSupport.parkNanos(100_000_000L);
    }
    assertThat(again.sign(List.of(hold("a", executed + 9))).await().atMost(LIMIT)).hasSize(1);
  }

  /** One whose term began now. */
  private NodeSigner signer(Path file, long executed) {
    Marks marks = new Marks(tx, duty, file);
    marks.compare(1, executed);
    return new NodeSigner(tx, node, state, duty, marks);
  }

  private Signable hold(String job, long stateEpoch) {
    Hold hold = new Hold(Keccak.text(job), node.operator(), Amount.of(1), stateEpoch);
    return Signable.newBuilder().setHold(JobStructs.toProto(hold)).build();
  }

  private static Signable vote(long epoch) {
    return Signable.newBuilder()
        .setVote(EpochStructs.toProto(new Vote(epoch, 0, Keccak.text("digest"))))
        .build();
  }

  private static ErrorCode refusal(NodeSigner signer, Signable item) {
    StatusRuntimeException[] thrown = new StatusRuntimeException[1];
    assertThatThrownBy(() -> signer.sign(List.of(item)).await().atMost(LIMIT))
        .isInstanceOfSatisfying(StatusRuntimeException.class, e -> thrown[0] = e);
    return Errors.read(thrown[0]).orElseThrow().code();
  }
}
