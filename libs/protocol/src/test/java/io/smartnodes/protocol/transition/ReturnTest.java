package io.smartnodes.protocol.transition;

import static io.smartnodes.protocol.transition.Rulings.confirmed;
import static io.smartnodes.protocol.transition.World.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.State;
import io.smartnodes.protocol.state.tree.LeafType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The orderly return: the chain pays users out of the last state, and out of deposits that no state
 * has seen, while nobody votes; then drains take all of it in before anything else is paid.
 */
class ReturnTest {
  private static final Amount START = Amount.ofCoins(50);

  /** What Core does on its own. */
  private static final class Chain {
    private final Inbox inbox;
    private final Random random;
    private final List<InboxItem> queue = new ArrayList<>();
    private final List<InboxItem> deposits = new ArrayList<>();
    private Amount deposited = START;
    private Amount paid = Amount.ZERO;

    Chain(World world, Random random) {
      this.inbox = new Inbox(world);
      this.random = random;
    }

    void before() {
      for (int i = random.nextInt(4); i > 0; i--) {
        InboxItem deposit =
            inbox.deposit(USER.address(), TOKEN, Amount.of(1 + random.nextLong(1_000_000)), home());
        deposits.add(deposit);
        deposited = deposited.plus(deposit.amount());
        queue.add(deposit);
      }
      if (random.nextBoolean()) {
        queue.add(inbox.release(USER.address(), TOKEN, Amount.ofCoins(20), home()));
      }
      others();
    }

    /** Each leaf and each unconsumed deposit is paid once, or not at all, in any order. */
    void escape(State last) {
      List<Runnable> all = new ArrayList<>();
      for (Allotment a : last.leaves(LeafType.ALLOTMENT, Allotment.class)) {
        all.add(() -> pay(inbox.escape(a.account(), a.asset(), a.amount(), a.home())));
      }
      for (Job job : last.leaves(LeafType.JOB, Job.class)) {
        all.add(() -> pay(inbox.escapeJob(job.user(), job.asset(), job.held(), job.jobId())));
      }
      for (InboxItem d : deposits) {
        all.add(() -> pay(inbox.escape(d.account(), d.asset(), d.amount(), d.target())));
      }
      java.util.Collections.shuffle(all, random);
      for (Runnable one : all) {
        if (random.nextInt(3) > 0) {
          one.run();
        }
        others();
      }
    }

    private void pay(InboxItem escape) {
      if (!escape.amount().isZero()) {
        queue.add(escape);
        paid = paid.plus(escape.amount());
      }
    }

    private void others() {
      switch (random.nextInt(5)) {
        case 0 -> queue.add(inbox.exit(home()));
        case 1 -> queue.add(inbox.join(home(), NODES.getFirst(), GENESIS));
        default -> {}
      }
    }

    private Address home() {
      return random.nextInt(3) == 0 ? Address.ZERO : OPERATORS.get(random.nextInt(2)).address();
    }

    void drain(World world) {
      int from = 0;
      while (from < queue.size()) {
        int to = from + 1 + random.nextInt(queue.size() - from);
        world.drain(queue.subList(from, to).toArray(InboxItem[]::new));
        from = to;
      }
    }
  }

  @Test
  void whatCorePaidIsTakenOutExactlyOnceOverSeveralDrains() {
    qt().withExamples(150)
        .forAll(longs().all())
        .checkAssert(seed -> {
          Random random = new Random(seed);
          World world = lived(random);
          Chain chain = new Chain(world, random);
          chain.before();
          chain.escape(world.state());
          Amount minted = world.state().totals(TOKEN).minted();
          chain.drain(world);
          assertThat(world.state().totals(TOKEN).minted()).isEqualTo(minted);
          assertThat(world.state().totals(TOKEN).payouts())
              .isEqualTo(leaves(world).plus(chain.paid));
          live(world);
          Amount all = world.state().totals(TOKEN).balances();
          all = all.plus(leaves(world)).plus(chain.paid);
          all = all.plus(world.state().totals(TOKEN).burnt());
          assertThat(all).isEqualTo(chain.deposited.plus(world.state().totals(TOKEN).minted()));
        });
  }

  /** A state with money allotted, free, held, pending and on its way out. */
  private static World lived(Random random) {
    World world = funded(TOKEN, START);
    List<Struct> items = new ArrayList<>();
    items.add(
        world.hold(
            world.spec(TOKEN, 4, Amount.ofCoins(20), 1), Amount.ofCoins(1 + random.nextInt(20))));
    items.add(release(USER, Amount.ofCoins(random.nextInt(9) + 1), HOME, 5));
    world.epoch(world.body(items.toArray(Struct[]::new)));
    if (random.nextBoolean()) {
      world.epoch(world.body(confirmed(receipt(world.job().jobId(), 0, 1, Amount.of(1_000)))));
    }
    return world;
  }

  /** Life goes on: the job ends, releases act, everything left is taken out. */
  private static void live(World world) {
    Inbox inbox = new Inbox(world);
    List<InboxItem> releases = new ArrayList<>();
    for (Allotment a : world.state().leaves(LeafType.ALLOTMENT, Allotment.class)) {
      releases.add(inbox.release(a.account(), a.asset(), a.amount(), a.home()));
    }
    world.epochAt(
        world.state().head().asOf().plusSeconds(700),
        world.body(),
        releases.toArray(InboxItem[]::new));
    for (int i = 0; i < 8; i++) {
      world.epoch(world.body());
    }
    assertThat(world.state().leaves(LeafType.JOB, Job.class)).isEmpty();
  }

  private static Amount leaves(World world) {
    return ConservationTest.payouts(world).values().stream().reduce(Amount.ZERO, Amount::plus);
  }
}
