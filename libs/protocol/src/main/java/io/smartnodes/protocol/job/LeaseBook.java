package io.smartnodes.protocol.job;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All leases of one job at its home, and with them who holds which unit (docs/protocol/4-jobs.md,
 * 4.4): a pure machine whose every result keeps that no unit is in two live leases.
 *
 * @param held the money of the hold
 * @param entries the leases by number
 */
public record LeaseBook(
    Bytes32 jobId, long unitCount, Amount held, SortedMap<Long, Entry> entries) {
  /** A worker that was not heard for so long loses its open leases. */
  public static final Duration SILENCE = Duration.ofSeconds(10);

  /** Copies the map. */
  public LeaseBook {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  /** A lease with where it stands. */
  public record Entry(
      Lease lease,
      LeaseState state,
      Instant lastHeard,
      long unitsDone,
      Optional<Bytes32> receiptHash) {
    Entry in(LeaseState next) {
      return new Entry(lease, next, lastHeard, unitsDone, receiptHash);
    }
  }

  /** Units by what became of them; they add up to the units of the job. */
  public record Progress(long units, long free, long leased, long acknowledged, long certified) {}

  /** What happens to leases. */
  public sealed interface Input {
    /** The home grants leases, numbered on from {@link LeaseBook#nextNumber()}. */
    record Grant(List<Lease> leases) implements Input {
      /** Copies the list. */
      public Grant {
        leases = List.copyOf(leases);
      }
    }

    /** A heartbeat of a worker, with the units done by number of lease. */
    record Heard(Address worker, Instant at, Map<Long, Long> unitsDone) implements Input {
      /** Copies the map. */
      public Heard {
        unitsDone = Map.copyOf(unitsDone);
      }
    }

    /** The worker says that it will not finish a lease. */
    record GaveUp(Address worker, long number, String reason) implements Input {}

    /** The worker may not work any more: it loses its open leases. */
    record Barred(Address worker, String reason) implements Input {}

    /** A quorum of witnesses has acknowledged the receipt of a lease. */
    record Acknowledged(long number, Bytes32 receiptHash) implements Input {}

    /** A certificate with its outcome. */
    record Judged(long number, Bytes32 receiptHash, Outcome outcome) implements Input {}

    /** The settled units of the executed state, a bit per unit. */
    record Settled(Bytes bits) implements Input {}

    /** Time has passed. */
    record Tick() implements Input {}

    /** The job has ended; what no jury has judged stays so. */
    record Ended(String reason) implements Input {}
  }

  /** A lease moved from a state to another; {@code from} equals {@code to} when it is new. */
  public record Change(Lease lease, LeaseState from, LeaseState to, String reason) {}

  /** What an input leads to. */
  public sealed interface Outcomes {
    /** The new book and the changes in it, perhaps none. */
    record Stepped(LeaseBook next, List<Change> changes) implements Outcomes {
      /** Copies the list. */
      public Stepped {
        changes = List.copyOf(changes);
      }
    }

    /** The input contradicts the book, which stays as it is. */
    record Refused(String field, String reason) implements Outcomes {}
  }

  /** A book without leases. */
  public static LeaseBook empty(Bytes32 jobId, long unitCount, Amount held) {
    return new LeaseBook(jobId, unitCount, held, new TreeMap<>());
  }

  /** The highest price of a unit: leases over different units never cost more than the hold. */
  public Amount unitPriceCap() {
    return new Amount(held.value().divide(java.math.BigInteger.valueOf(unitCount)));
  }

  /** The number of the next lease. */
  public long nextNumber() {
    return entries.isEmpty() ? 1 : entries.lastKey() + 1;
  }

  /** Maximal ranges of units in no live lease, ascending. */
  public List<UnitRange> free() {
    BitSet taken = units(LeaseState::isLive);
    List<UnitRange> ranges = new ArrayList<>();
    int from = taken.nextClearBit(0);
    while (from < unitCount) {
      int next = taken.nextSetBit(from);
      int to = next < 0 ? (int) unitCount : next;
      ranges.add(new UnitRange(from, to - from));
      from = taken.nextClearBit(to);
    }
    return ranges;
  }

  /** Units by state. */
  public Progress progress() {
    long leased = units(LeaseState::isOpen).cardinality();
    long acknowledged = units(state -> state == LeaseState.ACKNOWLEDGED).cardinality();
    long certified = units(state -> state == LeaseState.CERTIFIED).cardinality();
    return new Progress(
        unitCount, unitCount - leased - acknowledged - certified, leased, acknowledged, certified);
  }

  /** The open leases of a worker. */
  public List<Entry> openOf(Address worker) {
    return entries.values().stream()
        .filter(entry -> entry.state().isOpen() && entry.lease().worker().equals(worker))
        .toList();
  }

  /** Whether a lease waits for its worker or its jury. */
  public boolean isBusy() {
    return entries.values().stream()
        .anyMatch(entry -> entry.state().isOpen() || entry.state() == LeaseState.ACKNOWLEDGED);
  }

  /** The price of the units of live leases; at most the hold. */
  public Amount committed() {
    Amount sum = Amount.ZERO;
    for (Entry entry : entries.values()) {
      if (entry.state().isLive()) {
        sum = sum.plus(entry.lease().unitPrice().times(entry.lease().count()));
      }
    }
    return sum;
  }

  /** Applies an input; total. */
  public Outcomes step(Input input, Instant now) {
    return switch (input) {
      case Input.Grant(List<Lease> leases) -> grant(leases, now);
      case Input.Heard heard -> new LeaseMoves(this).heard(heard);
      case Input.GaveUp gaveUp -> new LeaseMoves(this).gaveUp(gaveUp);
      case Input.Barred(Address worker, String reason) ->
          new LeaseMoves(this).barred(worker, reason);
      case Input.Acknowledged(long number, Bytes32 hash) ->
          new LeaseMoves(this).acknowledged(number, hash);
      case Input.Judged judged -> new LeaseMoves(this).judged(judged);
      case Input.Settled(Bytes bits) -> new LeaseMoves(this).settled(bits);
      case Input.Tick() -> new LeaseMoves(this).tick(now);
      case Input.Ended(String reason) -> new LeaseMoves(this).ended(reason);
    };
  }

  private Outcomes grant(List<Lease> leases, Instant now) {
    SortedMap<Long, Entry> next = new TreeMap<>(entries);
    List<Change> changes = new ArrayList<>();
    BitSet taken = units(LeaseState::isLive);
    for (Lease lease : leases) {
      Optional<Outcomes.Refused> refused = flaw(lease, taken, next);
      if (refused.isPresent()) {
        return refused.get();
      }
      taken.set((int) lease.first(), (int) (lease.first() + lease.count()));
      next.put(lease.number(), new Entry(lease, LeaseState.GRANTED, now, 0, Optional.empty()));
      changes.add(
          new Change(
              lease,
              LeaseState.GRANTED,
              LeaseState.GRANTED,
              UnitRange.of(lease) + " leased to " + lease.worker()));
    }
    return new Outcomes.Stepped(with(next), changes);
  }

  private Optional<Outcomes.Refused> flaw(Lease lease, BitSet taken, SortedMap<Long, Entry> next) {
    if (!lease.jobId().equals(jobId)) {
      return Optional.of(new Outcomes.Refused("job_id", "belongs to another job"));
    }
    if (!next.isEmpty() && lease.number() <= next.lastKey()) {
      return Optional.of(new Outcomes.Refused("number", "numbers of leases ascend"));
    }
    if (lease.count() < 1 || lease.first() < 0 || lease.first() > unitCount - lease.count()) {
      return Optional.of(new Outcomes.Refused("count", "reaches beyond the units of the job"));
    }
    int clash = taken.nextSetBit((int) lease.first());
    if (clash >= 0 && clash < lease.first() + lease.count()) {
      return Optional.of(new Outcomes.Refused("first", "unit " + clash + " is taken"));
    }
    return lease.unitPrice().compareTo(unitPriceCap()) > 0
        ? Optional.of(new Outcomes.Refused("unit_price", "the hold does not cover it"))
        : Optional.empty();
  }

  LeaseBook with(SortedMap<Long, Entry> next) {
    return new LeaseBook(jobId, unitCount, held, next);
  }

  private BitSet units(java.util.function.Predicate<LeaseState> wanted) {
    BitSet units = new BitSet((int) unitCount);
    for (Entry entry : entries.values()) {
      if (wanted.test(entry.state())) {
        Lease lease = entry.lease();
        units.set((int) lease.first(), (int) (lease.first() + lease.count()));
      }
    }
    return units;
  }
}
