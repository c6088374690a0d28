package io.smartnodes.protocol.transition;

import static io.smartnodes.protocol.transition.World.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.ItemId;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.InboxKind;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.protocol.state.Totals;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.protocol.state.tree.LeafType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever the inbox says, the state goes on, its money adds up and its set can be followed. */
class InboxFuzzTest {
  private static final List<InboxKind> KINDS = List.of(InboxKind.values());
  private static final List<Address> PEOPLE = new ArrayList<>();

  static {
    OPERATORS.forEach(key -> PEOPLE.add(key.address()));
    for (int i = 0; i < 6; i++) {
      PEOPLE.add(address(40 + i));
    }
    PEOPLE.add(USER.address());
    PEOPLE.add(Address.ZERO);
  }

  @Test
  void everyInboxIsTakenInWithoutLossOfMoneyOrOrder() {
    qt().withExamples(60)
        .forAll(longs().all())
        .checkAssert(seed -> {
          Random random = new Random(seed);
          World world = running(TOKEN, Amount.ofCoins(50));
          Map<Address, BigInteger> deposits = new HashMap<>();
          deposits.put(TOKEN, Amount.ofCoins(50).value());
          Set<Address> assets = new HashSet<>(List.of(TOKEN));
          for (int i = 0; i < 15; i++) {
            List<Validator> before = world.state().activeValidators();
            InboxItem[] items = items(world, random);
            if (random.nextInt(4) == 0) {
              world.drain(items);
            } else {
              world.epochAt(
                  world.state().head().asOf().plusSeconds(random.nextInt(60)),
                  world.body(body(world, random)),
                  items);
            }
            Set<Bytes32> ignored = new HashSet<>();
            world.last().ignored().forEach(one -> ignored.add(one.item().hash()));
            for (InboxItem item : items) {
              assets.add(item.asset());
              if (item.kind() == InboxKind.DEPOSIT
                  && !ignored.contains(ItemId.of(ItemId.Kind.INBOX, item).hash())) {
                deposits.merge(item.asset(), item.amount().value(), BigInteger::add);
              }
            }
            assets.forEach(asset -> conserved(world, asset, deposits));
            follows(before, world);
            assertThat(ProtocolParameters.of(world.state().parameters()).genesis())
                .isEqualTo(GENESIS);
          }
        });
  }

  private static void conserved(World world, Address asset, Map<Address, BigInteger> deposits) {
    Totals totals = world.state().totals(asset);
    BigInteger sum =
        totals
            .balances()
            .plus(totals.payouts())
            .plus(totals.heldBack())
            .plus(totals.burnt())
            .value();
    assertThat(sum)
        .isEqualTo(deposits.getOrDefault(asset, BigInteger.ZERO).add(totals.minted().value()));
  }

  /** The walk of the contract: the old order without leavers, then joiners, and nobody twice. */
  private static void follows(List<Validator> before, World world) {
    List<Address> old = before.stream().map(Validator::operator).toList();
    List<Validator> now = world.state().activeValidators();
    List<Address> set = now.stream().map(Validator::operator).toList();
    List<Address> kept = old.stream().filter(set::contains).toList();
    assertThat(set.subList(0, kept.size())).isEqualTo(kept);
    assertThat(set.subList(kept.size(), set.size())).doesNotContainAnyElementsOf(old);
    assertThat(set).doesNotHaveDuplicates().isNotEmpty();
    long epoch = world.state().epoch();
    assertThat(world.state().activeAt(epoch)).isEqualTo(now);
    assertThat(world.state().activeAt(epoch - 1))
        .extracting(Validator::operator)
        .containsExactlyInAnyOrderElementsOf(old);
    assertThat(world.state().pickableAt(epoch))
        .allSatisfy(seat -> assertThat(seat.seat()).isNotEqualTo(Bytes32.ZERO));
  }

  private static Struct[] body(World world, Random random) {
    List<Struct> items = new ArrayList<>();
    items.add(
        world.hold(
            world.spec(TOKEN, 1 + random.nextInt(9), Amount.of(900_000), random.nextInt(50)),
            Amount.of(1 + random.nextInt(900_000))));
    items.add(release(USER, Amount.of(random.nextInt(500_000)), HOME, world.next() * 2));
    items.add(world.vote(random.nextInt(4), Bytes32.ZERO));
    for (Job job : world.state().leaves(LeafType.JOB, Job.class)) {
      items.add(
          Rulings.confirmed(
              receipt(job.jobId(), random.nextLong(job.unitCount()), 1, Amount.of(1_000))));
    }
    return items.toArray(Struct[]::new);
  }

  private static InboxItem[] items(World world, Random random) {
    Inbox inbox = new Inbox(world);
    InboxItem[] items = new InboxItem[random.nextInt(12)];
    for (int i = 0; i < items.length; i++) {
      items[i] = random.nextInt(4) == 0 ? garbage(inbox, random) : sensible(world, inbox, random);
    }
    return items;
  }

  private static InboxItem garbage(Inbox inbox, Random random) {
    return inbox.item(
        KINDS.get(random.nextInt(KINDS.size())),
        random.nextBoolean() ? person(random) : Address.fromWord(word(random)),
        random.nextBoolean() ? TOKEN : Address.fromWord(word(random)),
        new Amount(word(random).toNumber()),
        random.nextBoolean() ? person(random) : Address.fromWord(word(random)),
        random.nextBoolean() ? Bytes32.ofNumber(random.nextInt(20)) : word(random));
  }

  private static InboxItem sensible(World world, Inbox inbox, Random random) {
    Address who = person(random);
    Amount amount = Amount.of(random.nextLong(2_000_000));
    return switch (KINDS.get(random.nextInt(KINDS.size()))) {
      case DEPOSIT -> inbox.deposit(USER.address(), TOKEN, amount, person(random));
      case RELEASE -> inbox.release(USER.address(), TOKEN, amount, person(random));
      case JOIN ->
          inbox.join(
              who,
              key(200 + random.nextInt(30)),
              world.state().head().asOf().plusSeconds(random.nextInt(60)));
      case EXIT -> inbox.exit(who);
      case ROTATION -> inbox.rotation(who, key(200 + random.nextInt(30)));
      case PARAMETER -> inbox.parameter(random.nextInt(18), Amount.of(random.nextInt(200)));
      case ESCAPE -> escape(world, inbox, random);
      case NETWORK -> inbox.network(Bytes32.ofNumber(random.nextInt(9)), who, random.nextInt(5));
    };
  }

  private static InboxItem escape(World world, Inbox inbox, Random random) {
    List<Struct> leaves = new ArrayList<>();
    leaves.addAll(world.state().leaves(LeafType.ALLOTMENT, Allotment.class));
    leaves.addAll(world.state().leaves(LeafType.JOB, Job.class));
    return leaves.isEmpty()
        ? inbox.escape(USER.address(), TOKEN, Amount.of(1), HOME)
        : switch (leaves.get(random.nextInt(leaves.size()))) {
          case Allotment a -> inbox.escape(a.account(), a.asset(), a.amount(), a.home());
          case Job job -> inbox.escapeJob(job.user(), job.asset(), job.held(), job.jobId());
          default -> throw new AssertionError("no leaf of a user");
        };
  }

  private static Address person(Random random) {
    return PEOPLE.get(random.nextInt(PEOPLE.size()));
  }

  private static Bytes32 word(Random random) {
    byte[] word = new byte[32];
    random.nextBytes(word);
    return Bytes32.of(word);
  }
}
