package io.smartnodes.proposer;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proposer.store.Rows;
import io.smartnodes.proto.epoch.v1.AnnounceProposalRequest;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.wire.EpochStructs;
import io.smartnodes.wire.Errors;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a member may bring. */
@QuarkusTest
@QuarkusTestResource(ProposerNode.class)
class BallotsTest {
  private static final int AT_ONCE = 8;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @Inject Tx tx;
  @Inject Ballots ballots;
  @Inject EpochLoop loop;
  @Inject ChainTime time;

  @Test
  void whoAnnouncesManyProposalsOfOneRoundAtOnceHasOneStored()
      throws ExecutionException, InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    List<Optional<ErrorCode>> answers = List.of();
    // The epoch may end while they are announced: then again in the next.
    while (!answers.stream().allMatch(BallotsTest::isOfTheEpoch) || answers.isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(100_000_000L);
      Optional<EpochLoop.Current> current = loop.current().filter(now -> time.now().isPresent());
      answers = current.isPresent() ? announceAtOnce(current.get()) : List.of();
    }
    assertThat(answers).containsOnlyOnce(Optional.empty());
  }

  private List<Optional<ErrorCode>> announceAtOnce(EpochLoop.Current current)
      throws ExecutionException, InterruptedException {
    long epoch = current.epoch();
    // Our own proposal of the round before may be known; of this one there is none yet.
    int round = time.now().map(current.state().setup().schedule()::round).orElse(-1) + 1;
    long before = stored(epoch);
    List<Optional<ErrorCode>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<ErrorCode>>> calls =
          IntStream.range(0, AT_ONCE)
              .mapToObj(number -> threads.submit(() -> announce(epoch, round, number)))
              .toList();
      for (Future<Optional<ErrorCode>> call : calls) {
        answers.add(call.get());
      }
    }
    if (answers.stream().allMatch(BallotsTest::isOfTheEpoch)) {
      assertThat(stored(epoch)).isEqualTo(before + 1);
    }
    return answers;
  }

  private static boolean isOfTheEpoch(Optional<ErrorCode> answer) {
    return answer.isEmpty() || answer.get() == ErrorCode.ERROR_CODE_ALREADY_EXISTS;
  }

  private Optional<ErrorCode> announce(long epoch, int round, long number) {
    Update update =
        new Update(
            epoch,
            Bytes32.ofNumber(1),
            Bytes32.ofNumber(number),
            Bytes32.ofNumber(2),
            0,
            Bytes32.ZERO,
            Instant.ofEpochSecond(1),
            List.of(),
            List.of(),
            List.of(),
            Bytes32.ZERO);
    try {
      ballots.announced(
          PeerId.of(ProposerNode.NODE.publicKey()),
          AnnounceProposalRequest.newBuilder()
              .setEpoch(epoch)
              .setRound(round)
              .setUpdate(EpochStructs.toProto(update))
              .setBodySize(10)
              .build());
      return Optional.empty();
    } catch (StatusRuntimeException refused) {
      return Optional.of(Errors.read(refused).orElseThrow().code());
    }
  }

  /** Those of this test. */
  private long stored(long epoch) {
    return tx.runAndAwait(
            Rows.UNIT,
            session ->
                Rows.list(
                    "select digest, epoch from {h-schema}proposal where epoch = :epoch"
                        + " and body is null",
                    Map.of("epoch", epoch),
                    row -> row.text(0)))
        .size();
  }
}
