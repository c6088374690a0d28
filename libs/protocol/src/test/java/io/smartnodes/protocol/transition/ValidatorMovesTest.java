package io.smartnodes.protocol.transition;

import static io.smartnodes.protocol.transition.World.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.protocol.chance.Seat;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.State;
import io.smartnodes.protocol.state.Validator;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValidatorMovesTest {
  private static final Amount COINS = Amount.ofCoins(100);
  private static final Address JOINER = address(41);
  private static final Address SECOND = address(42);
  private static final NodeKey NODE = key(51);
  private static final NodeKey SECOND_NODE = key(52);
  private static final List<Address> FOUNDERS = OPERATORS.stream().map(NodeKey::address).toList();

  private final World world = new World();

  private Inbox inbox() {
    return new Inbox(world);
  }

  private Instant soon() {
    return world.state().head().asOf().plusSeconds(1);
  }

  private Validator validator(Address operator) {
    return world.state().validator(operator).orElseThrow();
  }

  private List<Address> set() {
    return world.state().activeValidators().stream().map(Validator::operator).toList();
  }

  private List<Address> pickable(long epoch) {
    return world.state().pickableAt(epoch).stream().map(Seat::operator).toList();
  }

  @Test
  void foundersStandInTheirOrderAndMayBePickedFromTheBeginning() {
    assertThat(set()).isEqualTo(FOUNDERS);
    assertThat(pickable(0)).isEqualTo(FOUNDERS);
    assertThat(world.state().activeAt(-1)).isEmpty();
    byte[] first = new byte[20];
    System.arraycopy(world.state().validatorSet().toArray(), 20, first, 0, 20);
    assertThat(Address.of(first)).isEqualTo(HOME);
  }

  @Test
  void aJoinerGetsItsSeatFromTheSeedOfItsActivationOneEpochLater() {
    world.epoch(world.body(), inbox().join(JOINER, NODE, soon()));
    Validator joined = validator(JOINER);
    assertThat(List.of(joined.ordinal(), joined.since(), joined.until()))
        .containsExactly(256L, 1L, 0L);
    assertThat(joined.seat()).isEqualTo(Bytes32.ZERO);
    assertThat(set()).endsWith(JOINER).hasSize(5);
    assertThat(pickable(1)).isEqualTo(FOUNDERS);
    world.epoch(world.body());
    assertThat(validator(JOINER).seat()).isEqualTo(Picks.seat(JOINER, seedOf(1)));
    assertThat(pickable(1)).isEqualTo(FOUNDERS);
    assertThat(pickable(2)).endsWith(JOINER).hasSize(5);
    world.epoch(world.body());
    assertThat(validator(JOINER).seat()).isEqualTo(Picks.seat(JOINER, seedOf(1)));
  }

  @Test
  void aSeatIsGivenInADrainToo() {
    world.epoch(world.body(), inbox().join(JOINER, NODE, soon()));
    world.drain();
    assertThat(validator(JOINER).seat()).isEqualTo(Picks.seat(JOINER, seedOf(1)));
  }

  @Test
  void theQueueIsServedInItsOrderWhenTheTimeHasCome() {
    Instant later = world.state().head().asOf().plusSeconds(35);
    Inbox inbox = inbox();
    world.epoch(
        world.body(), inbox.join(JOINER, NODE, later), inbox.join(SECOND, SECOND_NODE, soon()));
    assertThat(set()).isEqualTo(FOUNDERS);
    assertThat(validator(JOINER).status()).isEqualTo(Validator.QUEUED);
    world.epoch(world.body());
    assertThat(set()).endsWith(JOINER, SECOND);
  }

  @Test
  void aJoinerMayGiveUpItsPlaceInTheQueue() {
    Instant later = world.state().head().asOf().plusSeconds(35);
    Inbox inbox = inbox();
    world.epoch(
        world.body(),
        inbox.join(JOINER, NODE, later),
        inbox.join(SECOND, SECOND_NODE, soon()),
        inbox.exit(JOINER));
    assertThat(set()).endsWith(SECOND).hasSize(5);
    assertThat(validator(JOINER).status()).isEqualTo(Validator.LEFT);
    assertThat(world.state().activeAt(0)).hasSize(4);
    world.epoch(world.body(), inbox().exit(JOINER));
    assertThat(reasons()).containsExactly("it does not serve");
  }

  @Test
  void aLeaverLeavesTheSetButNotWhatItWasPickedFor() {
    world.epoch(world.body());
    world.epoch(world.body(), inbox().exit(FOUNDERS.get(1)));
    assertThat(set()).containsExactly(FOUNDERS.get(0), FOUNDERS.get(2), FOUNDERS.get(3));
    assertThat(validator(FOUNDERS.get(1)).until()).isEqualTo(2);
    assertThat(pickable(1)).isEqualTo(FOUNDERS);
    assertThat(pickable(2)).doesNotContain(FOUNDERS.get(1));
    assertThat(world.state().activeValidator(FOUNDERS.get(1))).isEmpty();
  }

  @Test
  void whatUsersAllottedToALeaverBecomesFreeWithItsOpenReleases() {
    Inbox inbox = inbox();
    world.epoch(
        world.body(),
        inbox.deposit(USER.address(), TOKEN, COINS, HOME),
        inbox.deposit(USER.address(), TOKEN, COINS, Address.ZERO),
        inbox.release(USER.address(), TOKEN, Amount.ofCoins(30), HOME));
    Inbox next = inbox();
    world.epoch(world.body(), next.exit(HOME), next.deposit(USER.address(), TOKEN, COINS, HOME));
    assertThat(world.state().allotment(USER.address(), TOKEN, HOME)).isEmpty();
    Allotment free = world.state().allotment(USER.address(), TOKEN, Address.ZERO).orElseThrow();
    assertThat(free.amount()).isEqualTo(Amount.ofCoins(300));
    assertThat(free.releasing()).isEqualTo(Amount.ofCoins(30));
    world.epoch(world.body());
    assertThat(world.payout(USER.address(), TOKEN)).isEqualTo(Amount.ofCoins(30));
  }

  @Test
  void whatAJobOfALeaverDoesNotSpendBecomesFree() {
    World running = running(TOKEN, COINS);
    running.epoch(running.body(), new Inbox(running).exit(HOME));
    running.epochAt(running.job().deadline(), running.body());
    while (running.state().epoch() < running.job().closingAt() - 1) {
      running.epoch(running.body());
    }
    running.epoch(running.body());
    assertThat(running.state().allotment(USER.address(), TOKEN, HOME)).isEmpty();
    assertThat(
            running.state().allotment(USER.address(), TOKEN, Address.ZERO).orElseThrow().amount())
        .isEqualTo(COINS);
  }

  @Test
  void whoLeavesAndComesBackStandsAtTheEndAndIsOutForAnEpoch() {
    Inbox inbox = inbox();
    world.epoch(
        world.body(),
        inbox.exit(FOUNDERS.get(1)),
        inbox.join(FOUNDERS.get(1), NODES.get(1), soon()),
        inbox.join(JOINER, NODE, soon()));
    assertThat(set()).containsExactly(FOUNDERS.get(0), FOUNDERS.get(2), FOUNDERS.get(3));
    assertThat(pickable(0)).contains(FOUNDERS.get(1));
    assertThat(world.state().activeAt(0)).hasSize(4);
    world.epoch(world.body());
    assertThat(set())
        .containsExactly(
            FOUNDERS.get(0), FOUNDERS.get(2), FOUNDERS.get(3), FOUNDERS.get(1), JOINER);
    assertThat(validator(FOUNDERS.get(1)).seat()).isEqualTo(Bytes32.ZERO);
    assertThat(pickable(2)).doesNotContain(FOUNDERS.get(1), JOINER);
  }

  @Test
  void aRotationKeepsTheKeyBeforeAndTheSeat() {
    Bytes32 seat = validator(HOME).seat();
    world.epoch(world.body(), inbox().rotation(HOME, NODE));
    Validator rotated = validator(HOME);
    assertThat(rotated.keys()).containsExactly(NODE.publicKey(), NODES.getFirst().publicKey());
    assertThat(rotated.seat()).isEqualTo(seat);
    assertThat(rotated.nodeAddress()).isEqualTo(NODE.publicKey().address());
    world.epoch(world.body(), inbox().rotation(HOME, NODE));
    assertThat(validator(HOME).formerKey()).isEqualTo(NODES.getFirst().publicKey().bytes());
    world.epoch(world.body(registration(WORKER, NODES.getFirst(), 1)));
    assertThat(reasons()).containsExactly("the node key serves another account");
  }

  @Test
  void theLastValidatorDoesNotLeaveAndNobodyJoinsTwice() {
    Inbox inbox = inbox();
    world.epoch(
        world.body(),
        inbox.exit(FOUNDERS.get(0)),
        inbox.exit(FOUNDERS.get(1)),
        inbox.exit(FOUNDERS.get(2)),
        inbox.exit(FOUNDERS.get(3)),
        inbox.join(FOUNDERS.get(3), NODE, soon()),
        inbox.rotation(FOUNDERS.get(0), NODE));
    assertThat(set()).containsExactly(FOUNDERS.get(3));
    assertThat(reasons())
        .containsExactly(
            "the last validator does not leave", "it serves already", "it does not serve");
  }

  @Test
  void theSetHasAtMost256Validators() {
    for (int i = 0; i < 254; i++) {
      world.epochAt(soon(), world.body(), inbox().join(address(5_000 + i), key(5_000 + i), soon()));
    }
    assertThat(set()).hasSize(256);
    assertThat(validator(address(5_252)).status()).isEqualTo(Validator.QUEUED);
    world.epoch(world.body(), inbox().exit(HOME));
    assertThat(validator(address(5_252)).status()).isEqualTo(State.ACTIVE);
    assertThat(set()).hasSize(256).endsWith(address(5_252));
  }

  @Test
  void theVotersOfTheEpochBeforeAreThoseOfItsSet() {
    world.epoch(world.body());
    Inbox inbox = inbox();
    world.epoch(world.body(), inbox.exit(HOME), inbox.join(JOINER, NODE, soon()));
    world.epoch(world.body(world.vote(0, Bytes32.ZERO), world.vote(1, Bytes32.ZERO)));
    assertThat(world.last().ignored()).isEmpty();
    assertThat(world.payout(HOME, TOKEN))
        .isEqualTo(world.payout(FOUNDERS.get(1), TOKEN))
        .isNotEqualTo(Amount.ZERO);
    assertThat(world.state().payout(HOME, TOKEN).orElseThrow().payout()).isEqualTo(address(700));
    world.epoch(world.body(world.vote(0, Bytes32.ZERO)));
    assertThat(reasons()).containsExactly("the voter was not of the set that voted");
  }

  @Test
  void aKeyThatIsNoPointNeitherJoinsNorReplacesOne() {
    Inbox inbox = inbox();
    world.epoch(
        world.body(),
        inbox.item(
            io.smartnodes.protocol.epoch.InboxKind.ROTATION, HOME, Address.ZERO, COINS, HOME, SEED),
        inbox.join(Address.ZERO, NODE, soon()));
    assertThat(reasons()).containsExactly("its key is no point", "address zero is nobody");
    assertThat(validator(HOME).formerKey()).isEqualTo(Bytes.EMPTY);
  }

  private List<String> reasons() {
    return world.last().ignored().stream().map(Applied.Ignored::reason).toList();
  }
}
