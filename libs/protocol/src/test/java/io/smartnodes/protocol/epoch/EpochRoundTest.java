package io.smartnodes.protocol.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Epochs on a virtual clock; attack 9 (stalled epochs) and attack 11 (voting twice). */
class EpochRoundTest {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  @Test
  void withoutFaultsTheMostCompleteProposalOfRoundZeroIsExecuted() {
    LongStream.range(0, 20)
        .forEach(seed -> {
          EpochSimulation simulation = new EpochSimulation(4, seed);
          assertThat(simulation.run(LIMIT)).isTrue();
          assertThat(simulation.executedRound).isZero();
          int most = simulation.items.values().stream().max(Integer::compare).orElseThrow();
          assertThat(simulation.items.get(simulation.executed.orElseThrow())).isEqualTo(most);
          // The others wait for their turn, not for all of them.
          assertThat(simulation.submissions).isLessThan(4);
        });
  }

  @Test
  void aDeadValidatorDoesNotStopTheEpoch() {
    for (int victim = 0; victim < 4; victim++) {
      EpochSimulation simulation = new EpochSimulation(4, 7);
      simulation.dead.add(simulation.operators.get(victim));
      assertThat(simulation.run(LIMIT)).isTrue();
      assertThat(simulation.executedRound).isZero();
    }
  }

  @Test
  void whenAllProposersOfRoundZeroAreSilentTheNextInTurnProposes() {
    EpochSimulation simulation = new EpochSimulation(16, 3);
    simulation.dead.addAll(simulation.operators.subList(0, 5));
    assertThat(simulation.run(LIMIT)).isTrue();
    // Rounds 1 to 5 belong to the dead; the sixth proposer is alive.
    assertThat(simulation.executedRound).isEqualTo(6);
  }

  @Test
  void equalProposalsOfTwoValidatorsAreOneProposal() {
    EpochSimulation simulation = new EpochSimulation(4, 5);
    Bytes32 same = Keccak.text("same");
    simulation.items.put(same, 9);
    Address first = simulation.operators.get(0);
    Address second = simulation.operators.get(1);
    simulation.after(
        Duration.ofMillis(2_500),
        () -> {
          for (Address operator : simulation.operators) {
            simulation.feed(operator, new RoundInput.Announced(0, same, second));
            simulation.feed(operator, new RoundInput.Announced(0, same, first));
          }
        });
    simulation.holdsAnnouncements = operator -> true;
    assertThat(simulation.run(LIMIT)).isTrue();
    assertThat(simulation.executed).contains(same);
    assertThat(simulation.fetches).isEqualTo(4);
  }

  @Test
  void splitVotesOfRoundZeroAreGatheredByALaterProposer() {
    EpochSimulation simulation = new EpochSimulation(4, 11);
    List<Address> all = simulation.operators;
    Bytes32 one = Keccak.text("one");
    Bytes32 other = Keccak.text("other");
    simulation.items.put(one, 20);
    simulation.items.put(other, 20);
    simulation.holdsAnnouncements = operator -> true;
    // Two see only the one proposal before they vote, two only the other.
    simulation.after(
        Duration.ofMillis(2_500),
        () -> {
          simulation.feed(all.get(0), new RoundInput.Announced(0, one, all.get(2)));
          simulation.feed(all.get(1), new RoundInput.Announced(0, one, all.get(2)));
          simulation.feed(all.get(2), new RoundInput.Announced(0, other, all.get(3)));
          simulation.feed(all.get(3), new RoundInput.Announced(0, other, all.get(3)));
        });
    simulation.after(
        Duration.ofSeconds(9), () -> simulation.holdsAnnouncements = operator -> false);
    assertThat(simulation.run(LIMIT)).isTrue();
    assertThat(simulation.executedRound).isPositive();
    assertThat(List.of(one, other)).contains(simulation.executed.orElseThrow());
  }

  @Test
  void whatEverybodyVotedForAndTheChainTakesNoMoreGivesWayToAnotherProposal() {
    EpochSimulation simulation = new EpochSimulation(4, 13);
    Set<Bytes32> before = new HashSet<>();
    // All vote for it, but before it is executed the chain changes its mind: somebody escaped.
    simulation.chainTakes = digest -> false;
    simulation.after(
        Duration.ofMillis(3_500),
        () -> {
          before.addAll(simulation.items.keySet());
          simulation.chainTakes = digest -> true;
        });
    simulation.after(
        Duration.ofMillis(4_500), () -> simulation.chainTakes = digest -> !before.contains(digest));
    assertThat(simulation.run(LIMIT)).isTrue();
    assertThat(before).isNotEmpty().doesNotContain(simulation.executed.orElseThrow());
    assertThat(simulation.executedRound).isPositive();
    assertThat(simulation.twiceSigned()).isEmpty();
  }

  @Test
  void anyLossAndAnyFailuresBelowAThirdEndInOneExecutionAndNoKeySignsTwice() {
    qt().withExamples(60)
        .forAll(longs().all(), integers().between(4, 8), integers().between(0, 35))
        .checkAssert((seed, validators, loss) -> {
          EpochSimulation simulation = new EpochSimulation(validators, seed);
          simulation.loss = loss / 100.0;
          int faulty = (validators - 1) / 3;
          for (int i = 0; i < faulty; i++) {
            Address victim =
                simulation.operators.get(Math.floorMod(seed.hashCode() + 3 * i, validators));
            simulation.after(
                Duration.ofSeconds(Math.floorMod(seed, 20L)), () -> simulation.dead.add(victim));
          }
          assertThat(simulation.run(Duration.ofHours(6))).isTrue();
          assertThat(simulation.twiceSigned()).isEmpty();
        });
  }

  @Test
  void aValidatorThatStartsInARoundVotesOnlyInTheNext() {
    EpochSimulation simulation = new EpochSimulation(4, 1);
    Address self = simulation.operators.get(3);
    Instant started = EpochSimulation.START.plusSeconds(1);
    RoundState state = RoundState.begin(simulation.setup(self, started), VoteRecord.EMPTY);
    Bytes32 digest = Keccak.text("proposal");
    state = next(state, new RoundInput.Announced(0, digest, simulation.operators.get(0)), 1);
    state = next(state, new RoundInput.Fetched(digest), 1);
    state = next(state, new RoundInput.Checked(digest, 3), 2);
    state = next(state, new RoundInput.Tick(), 5);
    assertThat(state.own().in(1, 0)).isEmpty();
    state = next(state, new RoundInput.Announced(1, digest, simulation.operators.get(0)), 6);
    assertThat(state.own().in(1, 1)).as("before it is checked again").isEmpty();
    state = next(state, new RoundInput.Checked(digest, 3), 7);
    assertThat(state.own().in(1, 1)).contains(digest);
  }

  @Test
  void onlyTheProposerInTurnIsHeardAndOnlyOnceARound() {
    EpochSimulation simulation = new EpochSimulation(4, 2);
    List<Address> all = simulation.operators;
    RoundState state =
        RoundState.begin(simulation.setup(all.get(3), Instant.EPOCH), VoteRecord.EMPTY);
    state = next(state, new RoundInput.Announced(1, Keccak.text("a"), all.get(1)), 7);
    assertThat(state.candidates()).isEmpty();
    state = next(state, new RoundInput.Announced(1, Keccak.text("b"), all.get(0)), 7);
    state = next(state, new RoundInput.Announced(1, Keccak.text("c"), all.get(0)), 7);
    assertThat(state.candidates()).containsOnlyKeys(Keccak.text("b"));
  }

  @Test
  void aRefusedProposalIsNeverVotedForAndAMissingBodyIsAskedForInTheNextRound() {
    EpochSimulation simulation = new EpochSimulation(4, 4);
    List<Address> all = simulation.operators;
    RoundState state =
        RoundState.begin(simulation.setup(all.get(3), Instant.EPOCH), VoteRecord.EMPTY);
    Bytes32 bad = Keccak.text("bad");
    Bytes32 gone = Keccak.text("gone");
    state = next(state, new RoundInput.Announced(0, bad, all.get(0)), 0);
    state = next(state, new RoundInput.Announced(0, gone, all.get(1)), 0);
    state = next(state, new RoundInput.Refused(bad), 1);
    state = next(state, new RoundInput.NotFetched(gone), 1);
    state = next(state, new RoundInput.Tick(), 4);
    assertThat(state.own().digests()).isEmpty();
    EpochRound.Step step =
        EpochRound.step(state, new RoundInput.Tick(), EpochSimulation.START.plusSeconds(6));
    assertThat(step.effects()).contains(new RoundEffect.Fetch(gone, all.get(1)));
  }

  @Test
  void theGuardPermitsTheSameDigestAgainAndRefusesAnother() {
    Vote vote = new Vote(3, 1, Keccak.text("a"));
    VoteRecord.Decision first = VoteRecord.EMPTY.maySign(vote);
    VoteRecord kept = ((VoteRecord.Decision.Permitted) first).next();
    assertThat(kept.maySign(vote)).isEqualTo(new VoteRecord.Decision.Permitted(kept));
    assertThat(kept.maySign(new Vote(3, 1, Keccak.text("b"))))
        .isEqualTo(new VoteRecord.Decision.Refused(new VoteRecord.Slot(3, 1), Keccak.text("a")));
    assertThat(kept.maySign(new Vote(3, 2, Keccak.text("b"))))
        .isInstanceOf(VoteRecord.Decision.Permitted.class);
  }

  private static RoundState next(RoundState state, RoundInput input, long second) {
    return EpochRound.step(state, input, EpochSimulation.START.plusSeconds(second)).state();
  }
}
