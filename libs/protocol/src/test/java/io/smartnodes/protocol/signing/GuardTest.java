package io.smartnodes.protocol.signing;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.signing.Guard.Entry;
import io.smartnodes.protocol.signing.Guard.Outcome;
import io.smartnodes.protocol.signing.Guard.Rule;
import io.smartnodes.protocol.signing.SignerStart.Mark;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GuardTest {
  private static final Bytes32 ONE = Keccak.text("one");
  private static final Bytes32 TWO = Keccak.text("two");

  @Test
  void aSecondDigestInTheSameRoundIsNeverSigned() {
    Guard vote = new Guard("VOTE/5/0", TWO, 0, new Rule.Once());
    assertThat(vote.judge(Optional.of(new Entry(ONE, 0)))).isInstanceOf(Outcome.Contradicts.class);
  }

  @Test
  void theSameDigestIsSignedAgainWithoutAWrite() {
    Guard vote = new Guard("VOTE/5/0", ONE, 0, new Rule.Once());
    assertThat(vote.judge(Optional.empty())).isEqualTo(new Outcome.First(new Entry(ONE, 0)));
    assertThat(vote.judge(Optional.of(new Entry(ONE, 0)))).isEqualTo(new Outcome.Again());
  }

  @Test
  void anAckFollowsOnlyAVoidedReceipt() {
    Entry standing = new Entry(ONE, 0);
    assertThat(new Guard("ACK", TWO, 0, new Rule.AfterVoid(Set.of())).judge(Optional.of(standing)))
        .isInstanceOf(Outcome.Contradicts.class);
    assertThat(
            new Guard("ACK", TWO, 0, new Rule.AfterVoid(Set.of(ONE))).judge(Optional.of(standing)))
        .isEqualTo(new Outcome.Replaces(new Entry(TWO, 0)));
  }

  @Test
  void aHoldIsSignedAgainForALaterStateOnly() {
    Optional<Entry> standing = Optional.of(new Entry(ONE, 7));
    assertThat(new Guard("HOLD", TWO, 8, new Rule.Later()).judge(standing))
        .isInstanceOf(Outcome.Replaces.class);
    assertThat(new Guard("HOLD", TWO, 7, new Rule.Later()).judge(standing))
        .isInstanceOf(Outcome.Contradicts.class);
  }

  @Test
  void confirmedMayBeFollowedByRefutedNeverTheReverse() {
    Guard refuted = new Guard("VERDICT", TWO, Guard.REFUTED, new Rule.Verdict());
    Guard confirmed = new Guard("VERDICT", ONE, Guard.CONFIRMED, new Rule.Verdict());
    assertThat(refuted.judge(Optional.of(new Entry(ONE, Guard.CONFIRMED))))
        .isInstanceOf(Outcome.Replaces.class);
    assertThat(confirmed.judge(Optional.of(new Entry(TWO, Guard.REFUTED))))
        .isInstanceOf(Outcome.Contradicts.class);
  }

  @Test
  void aRestoredDatabaseIsDoubted() {
    Optional<Mark> high = Optional.of(new Mark(9, 2));
    assertThat(SignerStart.judge(high, Optional.of(new Mark(9, 1))))
        .isInstanceOf(SignerStart.Doubtful.class);
    assertThat(SignerStart.judge(high, Optional.empty())).isInstanceOf(SignerStart.Doubtful.class);
    assertThat(SignerStart.judge(Optional.empty(), high)).isInstanceOf(SignerStart.Doubtful.class);
    assertThat(SignerStart.judge(high, Optional.of(new Mark(10, 0))))
        .isEqualTo(new SignerStart.Trusted());
    assertThat(SignerStart.judge(Optional.empty(), Optional.empty()))
        .isEqualTo(new SignerStart.Trusted());
  }
}
