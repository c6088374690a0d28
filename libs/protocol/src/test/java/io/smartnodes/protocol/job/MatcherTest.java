package io.smartnodes.protocol.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.Status;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MatcherTest {
  private static final Bytes32 NET = Bytes32.ofNumber(8);
  private static final Bytes32 SEED = Bytes32.ofNumber(3);

  private static Address worker(int i) {
    return Address.fromWord(Bytes32.ofNumber(100 + i));
  }

  private static Matcher.Candidate candidate(int i, int slots, long price, Status status) {
    return new Matcher.Candidate(worker(i), NET, slots, Amount.of(price), status, 333_333, 0);
  }

  private static Matcher.Demand demand(long units, long cap, Set<Address> excluded) {
    return new Matcher.Demand(
        Bytes32.ofNumber(1), NET, List.of(new UnitRange(0, units)), Amount.of(cap), excluded, 1024);
  }

  private static List<Matcher.Grant> grants(Matcher.Outcome outcome) {
    return switch (outcome) {
      case Matcher.Outcome.Matched(List<Matcher.Grant> grants) -> grants;
      case Matcher.Outcome.NoMatch(Matcher.Reason reason) -> throw new AssertionError(reason);
    };
  }

  @Test
  void bannedSuspendedAndRefutedWorkersGetNothing() {
    List<Matcher.Candidate> bad =
        List.of(
            candidate(1, 2, 1, Status.BANNED),
            candidate(2, 2, 1, Status.SUSPENDED),
            candidate(3, 2, 1, Status.ACTIVE));
    assertThat(Matcher.match(demand(10, 5, Set.of(worker(3))), bad, SEED))
        .isEqualTo(new Matcher.Outcome.NoMatch(Matcher.Reason.NO_WORKER_IN_NETWORK));
  }

  @Test
  void theReasonSaysWhyNobodyTakesAUnit() {
    assertThat(
            Matcher.match(demand(1, 5, Set.of()), List.of(candidate(1, 2, 6, Status.ACTIVE)), SEED))
        .isEqualTo(new Matcher.Outcome.NoMatch(Matcher.Reason.TOO_EXPENSIVE));
    assertThat(
            Matcher.match(demand(1, 5, Set.of()), List.of(candidate(1, 0, 5, Status.ACTIVE)), SEED))
        .isEqualTo(new Matcher.Outcome.NoMatch(Matcher.Reason.NO_FREE_SLOT));
  }

  @Test
  void leasesShrinkWithTheFreeUnitsAndNeverExceedTheBounds() {
    List<Matcher.Candidate> two =
        List.of(candidate(1, 2, 1, Status.ACTIVE), candidate(2, 2, 1, Status.ACTIVE));
    assertThat(grants(Matcher.match(demand(256, 5, Set.of()), two, SEED)))
        .hasSize(4)
        .allMatch(grant -> grant.units().count() == 32);
    assertThat(grants(Matcher.match(demand(60_000, 5, Set.of()), two, SEED)))
        .allMatch(grant -> grant.units().count() == Matcher.LARGEST);
    assertThat(grants(Matcher.match(demand(3, 5, Set.of()), two, SEED)))
        .hasSize(3)
        .allMatch(grant -> grant.units().count() == 1);
  }

  @Test
  void theCheaperWorkerComesFirstAndTiesAreBrokenByTheSeedAlone() {
    List<Matcher.Candidate> pair =
        List.of(candidate(1, 1, 4, Status.ACTIVE), candidate(2, 1, 1, Status.ACTIVE));
    assertThat(grants(Matcher.match(demand(1, 5, Set.of()), pair, SEED)).getFirst().worker())
        .isEqualTo(worker(2));
    List<Matcher.Candidate> equal =
        IntStream.range(0, 6).mapToObj(i -> candidate(i, 1, 1, Status.ACTIVE)).toList();
    assertThat(grants(Matcher.match(demand(40, 5, Set.of()), equal, SEED)))
        .isEqualTo(grants(Matcher.match(demand(40, 5, Set.of()), equal.reversed(), SEED)));
  }

  @Test
  void workersInVettingGetTheirShareBesideBetterOnes() {
    List<Matcher.Candidate> mixed =
        List.of(candidate(1, 8, 1, Status.ACTIVE), candidate(2, 8, 4, Status.VETTING));
    assertThat(grants(Matcher.match(demand(256, 5, Set.of()), mixed, SEED)).subList(0, 8))
        .filteredOn(grant -> grant.worker().equals(worker(2)))
        .hasSize(2);
  }
}
