package io.smartnodes.protocol.job;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.Status;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;

/** Which worker gets which units (docs/protocol/4-jobs.md, 4.5). */
public final class Matcher {
  /** The most units of a lease, whatever the parameter allows. */
  public static final long LARGEST = 64;

  /** Every so many grants, one is for a worker in vetting. */
  public static final int VETTING_SHARE = 4;

  private Matcher() {}

  /**
   * A worker as its home sees it.
   *
   * @param network the id of the network that it offers
   * @param freeSlots leases that it can take now
   * @param rank in millionths (2.5.9)
   * @param speed units per 1,000 s that this home has measured, 0 if none
   */
  public record Candidate(
      Address worker,
      Bytes32 network,
      int freeSlots,
      Amount unitPrice,
      Status status,
      long rank,
      long speed) {}

  /**
   * What a job wants.
   *
   * @param free ranges, ascending
   * @param unitPriceCap the highest price of a unit
   * @param excluded workers that this home saw refuted
   * @param maxUnitsPerLease parameter 15
   */
  public record Demand(
      Bytes32 jobId,
      Bytes32 network,
      List<UnitRange> free,
      Amount unitPriceCap,
      Set<Address> excluded,
      long maxUnitsPerLease) {
    /** Copies the collections. */
    public Demand {
      free = List.copyOf(free);
      excluded = Set.copyOf(excluded);
    }
  }

  /** A range for a worker. */
  public record Grant(Address worker, UnitRange units, Amount unitPrice) {}

  /** What a match leads to. */
  public sealed interface Outcome {
    /** Grants over different free units. */
    record Matched(List<Grant> grants) implements Outcome {
      /** Copies the list. */
      public Matched {
        grants = List.copyOf(grants);
      }
    }

    /** Nobody can take anything now. */
    record NoMatch(Reason reason) implements Outcome {}
  }

  /** Why nobody takes anything. */
  public enum Reason {
    NOTHING_FREE,
    NO_WORKER_IN_NETWORK,
    TOO_EXPENSIVE,
    NO_FREE_SLOT
  }

  /** Assigns free units to free slots, the best workers first, one slot of each per turn. */
  public static Outcome match(Demand demand, List<Candidate> candidates, Bytes32 seed) {
    if (demand.free().isEmpty()) {
      return new Outcome.NoMatch(Reason.NOTHING_FREE);
    }
    List<Candidate> able = candidates.stream().filter(c -> isAble(c, demand)).toList();
    if (able.isEmpty()) {
      return new Outcome.NoMatch(Reason.NO_WORKER_IN_NETWORK);
    }
    List<Candidate> fair =
        able.stream().filter(c -> c.unitPrice().compareTo(demand.unitPriceCap()) <= 0).toList();
    if (fair.isEmpty()) {
      return new Outcome.NoMatch(Reason.TOO_EXPENSIVE);
    }
    List<Candidate> idle = fair.stream().filter(c -> c.freeSlots() > 0).toList();
    if (idle.isEmpty()) {
      return new Outcome.NoMatch(Reason.NO_FREE_SLOT);
    }
    long size = leaseSize(demand, idle);
    return new Outcome.Matched(assign(cut(demand.free(), size), ranked(idle, demand, seed)));
  }

  private static boolean isAble(Candidate candidate, Demand demand) {
    return candidate.network().equals(demand.network())
        && !demand.excluded().contains(candidate.worker())
        && mayWork(candidate.status());
  }

  /** Whether a worker of this status gets leases. */
  public static boolean mayWork(Status status) {
    return switch (status) {
      case VETTING, ACTIVE, WARNED -> true;
      case SUSPENDED, BANNED -> false;
    };
  }

  /** ⌈free units / (2 × free slots)⌉ within the bounds: small enough to balance at the end. */
  private static long leaseSize(Demand demand, List<Candidate> idle) {
    long units = demand.free().stream().mapToLong(UnitRange::count).sum();
    long slots = idle.stream().mapToLong(Candidate::freeSlots).sum();
    long size = Math.ceilDiv(units, 2 * slots);
    return Math.max(1, Math.min(size, Math.min(LARGEST, demand.maxUnitsPerLease())));
  }

  private static List<UnitRange> cut(List<UnitRange> free, long size) {
    List<UnitRange> parts = new ArrayList<>();
    for (UnitRange range : free) {
      for (long first = range.first(); first < range.end(); first += size) {
        parts.add(new UnitRange(first, Math.min(size, range.end() - first)));
      }
    }
    return parts;
  }

  private static List<Candidate> ranked(List<Candidate> idle, Demand demand, Bytes32 seed) {
    long usual = usualSpeed(idle);
    Comparator<Candidate> best =
        (one, other) ->
            worth(other, usual)
                .multiply(price(one))
                .compareTo(worth(one, usual).multiply(price(other)));
    return idle.stream()
        .sorted(best.thenComparing(c -> Keccak.words(seed, demand.jobId(), c.worker().toWord())))
        .toList();
  }

  /** The mean of what was measured, so that a newcomer is neither favoured nor put behind. */
  private static long usualSpeed(List<Candidate> idle) {
    LongSummaryStatistics measured =
        idle.stream().mapToLong(Candidate::speed).filter(speed -> speed > 0).summaryStatistics();
    return measured.getCount() == 0 ? 1 : Math.max(1, measured.getSum() / measured.getCount());
  }

  private static BigInteger worth(Candidate candidate, long usual) {
    return BigInteger.valueOf(Math.max(1, candidate.rank()))
        .multiply(BigInteger.valueOf(candidate.speed() > 0 ? candidate.speed() : usual));
  }

  private static BigInteger price(Candidate candidate) {
    return candidate.unitPrice().value().add(BigInteger.ONE);
  }

  private static List<Grant> assign(List<UnitRange> parts, List<Candidate> ranked) {
    List<Candidate> seasoned = new ArrayList<>();
    List<Candidate> vetting = new ArrayList<>();
    int turns = ranked.stream().mapToInt(Candidate::freeSlots).max().orElse(0);
    for (int turn = 0; turn < turns; turn++) {
      for (Candidate candidate : ranked) {
        if (candidate.freeSlots() > turn) {
          (candidate.status() == Status.VETTING ? vetting : seasoned).add(candidate);
        }
      }
    }
    List<Grant> grants = new ArrayList<>();
    Map<Boolean, Integer> taken = new HashMap<>(Map.of(true, 0, false, 0));
    for (UnitRange part : parts) {
      boolean newcomer = grants.size() % VETTING_SHARE == VETTING_SHARE - 1;
      boolean fromVetting = left(newcomer, taken, vetting, seasoned) ? newcomer : !newcomer;
      if (!left(fromVetting, taken, vetting, seasoned)) {
        break;
      }
      int at = taken.merge(fromVetting, 1, Integer::sum) - 1;
      Candidate candidate = (fromVetting ? vetting : seasoned).get(at);
      grants.add(new Grant(candidate.worker(), part, candidate.unitPrice()));
    }
    return grants;
  }

  private static boolean left(
      boolean ofVetting,
      Map<Boolean, Integer> taken,
      List<Candidate> vetting,
      List<Candidate> seasoned) {
    return taken.getOrDefault(ofVetting, 0) < (ofVetting ? vetting : seasoned).size();
  }
}
