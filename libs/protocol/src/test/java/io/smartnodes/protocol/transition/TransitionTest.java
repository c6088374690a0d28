package io.smartnodes.protocol.transition;

import static io.smartnodes.protocol.transition.World.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.body.SignedHold;
import io.smartnodes.protocol.emission.Emission;
import io.smartnodes.protocol.epoch.AssetTotals;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.InboxKind;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Status;
import io.smartnodes.protocol.state.tree.LeafType;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransitionTest {
  private static final Amount COINS = Amount.ofCoins(100);
  private static final Address ETH = Address.ZERO;

  @Test
  void aDepositGoesToItsHomeAndOneToAStrangerStaysFree() {
    World world = new World();
    world.epoch(world.body(), world.inbox(InboxKind.DEPOSIT, USER.address(), ETH, COINS, HOME));
    world.epoch(
        world.body(), world.inbox(InboxKind.DEPOSIT, USER.address(), ETH, COINS, USER.address()));
    assertThat(world.state().allotment(USER.address(), ETH, HOME).orElseThrow().amount())
        .isEqualTo(COINS);
    assertThat(world.state().allotment(USER.address(), ETH, Address.ZERO).orElseThrow().amount())
        .isEqualTo(COINS);
    assertThat(world.state().head().inboxCount()).isEqualTo(2);
    assertThat(world.last().effects()).isEqualTo(1);
  }

  @Test
  void anInboxItemWithoutSenseOrWithoutMoneyIsIgnoredWithItsReason() {
    World world = new World();
    world.epoch(
        world.body(), world.inbox(InboxKind.JOIN, USER.address(), ETH, COINS, Address.ZERO));
    assertThat(reasons(world)).containsExactly("its key is no point, or its time never comes");
    world.epoch(
        world.body(), world.inbox(InboxKind.DEPOSIT, USER.address(), ETH, Amount.ZERO, HOME));
    assertThat(reasons(world)).containsExactly("a deposit of nothing");
    Amount huge = new Amount(BigInteger.TWO.pow(255));
    world.epoch(world.body(), world.inbox(InboxKind.DEPOSIT, USER.address(), ETH, huge, HOME));
    assertThat(reasons(world)).containsExactly("the total of the asset would not fit");
    assertThat(world.state().head().inboxCount()).isEqualTo(3);
  }

  @Test
  void theHighestSequenceOfAnAccountWinsThenTheLowestHash() {
    World world = new World();
    world.epoch(
        world.body(
            registration(WORKER, WORKER_NODE, 1),
            registration(WORKER, OTHER_NODE, 2),
            registration(WORKER, WORKER_NODE, 2)));
    Account account = world.state().account(WORKER.address()).orElseThrow();
    boolean otherIsLower =
        registration(WORKER, OTHER_NODE, 2)
                .registration()
                .hashStruct()
                .compareTo(registration(WORKER, WORKER_NODE, 2).registration().hashStruct())
            < 0;
    assertThat(account.publicKey())
        .isEqualTo((otherIsLower ? OTHER_NODE : WORKER_NODE).publicKey().bytes());
    assertThat(account.status()).isEqualTo(Status.VETTING);
    assertThat(List.of(account.alpha(), account.beta(), account.since()))
        .containsExactly(1_000_000L, 1_000_000L, 1L);
    assertThat(reasons(world))
        .hasSize(2)
        .containsOnly("another registration of the account counts");
    world.epoch(world.body(registration(WORKER, WORKER_NODE, 2)));
    assertThat(reasons(world)).containsExactly("its sequence is not higher than the account's");
  }

  @Test
  void aNodeKeyServesOneAccountOnly() {
    World world = funded(TOKEN, COINS);
    world.epoch(world.body(registration(USER, WORKER_NODE, 2)));
    assertThat(reasons(world)).containsExactly("the node key serves another account");
    world.epoch(world.body(registration(USER, NODES.get(1), 2)));
    assertThat(reasons(world)).containsExactly("the node key serves another account");
    world.epoch(world.body(registration(WORKER, key(99), 2)));
    assertThat(world.state().account(WORKER.address()).orElseThrow().publicKey())
        .isEqualTo(key(99).publicKey().bytes());
  }

  @Test
  void aRegistrationThatHasExpiredOrClaimsOtherRolesIsIgnored() {
    World world = new World();
    world.epoch(world.body(registration(WORKER, WORKER_NODE, 1, Role.WORKER.bit(), GENESIS)));
    assertThat(reasons(world)).containsExactly("it has expired");
    world.epoch(world.body(registration(WORKER, WORKER_NODE, 1, 4, GENESIS.plusSeconds(900))));
    assertThat(reasons(world)).containsExactly("the roles are not those of a worker or user");
  }

  @Test
  void freeBalanceIsAllottedOnceASequence() {
    World world = funded(TOKEN, COINS);
    world.epoch(
        world.body(allot(USER, Amount.ofCoins(30), HOME, 2)),
        world.inbox(InboxKind.DEPOSIT, USER.address(), TOKEN, COINS, Address.ZERO));
    assertThat(world.state().allotment(USER.address(), TOKEN, HOME).orElseThrow().amount())
        .isEqualTo(Amount.ofCoins(130));
    world.epoch(world.body(allot(USER, Amount.ofCoins(30), HOME, 2)));
    assertThat(reasons(world)).containsExactly("its sequence is not higher than the account's");
    world.epoch(world.body(allot(USER, Amount.ofCoins(71), HOME, 3)));
    assertThat(reasons(world)).containsExactly("the free balance is " + Amount.ofCoins(70));
    world.epoch(world.body(allot(USER, Amount.ofCoins(1), WORKER.address(), 3)));
    assertThat(reasons(world)).containsExactly("the home is no active validator");
    world.epoch(world.body(allot(key(50), Amount.ofCoins(1), HOME, 3)));
    assertThat(reasons(world)).containsExactly("the account is not registered");
  }

  @Test
  void aReleaseActsTwoEpochsLaterOnWhatIsNotHeld() {
    World world = funded(TOKEN, COINS);
    world.epoch(world.body(release(USER, COINS, HOME, 2)));
    assertThat(world.state().allotment(USER.address(), TOKEN, HOME).orElseThrow().releaseAt())
        .isEqualTo(4);
    JobSpec job = world.spec(TOKEN, 4, COINS, 1);
    world.epoch(world.body(world.hold(job, Amount.ofCoins(60))));
    assertThat(world.payout(USER.address(), TOKEN)).isEqualTo(Amount.ZERO);
    world.epoch(world.body());
    assertThat(world.payout(USER.address(), TOKEN)).isEqualTo(Amount.ofCoins(40));
    assertThat(world.state().payout(USER.address(), TOKEN).orElseThrow().payout())
        .isEqualTo(payoutOf(USER.address()));
    world.epoch(world.body(), world.inbox(InboxKind.RELEASE, USER.address(), TOKEN, COINS, HOME));
    assertThat(reasons(world)).containsExactly("there is nothing to release");
  }

  @Test
  void aHoldMovesMoneyToItsJobOnce() {
    World world = running(TOKEN, COINS);
    assertThat(world.job().held()).isEqualTo(COINS);
    assertThat(world.job().anchoredAt()).isEqualTo(2);
    assertThat(world.state().allotment(USER.address(), TOKEN, HOME)).isEmpty();
  }

  @Test
  void aHoldThatCannotActSaysWhy() {
    World world = funded(TOKEN, COINS);
    world.epoch(world.body());
    world.epoch(world.body());
    JobSpec job = world.spec(TOKEN, 4, COINS, 1);
    check(world, world.hold(job, Amount.ofCoins(101)), "its amount is zero or above");
    check(world, world.hold(world.spec(TOKEN, 0, COINS, 1), COINS), "the number of units");
    check(world, world.hold(world.spec(TOKEN, 70_000, COINS, 1), COINS), "the number of units");
    check(world, hold(job, COINS, world.next()), "it does not count in this epoch");
    check(world, hold(job, COINS, world.next() - 3), "it does not count in this epoch");
    JobSpec elsewhere =
        new JobSpec(
            job.user(),
            job.home(),
            Bytes32.ZERO,
            job.moduleHash(),
            4,
            job.inputsRoot(),
            job.fuelLimitPerUnit(),
            COINS,
            TOKEN,
            job.deadline(),
            1);
    check(world, world.hold(elsewhere, COINS), "the network is not active");
    JobSpec late =
        new JobSpec(
            job.user(),
            job.home(),
            job.network(),
            job.moduleHash(),
            4,
            job.inputsRoot(),
            job.fuelLimitPerUnit(),
            COINS,
            TOKEN,
            world.state().head().asOf(),
            1);
    check(world, world.hold(late, COINS), "the deadline has passed");
    world.epoch(world.body(world.hold(job, Amount.ofCoins(10))));
    check(world, world.hold(job, Amount.ofCoins(10)), "the job has a hold");
  }

  @Test
  void twoHoldsOfOneAllotmentThatCoversOneSlashTheHomeForTheSecond() {
    World world = funded(TOKEN, COINS);
    world.epoch(
        world.body(
            world.hold(world.spec(TOKEN, 4, COINS, 1), COINS),
            world.hold(world.spec(TOKEN, 4, COINS, 2), COINS)));
    assertThat(world.last().ignored()).isEmpty();
    assertThat(world.last().slashes()).hasSize(1);
    assertThat(world.state().leaves(LeafType.JOB, io.smartnodes.protocol.state.Job.class))
        .hasSize(1);
  }

  @Test
  void theVotersOfTheEpochBeforeAndTheTreasuryEarnTheEmission() {
    World world = new World();
    world.epochAt(GENESIS.plusSeconds(3_600), world.body());
    assertThat(world.payout(TREASURY, TOKEN)).isEqualTo(Amount.ofCoins(5_625).share(5, 100));
    world.epochAt(
        GENESIS.plusSeconds(7_200),
        world.body(world.vote(0, Bytes32.ZERO), world.vote(1, Bytes32.ZERO)));
    Amount each = Amount.ofCoins(5_625).share(10, 100).share(1, 4);
    assertThat(world.payout(HOME, TOKEN)).isEqualTo(each);
    assertThat(world.state().payout(HOME, TOKEN).orElseThrow().payout()).isEqualTo(address(700));
    assertThat(world.payout(OPERATORS.get(2).address(), TOKEN)).isEqualTo(Amount.ZERO);
    AssetTotals totals = world.last().totals().getFirst();
    assertThat(totals.minted())
        .isEqualTo(Amount.ofCoins(5_625).share(5, 100).times(2).plus(each.times(2)));
    assertThat(totals.minted()).isLessThan(Emission.until(Duration.ofHours(2)));
  }

  @Test
  void aJobOutOfTimeReturnsItsRemainderSixEpochsAfterItsDeadline() {
    World world = running(TOKEN, COINS);
    world.epochAt(world.job().deadline(), world.body());
    assertThat(world.job().closingAt()).isEqualTo(9);
    while (world.next() < 9) {
      world.epoch(world.body());
    }
    assertThat(world.job().held()).isEqualTo(COINS);
    world.epoch(world.body());
    assertThat(world.state().allotment(USER.address(), TOKEN, HOME).orElseThrow().amount())
        .isEqualTo(COINS);
  }

  @Test
  void anInputThatDoesNotContinueTheStateIsBroken() {
    World world = new World();
    InboxItem gap = new InboxItem(3, InboxKind.DEPOSIT, HOME, ETH, COINS, HOME, Bytes32.ZERO);
    assertThatThrownBy(() -> world.epoch(world.body(), gap)).hasMessageContaining("gap");
    assertThatThrownBy(() -> world.epochAt(GENESIS.minusSeconds(1), world.body()))
        .hasMessageContaining("backwards");
    World ahead = new World();
    ahead.epoch(ahead.body());
    assertThatThrownBy(() -> world.epoch(ahead.body())).hasMessageContaining("next epoch");
  }

  private static void check(World world, SignedHold hold, String reason) {
    Applied applied =
        Transition.apply(
            world.state(), world.input(world.state().head().asOf(), world.body(hold), false));
    assertThat(applied.ignored()).singleElement().asString().contains(reason);
  }

  private static List<String> reasons(World world) {
    return world.last().ignored().stream().map(Applied.Ignored::reason).toList();
  }
}
