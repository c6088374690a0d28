package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.body.Body;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.EpochVote;
import io.smartnodes.protocol.body.SignedAllot;
import io.smartnodes.protocol.body.SignedHold;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.body.SignedRegistration;
import io.smartnodes.protocol.body.SignedRelease;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.InboxKind;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.job.Allot;
import io.smartnodes.protocol.job.Hold;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.job.Release;
import io.smartnodes.protocol.peer.Introduction;
import io.smartnodes.protocol.peer.Registration;
import io.smartnodes.protocol.state.Genesis;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.protocol.state.State;
import io.smartnodes.protocol.state.tree.LeafType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Four validators, two workers and a user with real keys, and epochs made of what they sign. */
public final class World {
  public static final Instant GENESIS = Instant.ofEpochSecond(1_700_000_000);
  public static final Address TOKEN = address(900);
  public static final Address TREASURY = address(901);
  public static final Domain DOMAIN = new Domain(31337, address(902));
  public static final Bytes32 SEED = Bytes32.ofNumber(5);
  public static final List<NodeKey> NODES = keys(1, 4);
  public static final List<NodeKey> OPERATORS = keys(11, 4);
  public static final NodeKey USER = key(21);
  public static final NodeKey WORKER = key(22);
  public static final NodeKey WORKER_NODE = key(23);
  public static final NodeKey OTHER = key(24);
  public static final NodeKey OTHER_NODE = key(25);
  public static final Address HOME = OPERATORS.getFirst().address();
  public static final Amount COINS_PER_UNIT = Amount.ofCoins(10);
  public static final Bytes32 DRAW_BLOCK = Bytes32.ofNumber(77);

  private State state = genesis().state();
  private Applied last = new Applied(state, List.of(), 0, List.of(), List.of(), List.of());

  public static Genesis genesis() {
    return new Genesis(
        GENESIS,
        SEED,
        IntStream.range(0, 4)
            .mapToObj(i ->
                new Genesis.Founder(
                    OPERATORS.get(i).address(), NODES.get(i).publicKey(), address(700 + i)))
            .toList(),
        ProtocolParameters.devnet(TREASURY, GENESIS).values());
  }

  public State state() {
    return state;
  }

  public Applied last() {
    return last;
  }

  public long next() {
    return state.epoch() + 1;
  }

  /** Applies an epoch twenty seconds after the last. */
  public Applied epoch(Body body, InboxItem... inbox) {
    return epochAt(state.head().asOf().plusSeconds(20), body, inbox);
  }

  public Applied epochAt(Instant asOf, Body body, InboxItem... inbox) {
    last = Transition.apply(state, input(asOf, body, false, inbox));
    state = last.next();
    return last;
  }

  /** Takes in the inbox and nothing else. */
  public Applied drain(InboxItem... inbox) {
    Instant asOf = state.head().asOf().plusSeconds(20);
    last = Transition.apply(state, input(asOf, Body.empty(next()), true, inbox));
    state = last.next();
    return last;
  }

  public EpochInput input(Instant asOf, Body body, boolean drain, InboxItem... inbox) {
    return new EpochInput(body, List.of(inbox), asOf, TOKEN, seedOf(state.epoch()), drain);
  }

  /** The seed of an epoch. */
  public static Bytes32 seedOf(long epoch) {
    return epoch == 0 ? SEED : Bytes32.ofNumber(1_000 + epoch);
  }

  /** A body of the next epoch with these items, sorted. */
  public Body body(Struct... items) {
    return new Body(
        next(),
        pick(SignedRegistration.class, items),
        pick(SignedAllot.class, items),
        pick(SignedRelease.class, items),
        pick(SignedHold.class, items),
        pick(SignedReceipt.class, items),
        pick(Certificate.class, items),
        List.of(),
        pick(EpochVote.class, items));
  }

  private static <T extends Struct> List<T> pick(Class<T> type, Struct... items) {
    List<T> found = new ArrayList<>();
    for (Struct item : items) {
      if (type.isInstance(item)) {
        found.add(type.cast(item));
      }
    }
    found.sort(Comparator.comparing(Struct::hashStruct));
    return found;
  }

  public InboxItem inbox(
      InboxKind kind, Address account, Address asset, Amount amount, Address target) {
    return new InboxItem(
        state.head().inboxCount(), kind, account, asset, amount, target, Bytes32.ZERO);
  }

  public static SignedRegistration registration(NodeKey account, NodeKey node, long sequence) {
    return registration(account, node, sequence, Role.WORKER.bit(), GENESIS.plusSeconds(1_000_000));
  }

  public static SignedRegistration registration(
      NodeKey account, NodeKey node, long sequence, int roles, Instant expiry) {
    Registration registration =
        new Registration(
            account.address(),
            node.publicKey().bytes(),
            roles,
            payoutOf(account.address()),
            sequence,
            expiry);
    Address introducer = OPERATORS.getFirst().address();
    return new SignedRegistration(
        registration,
        DOMAIN.sign(registration, account),
        DOMAIN.sign(registration, node),
        introducer,
        DOMAIN.sign(new Introduction(registration.hashStruct(), introducer), NODES.getFirst()));
  }

  /** Where a registered account wants its earnings. */
  public static Address payoutOf(Address account) {
    return Address.fromWord(Bytes32.ofNumber(account.toWord().toNumber().shiftRight(8)));
  }

  public static SignedAllot allot(NodeKey account, Amount amount, Address home, long sequence) {
    Allot allot = new Allot(account.address(), TOKEN, home, amount, sequence);
    return new SignedAllot(allot, DOMAIN.sign(allot, account));
  }

  public static SignedRelease release(NodeKey account, Amount amount, Address home, long sequence) {
    Release release = new Release(account.address(), TOKEN, home, amount, sequence);
    return new SignedRelease(release, DOMAIN.sign(release, account));
  }

  public JobSpec spec(Address asset, long units, Amount maxPrice, long nonce) {
    return new JobSpec(
        USER.address(),
        HOME,
        Genesis.WASM,
        Bytes32.ofNumber(1),
        units,
        Bytes32.ofNumber(2),
        new Fuel(1000),
        maxPrice,
        asset,
        state.head().asOf().plusSeconds(600),
        nonce);
  }

  public SignedHold hold(JobSpec spec, Amount amount) {
    return hold(spec, amount, state.epoch());
  }

  public static SignedHold hold(JobSpec spec, Amount amount, long stateEpoch) {
    Hold hold = new Hold(spec.hashStruct(), spec.home(), amount, stateEpoch);
    return new SignedHold(spec, DOMAIN.sign(spec, USER), hold, DOMAIN.sign(hold, NODES.getFirst()));
  }

  public static SignedReceipt receipt(Bytes32 job, long first, long count, Amount price) {
    return receipt(job, WORKER, WORKER_NODE, first, count, price);
  }

  /** A receipt of one fuel per unit. */
  public static SignedReceipt receipt(
      Bytes32 job, NodeKey worker, NodeKey node, long first, long count, Amount price) {
    Lease lease =
        new Lease(job, first, first, count, worker.address(), price, GENESIS.plusSeconds(500));
    JobReceipt receipt =
        new JobReceipt(job, first, first, count, new Fuel(count), Bytes32.ofNumber(3), 10);
    return new SignedReceipt(
        receipt, DOMAIN.sign(receipt, node), lease, DOMAIN.sign(lease, NODES.getFirst()));
  }

  public EpochVote vote(int validator, Bytes32 previousDigest) {
    return new EpochVote(
        OPERATORS.get(validator).address(),
        0,
        DOMAIN.sign(new Vote(state.epoch(), 0, previousDigest), NODES.get(validator)));
  }

  /** A user with money at its home and two workers, after one epoch. */
  public static World funded(Address asset, Amount amount) {
    World world = new World();
    world.epoch(
        world.body(
            registration(WORKER, WORKER_NODE, 1),
            registration(OTHER, OTHER_NODE, 1),
            registration(USER, key(26), 1, Role.USER.bit(), GENESIS.plusSeconds(1_000_000))),
        world.inbox(InboxKind.DEPOSIT, USER.address(), asset, amount, HOME));
    return world;
  }

  /** The same with a job of four units and everything held, after two epochs. */
  public static World running(Address asset, Amount amount) {
    World world = funded(asset, amount);
    JobSpec job = world.spec(asset, 4, amount, 1);
    world.epoch(world.body(world.hold(job, amount)));
    return world;
  }

  /** The one job there is. */
  public Job job() {
    return state.leaves(LeafType.JOB, Job.class).getFirst();
  }

  public Amount payout(Address account, Address asset) {
    return state.payout(account, asset).map(p -> p.cumulative()).orElse(Amount.ZERO);
  }

  public static NodeKey key(long number) {
    return NodeKey.of(Bytes32.ofNumber(number));
  }

  public static Address address(long number) {
    return Address.fromWord(Bytes32.ofNumber(number));
  }

  private static List<NodeKey> keys(long first, int count) {
    return IntStream.range(0, count).mapToObj(i -> key(first + i)).toList();
  }
}
