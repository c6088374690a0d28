package io.smartnodes.protocol.epoch;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.chance.Picks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Validators on a virtual clock with a network that delays and loses messages, and a chain that
 * takes the first execution with a quorum. Everything follows from the seed.
 */
final class EpochSimulation {
  static final Instant START = Instant.ofEpochSecond(1_000_000);
  static final Duration ROUND = Duration.ofSeconds(6);
  private static final Duration BLOCK = Duration.ofSeconds(1);

  final List<Address> operators;
  final Map<Address, RoundState> states = new HashMap<>();
  final Set<Address> dead = new HashSet<>();
  final Map<VoteRecord.Slot, Map<Address, Set<Bytes32>>> signed = new HashMap<>();
  final Map<Bytes32, Integer> items = new HashMap<>();
  Predicate<Address> holdsAnnouncements = operator -> false;

  /** What the chain takes; a check asks it too, as voters do by simulating the execution. */
  Predicate<Bytes32> chainTakes = digest -> true;

  double loss;
  Optional<Bytes32> executed = Optional.empty();
  int executedRound = -1;
  int submissions;
  int fetches;

  private final Random random;
  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingLong(Due::sequence));
  private long sequence;
  private Instant now = START.minusSeconds(2);

  private record Due(Instant at, long sequence, Runnable action) {}

  EpochSimulation(int validators, long seed) {
    this.random = new Random(seed);
    List<Address> all =
        IntStream.range(0, validators)
            .mapToObj(i -> Address.fromWord(Keccak.text("operator" + i)))
            .toList();
    this.operators = Picks.proposers(Keccak.text("seed" + seed), all);
    for (Address operator : operators) {
      states.put(operator, RoundState.begin(setup(operator, Instant.EPOCH), VoteRecord.EMPTY));
    }
  }

  RoundState.Setup setup(Address self, Instant votesFrom) {
    return new RoundState.Setup(1, new EpochSchedule(START, ROUND), operators, self, votesFrom);
  }

  /** Runs until every living validator knows the execution, or the time is over. */
  boolean run(Duration limit) {
    Instant end = START.plus(limit);
    operators.forEach(this::tick);
    while (!queue.isEmpty() && !done()) {
      Due due = queue.remove();
      if (due.at().isAfter(end)) {
        return false;
      }
      now = due.at();
      due.action().run();
    }
    return done();
  }

  private boolean done() {
    return operators.stream()
        .filter(operator -> !dead.contains(operator))
        .allMatch(operator -> state(operator).executed().isPresent());
  }

  RoundState state(Address operator) {
    return Objects.requireNonNull(states.get(operator));
  }

  void feed(Address operator, RoundInput input) {
    if (dead.contains(operator)) {
      return;
    }
    EpochRound.Step step = EpochRound.step(state(operator), input, chainTime());
    states.put(operator, step.state());
    step.effects().forEach(effect -> perform(operator, effect));
  }

  /** Blocks carry whole seconds. */
  private Instant chainTime() {
    return Instant.ofEpochSecond(now.getEpochSecond());
  }

  private void tick(Address operator) {
    feed(operator, new RoundInput.Tick());
    after(BLOCK, () -> tick(operator));
  }

  private void perform(Address self, RoundEffect effect) {
    switch (effect) {
      case RoundEffect.BuildProposal build -> {
        Bytes32 digest = Keccak.words(self.toWord(), Bytes32.ofNumber(build.round()));
        int effective = items.computeIfAbsent(digest, d -> random.nextInt(4));
        after(delay(), () -> feed(self, new RoundInput.Built(build.round(), digest, effective)));
      }
      case RoundEffect.Announce said -> {
        if (!holdsAnnouncements.test(self)) {
          toOthers(self, new RoundInput.Announced(said.round(), said.digest(), self));
        }
      }
      case RoundEffect.Fetch fetch -> {
        fetches++;
        boolean lost = dead.contains(fetch.from()) || random.nextDouble() < loss;
        after(
            delay(),
            () ->
                feed(
                    self,
                    lost
                        ? new RoundInput.NotFetched(fetch.digest())
                        : new RoundInput.Fetched(fetch.digest())));
      }
      case RoundEffect.Check check ->
          after(
              delay(),
              () ->
                  feed(
                      self,
                      chainTakes.test(check.digest())
                          ? new RoundInput.Checked(
                              check.digest(), items.getOrDefault(check.digest(), 0))
                          : new RoundInput.Undecided(check.digest())));
      case RoundEffect.CastVote cast -> {
        signed
            .computeIfAbsent(new VoteRecord.Slot(1, cast.round()), slot -> new HashMap<>())
            .computeIfAbsent(self, operator -> new HashSet<>())
            .add(cast.digest());
        toOthers(self, new RoundInput.Voted(self, cast.round(), cast.digest()));
      }
      case RoundEffect.Submit submit -> submit(submit);
      case RoundEffect.WakeAt wake -> {} // ticks come with every block here
    }
  }

  private void submit(RoundEffect.Submit submit) {
    submissions++;
    Map<Address, Set<Bytes32>> votes =
        signed.getOrDefault(new VoteRecord.Slot(1, submit.round()), Map.of());
    long count =
        votes.values().stream().filter(digests -> digests.contains(submit.digest())).count();
    if (3 * count <= 2L * operators.size()) {
      throw new AssertionError("submitted without a quorum");
    }
    if (executed.isEmpty() && chainTakes.test(submit.digest())) {
      executed = Optional.of(submit.digest());
      executedRound = submit.round();
      // Mined in a second, at confirmation depth two blocks later; the chain loses nothing.
      for (Address operator : operators) {
        after(
            Duration.ofSeconds(3), () -> feed(operator, new RoundInput.Executed(submit.digest())));
      }
    }
  }

  private void toOthers(Address self, RoundInput input) {
    for (Address other : operators) {
      if (!other.equals(self) && random.nextDouble() >= loss) {
        after(delay(), () -> feed(other, input));
      }
    }
  }

  private Duration delay() {
    return Duration.ofMillis(20 + random.nextInt(400));
  }

  void after(Duration delay, Runnable action) {
    queue.add(new Due(now.plus(delay), sequence++, action));
  }

  List<Bytes32> twiceSigned() {
    List<Bytes32> twice = new ArrayList<>();
    signed
        .values()
        .forEach(round ->
            round.values().stream().filter(digests -> digests.size() > 1).forEach(twice::addAll));
    return twice;
  }
}
