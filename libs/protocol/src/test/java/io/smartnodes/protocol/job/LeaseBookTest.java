package io.smartnodes.protocol.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.job.LeaseBook.Input;
import io.smartnodes.protocol.job.LeaseBook.Outcomes;
import io.smartnodes.protocol.state.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeaseBookTest {
  private static final Bytes32 JOB = Bytes32.ofNumber(9);
  private static final Bytes32 NET = Bytes32.ofNumber(8);
  private static final Instant START = Instant.ofEpochSecond(1_000_000);
  private static final Instant DEADLINE = START.plusSeconds(600);

  private static Address worker(int i) {
    return Address.fromWord(Bytes32.ofNumber(100 + i));
  }

  private static Lease lease(long number, long first, long count, int worker) {
    return new Lease(JOB, number, first, count, worker(worker), Amount.of(2), DEADLINE);
  }

  private static LeaseBook book(Lease... leases) {
    return step(LeaseBook.empty(JOB, 10, Amount.of(20)), new Input.Grant(List.of(leases)), START);
  }

  private static LeaseBook step(LeaseBook book, Input input, Instant now) {
    return switch (book.step(input, now)) {
      case Outcomes.Stepped(LeaseBook next, List<LeaseBook.Change> changes) -> next;
      case Outcomes.Refused(String field, String reason) ->
          throw new AssertionError(field + ": " + reason);
    };
  }

  private static LeaseState stateOf(LeaseBook book, long number) {
    return java.util.Objects.requireNonNull(book.entries().get(number)).state();
  }

  @Test
  void aUnitInALiveLeaseIsNotLeasedAgain() {
    assertThat(book(lease(1, 0, 4, 1)).step(new Input.Grant(List.of(lease(2, 3, 2, 2))), START))
        .isEqualTo(new Outcomes.Refused("first", "unit 3 is taken"));
  }

  @Test
  void aPriceBeyondTheHoldIsNotGranted() {
    Lease dear = new Lease(JOB, 1, 0, 1, worker(1), Amount.of(3), DEADLINE);
    assertThat(LeaseBook.empty(JOB, 10, Amount.of(20)).step(new Input.Grant(List.of(dear)), START))
        .isEqualTo(new Outcomes.Refused("unit_price", "the hold does not cover it"));
  }

  @Test
  void theUnitsOfASilentWorkerAreFreeAgain() {
    LeaseBook book = book(lease(1, 0, 4, 1), lease(2, 4, 6, 2));
    book = step(book, new Input.Heard(worker(2), START.plusSeconds(9), Map.of(2L, 1L)), START);
    book = step(book, new Input.Tick(), START.plusSeconds(10));
    assertThat(stateOf(book, 1)).isEqualTo(LeaseState.LAPSED);
    assertThat(stateOf(book, 2)).isEqualTo(LeaseState.WORKING);
    assertThat(book.free()).containsExactly(new UnitRange(0, 4));
  }

  @Test
  void aReceiptOfALapsedLeaseThatHasAQuorumReplacesTheLeaseThatFollowed() {
    LeaseBook book = step(book(lease(1, 0, 4, 1)), new Input.Tick(), START.plusSeconds(60));
    book = step(book, new Input.Grant(List.of(lease(2, 2, 8, 2))), START.plusSeconds(60));
    book = step(book, new Input.Acknowledged(1, Bytes32.ofNumber(1)), START.plusSeconds(61));
    assertThat(stateOf(book, 1)).isEqualTo(LeaseState.ACKNOWLEDGED);
    assertThat(stateOf(book, 2)).isEqualTo(LeaseState.VOIDED);
    assertThat(book.free()).containsExactly(new UnitRange(4, 6));
  }

  @Test
  void aRefutedReceiptFreesItsUnitsEvenAfterItWasConfirmed() {
    Bytes32 receipt = Bytes32.ofNumber(1);
    LeaseBook book = book(lease(1, 0, 10, 1));
    book = step(book, new Input.Judged(1, receipt, Outcome.CONFIRMED), START);
    assertThat(stateOf(book, 1)).isEqualTo(LeaseState.CERTIFIED);
    book = step(book, new Input.Judged(1, receipt, Outcome.REFUTED), START);
    assertThat(book.free()).containsExactly(new UnitRange(0, 10));
    book = step(book, new Input.Judged(1, receipt, Outcome.CONFIRMED), START);
    assertThat(stateOf(book, 1)).isEqualTo(LeaseState.VOIDED);
  }

  @Test
  void settledUnitsCountAsCertified() {
    LeaseBook book = book(lease(1, 0, 2, 1), lease(2, 2, 8, 2));
    book = step(book, new Input.Acknowledged(1, Bytes32.ofNumber(1)), START);
    book = step(book, new Input.Acknowledged(2, Bytes32.ofNumber(2)), START);
    book = step(book, new Input.Settled(Bytes.of(new byte[] {3, 0})), START);
    assertThat(stateOf(book, 1)).isEqualTo(LeaseState.CERTIFIED);
    assertThat(stateOf(book, 2)).isEqualTo(LeaseState.ACKNOWLEDGED);
  }

  @Test
  void whateverHappensNoUnitIsInTwoLiveLeasesAndThePricesStayWithinTheHold() {
    qt().withExamples(150)
        .forAll(longs().all(), integers().between(1, 60))
        .checkAssert((seed, units) -> {
          Random random = new Random(seed);
          LeaseBook book = LeaseBook.empty(JOB, units, Amount.of(units * 2L + 1));
          Instant now = START;
          for (int i = 0; i < 60; i++) {
            now = now.plusSeconds(random.nextInt(8));
            book = any(book, chaos(book, random, now), now);
            assertSound(book);
          }
        });
  }

  private static LeaseBook any(LeaseBook book, Input input, Instant now) {
    return switch (book.step(input, now)) {
      case Outcomes.Stepped(LeaseBook next, List<LeaseBook.Change> changes) -> next;
      case Outcomes.Refused(String field, String reason) -> book;
    };
  }

  private static Input chaos(LeaseBook book, Random random, Instant now) {
    long number = 1 + random.nextLong(book.nextNumber());
    Bytes32 receipt = Bytes32.ofNumber(number * 2 + random.nextInt(2));
    return switch (random.nextInt(7)) {
      case 0, 1 -> new Input.Grant(leases(book, random.nextLong(), random.nextBoolean()));
      case 2 -> new Input.Heard(worker(random.nextInt(4)), now, Map.of(number, 1L));
      case 3 -> new Input.Acknowledged(number, receipt);
      case 4 ->
          new Input.Judged(
              number,
              receipt,
              List.of(Outcome.CONFIRMED, Outcome.REFUTED, Outcome.SILENT, Outcome.UNDELIVERED)
                  .get(random.nextInt(4)));
      case 5 -> new Input.GaveUp(worker(random.nextInt(4)), number, "tired");
      default -> new Input.Tick();
    };
  }

  private static List<Lease> leases(LeaseBook book, long seed, boolean blind) {
    if (blind) {
      return List.of(
          new Lease(
              JOB,
              book.nextNumber(),
              Math.floorMod(seed, book.unitCount()),
              1 + Math.floorMod(seed, 3),
              worker(1),
              Amount.of(Math.floorMod(seed, 4)),
              DEADLINE));
    }
    List<Lease> leases = new ArrayList<>();
    if (Matcher.match(demand(book, Set.of()), workers(4), Bytes32.ofNumber(seed & 0xffff))
        instanceof Matcher.Outcome.Matched(List<Matcher.Grant> grants)) {
      for (Matcher.Grant grant : grants) {
        leases.add(
            new Lease(
                JOB,
                book.nextNumber() + leases.size(),
                grant.units().first(),
                grant.units().count(),
                grant.worker(),
                grant.unitPrice(),
                DEADLINE));
      }
    }
    return leases;
  }

  private static List<Matcher.Candidate> workers(int count) {
    List<Matcher.Candidate> workers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      workers.add(
          new Matcher.Candidate(
              worker(i),
              NET,
              2,
              Amount.of(i),
              i % 2 == 0 ? Status.VETTING : Status.ACTIVE,
              333_333,
              i * 10L));
    }
    return workers;
  }

  private static Matcher.Demand demand(LeaseBook book, Set<Address> excluded) {
    return new Matcher.Demand(JOB, NET, book.free(), book.unitPriceCap(), excluded, 1024);
  }

  private static void assertSound(LeaseBook book) {
    BitSet taken = new BitSet();
    for (LeaseBook.Entry entry : book.entries().values()) {
      if (entry.state().isLive()) {
        for (long unit = entry.lease().first(); unit < UnitRange.of(entry.lease()).end(); unit++) {
          assertThat(taken.get((int) unit)).as("unit %s is in two live leases", unit).isFalse();
          taken.set((int) unit);
        }
      }
    }
    assertThat(book.committed()).isLessThanOrEqualTo(book.held());
    LeaseBook.Progress p = book.progress();
    assertThat(p.free() + p.leased() + p.acknowledged() + p.certified()).isEqualTo(p.units());
  }

  @Test
  void everyUnitEndsCertifiedWhenWorkersBehave() {
    qt().withExamples(60)
        .forAll(longs().all(), integers().between(1, 300))
        .checkAssert((seed, units) -> {
          LeaseBook book = LeaseBook.empty(JOB, units, Amount.of(units * 4L));
          for (int round = 0; round < 200 && book.progress().certified() < units; round++) {
            book = step(book, new Input.Grant(leases(book, seed + round, false)), START);
            for (LeaseBook.Entry entry : book.entries().values()) {
              long number = entry.lease().number();
              book =
                  any(
                      book,
                      new Input.Judged(number, Bytes32.ofNumber(number), Outcome.CONFIRMED),
                      START);
            }
          }
          assertThat(book.progress().certified()).isEqualTo(units.longValue());
        });
  }
}
