package io.smartnodes.protocol.body.check;

import static io.smartnodes.protocol.transition.Rulings.confirmed;
import static io.smartnodes.protocol.transition.World.COINS_PER_UNIT;
import static io.smartnodes.protocol.transition.World.DOMAIN;
import static io.smartnodes.protocol.transition.World.GENESIS;
import static io.smartnodes.protocol.transition.World.HOME;
import static io.smartnodes.protocol.transition.World.OPERATORS;
import static io.smartnodes.protocol.transition.World.address;
import static io.smartnodes.protocol.transition.World.key;
import static io.smartnodes.protocol.transition.World.receipt;
import static io.smartnodes.protocol.transition.World.registration;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.attestation.Confirmed;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.EpochVote;
import io.smartnodes.protocol.body.MemberVerdict;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.protocol.transition.Inbox;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose signatures count when validators come, go and change their keys. */
class MembersTest extends BodyFixture {
  private static final NodeKey NEW_KEY = key(51);
  private static final Address LEAVER = OPERATORS.get(1).address();
  private static final Address ROTATED = OPERATORS.get(2).address();
  private static final Address JOINER = address(41);

  private void valid(io.smartnodes.protocol.hash.Struct... items) {
    assertThat(check(world.body(items))).isEqualTo(new BodyCheck.Valid());
  }

  private EpochVote vote(Address operator, NodeKey node) {
    return new EpochVote(
        operator, 0, DOMAIN.sign(new Vote(world.state().epoch(), 0, DIGEST), node));
  }

  @Test
  void whatALeaverAndAFormerKeySignedStillCounts() {
    Certificate certificate = confirmed(receipt(job(), 0, 2, COINS_PER_UNIT));
    Inbox inbox = new Inbox(world);
    world.epoch(
        world.body(), inbox.exit(LEAVER), inbox.rotation(ROTATED, NEW_KEY), inbox.exit(HOME));
    valid(certificate);
    world.epoch(world.body(certificate));
    assertThat(world.last().ignored()).isEmpty();
    world.epoch(world.body());
    assertThat(world.payout(LEAVER, io.smartnodes.protocol.transition.World.TOKEN).isZero())
        .isFalse();
  }

  @Test
  void whoRotatedSignsWithItsNewKeyToo() {
    SignedReceipt receipt = receipt(job(), 0, 2, COINS_PER_UNIT);
    Certificate old = confirmed(receipt);
    world.epoch(world.body(), new Inbox(world).rotation(ROTATED, NEW_KEY));
    Confirmed said = new Confirmed(receipt.receipt().hashStruct(), 0, List.of());
    List<MemberVerdict> verdicts = new ArrayList<>(old.verdicts());
    verdicts.set(2, new MemberVerdict(ROTATED, 0, List.of(), DOMAIN.sign(said, NEW_KEY)));
    valid(with(old, old.acks(), verdicts));
    verdicts.set(2, new MemberVerdict(ROTATED, 0, List.of(), DOMAIN.sign(said, key(77))));
    rejected("certificate", "verdict is not signed", with(old, old.acks(), verdicts));
  }

  @Test
  void whoJoinedAfterTheJobWasAnchoredIsNotDrawnForIt() {
    SignedReceipt receipt = receipt(job(), 0, 2, COINS_PER_UNIT);
    world.epoch(world.body(), new Inbox(world).join(JOINER, NEW_KEY, GENESIS));
    world.epoch(world.body());
    assertThat(world.state().activeValidators()).hasSize(5);
    Confirmed said = new Confirmed(receipt.receipt().hashStruct(), 0, List.of());
    Certificate good = confirmed(receipt);
    valid(good);
    List<MemberVerdict> verdicts = new ArrayList<>(good.verdicts());
    verdicts.set(0, new MemberVerdict(JOINER, 0, List.of(), DOMAIN.sign(said, NEW_KEY)));
    rejected("certificate", "who was not drawn", with(good, good.acks(), verdicts));
  }

  @Test
  void votesAreThoseOfTheSetThatVotedUnderTheKeysOfThen() {
    Inbox inbox = new Inbox(world);
    world.epoch(
        world.body(),
        inbox.exit(LEAVER),
        inbox.rotation(ROTATED, NEW_KEY),
        inbox.join(JOINER, key(52), GENESIS));
    valid(world.vote(1, DIGEST));
    valid(world.vote(2, DIGEST));
    rejected("vote", "who had none", vote(JOINER, key(52)));
    world.epoch(world.body());
    rejected("vote", "who had none", world.vote(1, DIGEST));
    valid(vote(ROTATED, NEW_KEY));
    valid(vote(JOINER, key(52)));
  }

  @Test
  void aLeaverIntroducesNobody() {
    world.epoch(world.body(), new Inbox(world).exit(HOME));
    rejected("registration", "no active validator", registration(key(31), key(32), 1));
  }
}
