package io.smartnodes.protocol.transition;

import static io.smartnodes.protocol.transition.World.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.SignedHold;
import io.smartnodes.protocol.epoch.Slash;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.state.Pending;
import io.smartnodes.protocol.state.tree.LeafType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a home pays for promises that its allotments do not cover. */
class SlashesTest {
  private static final Amount COINS = Amount.ofCoins(100);
  private static final Amount MORE = Amount.ofCoins(101);

  private final World world = funded(TOKEN, COINS);

  private SignedHold uncovered(long nonce) {
    return world.hold(world.spec(TOKEN, 4, MORE, nonce), MORE);
  }

  private List<String> reasons() {
    return world.last().ignored().stream().map(Applied.Ignored::reason).toList();
  }

  @Test
  void anUncoveredHoldSlashesItsHomeOnceWhileItCounts() {
    SignedHold hold = uncovered(1);
    world.epoch(world.body(hold));
    assertThat(world.last().slashes())
        .containsExactly(new Slash(HOME, Amount.ofCoins(10), hold.hashStruct()));
    assertThat(world.last().effects()).isEqualTo(1);
    assertThat(world.state().job(hold.hold().jobId())).isEmpty();
    world.epoch(world.body(hold));
    assertThat(world.last().slashes()).isEmpty();
    assertThat(reasons()).singleElement().asString().contains("slashed for it already");
    assertThat(world.state().leaves(LeafType.PENDING, Pending.class)).isEmpty();
    world.epoch(world.body(hold));
    assertThat(reasons()).containsExactly("it does not count in this epoch");
  }

  @Test
  void aHoldThatIsCoveredAfterItsSlashIsHeld() {
    SignedHold hold = uncovered(1);
    world.epoch(world.body(hold));
    world.epoch(world.body(hold), new Inbox(world).deposit(USER.address(), TOKEN, COINS, HOME));
    assertThat(world.state().job(hold.hold().jobId())).isPresent();
    assertThat(world.last().slashes()).isEmpty();
  }

  @Test
  void aNewPromiseIsANewOffence() {
    JobSpec spec = world.spec(TOKEN, 4, MORE, 1);
    world.epoch(world.body(hold(spec, MORE, 1)));
    world.epoch(world.body());
    world.epoch(world.body(hold(spec, MORE, 3)));
    assertThat(world.last().slashes()).hasSize(1);
  }

  @Test
  void whatCoreHasPaidInADrainIsNotTheFaultOfTheHome() {
    SignedHold hold = world.hold(world.spec(TOKEN, 4, COINS, 1), COINS);
    world.drain(new Inbox(world).escape(USER.address(), TOKEN, COINS, HOME));
    assertThat(world.state().head().drainedAt()).isEqualTo(2);
    world.epoch(world.body(hold));
    assertThat(world.last().slashes()).isEmpty();
    assertThat(reasons()).containsExactly("the allotment of 0 does not cover it");
    world.epoch(world.body(uncovered(2)));
    assertThat(world.last().slashes()).hasSize(1);
  }

  @Test
  void whatBecameFreeWhenTheHomeLeftIsNotItsFaultWhenItIsBack() {
    SignedHold hold = world.hold(world.spec(TOKEN, 4, COINS, 1), COINS);
    Inbox inbox = new Inbox(world);
    world.epoch(world.body(), inbox.exit(HOME), inbox.join(HOME, NODES.getFirst(), GENESIS));
    world.epoch(world.body(hold));
    assertThat(world.state().activeValidator(HOME)).isPresent();
    assertThat(world.last().slashes()).isEmpty();
    assertThat(reasons()).containsExactly("the allotment of 0 does not cover it");
  }

  @Test
  void oneEpochSlashesSixteenTimesAtMost() {
    List<Struct> holds = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      holds.add(uncovered(i));
    }
    world.epoch(world.body(holds.toArray(Struct[]::new)));
    assertThat(world.last().slashes()).hasSize(16);
    assertThat(reasons()).hasSize(4);
  }

  @Test
  void governanceSetsThePriceAndZeroEndsIt() {
    world.epoch(world.body(), new Inbox(world).parameter(16, Amount.ZERO));
    world.epoch(world.body(uncovered(1)));
    assertThat(world.last().slashes()).isEmpty();
    assertThat(reasons())
        .containsExactly("the allotment of 100000000000000000000 does not cover it");
  }
}
