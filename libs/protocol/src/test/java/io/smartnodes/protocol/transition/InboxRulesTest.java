package io.smartnodes.protocol.transition;

import static io.smartnodes.protocol.transition.Rulings.confirmed;
import static io.smartnodes.protocol.transition.World.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.state.Genesis;
import io.smartnodes.protocol.state.Network;
import io.smartnodes.protocol.state.ProtocolParameters;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class InboxRulesTest {
  private static final Amount COINS = Amount.ofCoins(100);
  private static final Bytes32 PICTURES = Bytes32.ofNumber(123);

  @Test
  void aParameterActsFromTheNextEpochOn() {
    World world = funded(TOKEN, COINS);
    JobSpec job = world.spec(TOKEN, 8, COINS, 1);
    world.epoch(world.body(world.hold(job, COINS)), new Inbox(world).parameter(14, Amount.of(7)));
    assertThat(world.last().ignored()).isEmpty();
    assertThat(world.state().parameters().version()).isEqualTo(2);
    JobSpec next = world.spec(TOKEN, 8, COINS, 2);
    world.epoch(world.body(world.hold(next, COINS)));
    assertThat(reasons(world)).containsExactly("the number of units is out of bounds");
  }

  @Test
  void aParameterOutOfItsBoundsChangesNothing() {
    World world = new World();
    Inbox inbox = new Inbox(world);
    world.epoch(
        world.body(),
        inbox.parameter(17, Amount.of(1)),
        inbox.parameter(Long.MAX_VALUE, Amount.of(1)),
        inbox.parameter(13, Amount.of(1)),
        inbox.parameter(3, Amount.of(1_001)),
        inbox.parameter(12, new Amount(BigInteger.TWO.pow(160))),
        inbox.parameter(9, Amount.of(3)));
    assertThat(reasons(world))
        .containsExactly(
            "no parameter has the index 17",
            "no parameter has the index 2147483647",
            "genesis never changes",
            "parameter 3 is from 0 to 1000",
            "parameter 12 is from 1 to " + BigInteger.TWO.pow(160).subtract(BigInteger.ONE),
            "parameter 9 is from 1 to 2");
    assertThat(world.state().parameters()).isEqualTo(World.genesis().state().parameters());
  }

  @Test
  void everyDefaultLiesWithinItsBounds() {
    for (ProtocolParameters some :
        List.of(
            ProtocolParameters.defaults(TREASURY, GENESIS),
            ProtocolParameters.devnet(TREASURY, GENESIS))) {
      assertThat(some.values()).hasSize(ProtocolParameters.COUNT);
      for (int i = 0; i < ProtocolParameters.COUNT; i++) {
        if (i != 13) {
          assertThat(some.flaw(i, some.values().get(i))).as("parameter " + i).isEmpty();
        }
      }
    }
  }

  @Test
  void aNetworkTakesHoldsWhileItIsActive() {
    World world = new World();
    Inbox inbox = new Inbox(world);
    world.epoch(
        world.body(),
        inbox.network(PICTURES, USER.address(), 1),
        inbox.network(Genesis.WASM, USER.address(), 3),
        inbox.network(PICTURES, USER.address(), 4),
        inbox.network(PICTURES, USER.address(), 0));
    assertThat(world.state().network(PICTURES))
        .contains(new Network(PICTURES, Bytes32.ofNumber(9), USER.address(), 1));
    assertThat(reasons(world))
        .containsExactly(
            "the network is the protocol's own",
            "no network has this status",
            "no network has this status");
    world.epoch(world.body(), new Inbox(world).network(PICTURES, USER.address(), 2));
    assertThat(world.state().network(PICTURES).orElseThrow().status()).isEqualTo(2);
  }

  @Test
  void whatCoreHasPaidLeavesTheAllotmentThenTheFreeBalance() {
    World world = funded(TOKEN, COINS);
    Inbox inbox = new Inbox(world);
    world.drain(
        inbox.deposit(USER.address(), TOKEN, COINS, Address.ZERO),
        inbox.escape(USER.address(), TOKEN, Amount.ofCoins(130), HOME),
        inbox.escape(USER.address(), TOKEN, COINS, HOME),
        inbox.escape(USER.address(), TOKEN, COINS, HOME));
    assertThat(world.state().allotment(USER.address(), TOKEN, HOME)).isEmpty();
    assertThat(world.state().allotment(USER.address(), TOKEN, Address.ZERO)).isEmpty();
    assertThat(world.state().totals(TOKEN).payouts())
        .isEqualTo(sumOfPayouts(world).plus(Amount.ofCoins(200)));
    assertThat(reasons(world)).containsExactly("there is nothing to take it from");
  }

  @Test
  void whatCoreHasPaidOfAJobIsNeitherPaidToWorkersNorReturned() {
    World world = running(TOKEN, COINS);
    Bytes32 job = world.job().jobId();
    Inbox inbox = new Inbox(world);
    world.drain(
        inbox.escapeJob(USER.address(), Address.ZERO, COINS, job),
        inbox.escapeJob(USER.address(), TOKEN, COINS, job));
    assertThat(reasons(world)).containsExactly("there is nothing to take it from");
    assertThat(world.job().held()).isEqualTo(Amount.ZERO);
    world.epoch(world.body(confirmed(receipt(job, 0, 4, Amount.ofCoins(10)))));
    assertThat(reasons(world)).singleElement().asString().contains("above what is held: 0");
    world.epochAt(world.job().deadline(), world.body());
    long closing = world.job().closingAt();
    while (world.state().epoch() < closing) {
      world.epoch(world.body());
    }
    assertThat(world.state().job(job)).isEmpty();
    assertThat(world.state().allotment(USER.address(), TOKEN, HOME)).isEmpty();
  }

  @Test
  void aDrainPaysNothingButTakesTheWholeInboxIn() {
    World world = running(TOKEN, COINS);
    world.epoch(world.body(confirmed(receipt(world.job().jobId(), 0, 1, Amount.ofCoins(10)))));
    Amount minted = world.state().totals(TOKEN).minted();
    Inbox inbox = new Inbox(world);
    world.drain(
        inbox.deposit(USER.address(), TOKEN, COINS, HOME),
        inbox.release(USER.address(), TOKEN, COINS, HOME));
    world.drain();
    world.drain();
    assertThat(world.payout(WORKER.address(), TOKEN)).isEqualTo(Amount.ZERO);
    assertThat(world.payout(USER.address(), TOKEN)).isEqualTo(Amount.ZERO);
    assertThat(world.state().totals(TOKEN).minted()).isEqualTo(minted);
    assertThat(world.state().head().drainedAt()).isEqualTo(6);
    world.epoch(world.body());
    assertThat(world.payout(WORKER.address(), TOKEN)).isNotEqualTo(Amount.ZERO);
    assertThat(world.payout(USER.address(), TOKEN)).isEqualTo(COINS);
    assertThat(world.state().head().drainedAt()).isEqualTo(6);
  }

  private static Amount sumOfPayouts(World world) {
    return ConservationTest.payouts(world).entrySet().stream()
        .filter(entry -> entry.getValue().value().signum() > 0)
        .map(java.util.Map.Entry::getValue)
        .reduce(Amount.ZERO, Amount::plus);
  }

  private static List<String> reasons(World world) {
    return world.last().ignored().stream().map(Applied.Ignored::reason).toList();
  }
}
