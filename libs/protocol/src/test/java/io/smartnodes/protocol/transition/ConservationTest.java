package io.smartnodes.protocol.transition;

import static io.smartnodes.protocol.transition.Rulings.*;
import static io.smartnodes.protocol.transition.World.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.InboxKind;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Payout;
import io.smartnodes.protocol.state.Pending;
import io.smartnodes.protocol.state.Totals;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.protocol.state.tree.LeafType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConservationTest {
  private static final List<Address> ASSETS = List.of(Address.ZERO, TOKEN);

  @Test
  void overRandomEpochsNoMoneyIsLostOrMadeAndPayoutsNeverDecrease() {
    qt().withExamples(25)
        .forAll(longs().all())
        .checkAssert(seed -> {
          Random random = new Random(seed);
          World world = funded(TOKEN, Amount.ofCoins(50));
          Map<Address, BigInteger> deposits = new HashMap<>();
          deposits.put(TOKEN, Amount.ofCoins(50).value());
          for (int i = 0; i < 12; i++) {
            Map<LeafKey, Amount> before = payouts(world);
            InboxItem deposit =
                world.inbox(
                    InboxKind.DEPOSIT,
                    USER.address(),
                    ASSETS.get(random.nextInt(2)),
                    Amount.of(1 + random.nextLong(1_000_000)),
                    random.nextBoolean() ? HOME : Address.ZERO);
            deposits.merge(deposit.asset(), deposit.amount().value(), BigInteger::add);
            Struct[] items = items(world, random);
            EpochInput input =
                world.input(
                    world.state().head().asOf().plusSeconds(random.nextInt(200)),
                    world.body(items),
                    false,
                    deposit);
            Applied twin = Transition.apply(world.state(), input);
            world.epochAt(input.asOf(), input.body(), deposit);
            assertThat(world.last())
                .usingRecursiveComparison()
                .ignoringFields("next")
                .isEqualTo(twin);
            assertThat(world.state().root()).isEqualTo(twin.next().root());
            before.forEach((key, amount) ->
                assertThat(payouts(world).get(key)).isGreaterThanOrEqualTo(amount));
            ASSETS.forEach(asset -> conserved(world, asset, deposits));
          }
        });
  }

  private static void conserved(World world, Address asset, Map<Address, BigInteger> deposits) {
    Totals totals = world.state().totals(asset);
    List<BigInteger> counted = recount(world, asset);
    assertThat(totals.balances().value()).isEqualTo(counted.get(0));
    assertThat(totals.payouts().value()).isEqualTo(counted.get(1));
    assertThat(
            counted
                .get(0)
                .add(counted.get(1))
                .add(totals.burnt().value())
                .add(totals.heldBack().value()))
        .isEqualTo(deposits.getOrDefault(asset, BigInteger.ZERO).add(totals.minted().value()));
  }

  static Map<LeafKey, Amount> payouts(World world) {
    Map<LeafKey, Amount> payouts = new HashMap<>();
    for (Payout payout : world.state().leaves(LeafType.PAYOUT, Payout.class)) {
      payouts.put(LeafKey.of(payout), payout.cumulative());
    }
    return payouts;
  }

  private static Struct[] items(World world, Random random) {
    List<Struct> items = new ArrayList<>();
    for (Address asset : ASSETS) {
      JobSpec spec =
          world.spec(asset, 1 + random.nextInt(9), Amount.of(900_000), random.nextInt(50));
      items.add(world.hold(spec, Amount.of(1 + random.nextInt(900_000))));
    }
    for (Job job : world.state().leaves(LeafType.JOB, Job.class)) {
      long first = random.nextLong(job.unitCount());
      var receipt =
          random.nextInt(4) == 0
              ? receipt(job.jobId(), OTHER, OTHER_NODE, first, 1, Amount.of(random.nextInt(99_999)))
              : receipt(
                  job.jobId(),
                  first,
                  1 + random.nextLong(job.unitCount()),
                  Amount.of(random.nextInt(99_999)));
      switch (random.nextInt(6)) {
        case 0 -> items.add(receipt);
        case 1 -> items.add(certificate(receipt, Outcome.SILENT, 0, 3));
        case 2 -> items.add(certificate(receipt, Outcome.REFUTED, 0, 3));
        default -> items.add(confirmed(receipt));
      }
    }
    items.add(release(USER, Amount.of(random.nextInt(500_000)), HOME, world.next() * 2));
    items.add(allot(USER, Amount.of(random.nextInt(500_000)), HOME, world.next() * 2 + 1));
    for (int i = 0; i < random.nextInt(5); i++) {
      items.add(world.vote(i % 4, Bytes32.ZERO));
    }
    return items.toArray(Struct[]::new);
  }

  /** Money in balances and in payouts of an asset, counted leaf by leaf. */
  private static List<BigInteger> recount(World world, Address asset) {
    BigInteger balances = BigInteger.ZERO;
    BigInteger payouts = BigInteger.ZERO;
    for (Struct leaf : world.state().tree().leaves()) {
      switch (leaf) {
        case Allotment a when a.asset().equals(asset) ->
            balances = balances.add(a.amount().value());
        case Job j when j.asset().equals(asset) -> balances = balances.add(j.held().value());
        case Pending p when p.asset().equals(asset) -> balances = balances.add(p.amount().value());
        case Payout p when p.asset().equals(asset) -> payouts = payouts.add(p.cumulative().value());
        default -> {}
      }
    }
    return List.of(balances, payouts);
  }
}
