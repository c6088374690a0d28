package io.smartnodes.proposer;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.proposer.set.EpochSet;
import io.smartnodes.proposer.store.EpochStore.CastVote;
import io.smartnodes.protocol.epoch.Vote;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which votes an execution is sent with. */
class QuorumTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes SIGNATURE =
      NodeKey.generate(RANDOM).sign(Keccak.text("checked when it came")).bytes();
  private static final Bytes32 DIGEST = Keccak.text("update");
  private static final EpochSet SET =
      new EpochSet(
          IntStream.range(0, 4)
              .mapToObj(i -> NodeKey.generate(RANDOM))
              .map(key -> new EpochSet.Member(key.address(), key.publicKey()))
              .toList());

  @Test
  void theFirstRoundWithMoreThanTwoThirdsIsSent() {
    List<CastVote> votes = List.of(vote(0, 0), vote(0, 1), vote(1, 0), vote(1, 1), vote(1, 2));
    assertThat(round(votes, BigInteger.ZERO)).contains(1);
  }

  @Test
  void whoWasSlashedAfterItsVoteDoesNotCompleteAQuorumAndALaterRoundIsSent() {
    BigInteger third = BigInteger.ONE.shiftLeft(2);
    List<CastVote> first = List.of(vote(0, 0), vote(0, 1), vote(0, 2));
    assertThat(round(first, third)).isEmpty();
    List<CastVote> both =
        List.of(vote(0, 0), vote(0, 1), vote(0, 2), vote(3, 0), vote(3, 1), vote(3, 3));
    assertThat(round(both, third)).contains(3);
    assertThat(round(both, BigInteger.ZERO)).contains(0);
  }

  @Test
  void votesForAnotherDigestOrOfAStrangerAreNotSent() {
    CastVote other =
        new CastVote(SET.operators().get(2), new Vote(5, 0, Keccak.text("other")), SIGNATURE);
    CastVote stranger =
        new CastVote(NodeKey.generate(RANDOM).address(), new Vote(5, 0, DIGEST), SIGNATURE);
    assertThat(round(List.of(vote(0, 0), vote(0, 1), other, stranger), BigInteger.ZERO)).isEmpty();
  }

  private static Optional<Integer> round(List<CastVote> votes, BigInteger excluded) {
    return Submissions.quorum(votes, SET, DIGEST, excluded).map(Map.Entry::getKey);
  }

  private static CastVote vote(int round, int position) {
    return new CastVote(SET.operators().get(position), new Vote(5, round, DIGEST), SIGNATURE);
  }
}
