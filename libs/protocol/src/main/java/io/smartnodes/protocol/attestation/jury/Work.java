package io.smartnodes.protocol.attestation.jury;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.attestation.jury.JuryEffect.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * How far a member's own replay is.
 *
 * @param sample the units that it drew; empty before the draw
 * @param units where each unit of the sample, and each that another member refutes, stands
 * @param since when it first asked for the openings of its sample, or last got one; absent before
 * @param relayed whether the other members were asked for them too, without success
 */
record Work(List<Long> sample, Map<Long, Unit> units, Optional<Instant> since, boolean relayed) {
  static final Duration ASK_AGAIN = Duration.ofSeconds(5);
  static final Duration REPLAY_AGAIN = Duration.ofSeconds(10);

  Work {
    sample = List.copyOf(sample);
    units = Map.copyOf(units);
  }

  /** Where one unit stands. */
  sealed interface Unit {
    /** Its opening is asked for. */
    record Asked() implements Unit {}

    /** It is open and replayed now. */
    record Open() implements Unit {}

    /** Nobody opened it; asked again at that time. */
    record Missing(Instant again) implements Unit {}

    /** This machine could not replay it; tried again at that time. */
    record Untold(Instant again) implements Unit {}

    /** Replayed, as claimed. */
    record Equal() implements Unit {}

    /** Replayed, not as claimed. */
    record Different() implements Unit {}

    /** Refuted by another member and opened by nobody: no evidence. */
    record Dismissed() implements Unit {}
  }

  /** Work with a sample drawn and nothing asked. */
  static Work drawn(List<Long> sample) {
    return new Work(sample, Map.of(), Optional.empty(), false);
  }

  Work begin(Instant now, List<JuryEffect> effects) {
    List<Long> fresh = sample.stream().filter(unit -> !units.containsKey(unit)).toList();
    effects.add(new JuryEffect.FetchOpenings(fresh, Source.WORKER, List.of()));
    return new Work(sample, units, Optional.of(now), relayed).with(fresh, new Unit.Asked());
  }

  /** Asks for units that another member refutes: who refutes it has it open. */
  Work look(Collection<Long> refuted, List<Address> members, List<JuryEffect> effects) {
    List<Long> unseen = refuted.stream().filter(unit -> !units.containsKey(unit)).sorted().toList();
    if (unseen.isEmpty()) {
      return this;
    }
    effects.add(new JuryEffect.FetchOpenings(unseen, Source.MEMBERS, members));
    return with(unseen, new Unit.Asked());
  }

  Work opened(List<Long> arrived, Instant now, List<JuryEffect> effects) {
    List<Long> waited = arrived.stream().filter(this::isAsked).sorted().toList();
    if (waited.isEmpty()) {
      return this;
    }
    effects.add(new JuryEffect.ReplayUnits(waited));
    return new Work(sample, units, since.map(earlier -> now), relayed)
        .with(waited, new Unit.Open());
  }

  /** The sample: worker, then members, then again. Others' units: members, worker, dismissed. */
  Work unopened(
      List<Long> failed,
      Source source,
      List<Address> members,
      Instant now,
      List<JuryEffect> effects) {
    List<Long> own = failed.stream().filter(this::isAsked).filter(sample::contains).toList();
    List<Long> others =
        failed.stream().filter(this::isAsked).filter(unit -> !sample.contains(unit)).toList();
    return switch (source) {
      case WORKER -> {
        if (!own.isEmpty()) {
          effects.add(new JuryEffect.FetchOpenings(own, Source.MEMBERS, members));
        }
        yield with(others, new Unit.Dismissed());
      }
      case MEMBERS -> {
        if (!others.isEmpty()) {
          effects.add(new JuryEffect.FetchOpenings(others, Source.WORKER, List.of()));
        }
        yield new Work(sample, units, since, relayed || !own.isEmpty())
            .with(own, new Unit.Missing(now.plus(ASK_AGAIN)));
      }
    };
  }

  /** Asks the worker again for what is due. */
  Work retry(Instant now, List<JuryEffect> effects) {
    List<Long> due = where(state -> again(state).filter(time -> !now.isBefore(time)).isPresent());
    if (due.isEmpty()) {
      return this;
    }
    effects.add(new JuryEffect.FetchOpenings(due, Source.WORKER, List.of()));
    return with(due, new Unit.Asked());
  }

  Work with(Collection<Long> changed, Unit state) {
    Map<Long, Unit> next = new TreeMap<>(units);
    changed.forEach(unit -> next.put(unit, state));
    return new Work(sample, next, since, relayed);
  }

  /** Whether every unit of the sample is replayed and equal. */
  boolean sampleIsEqual() {
    return since.isPresent()
        && sample.stream().allMatch(unit -> units.get(unit) instanceof Unit.Equal);
  }

  /** Whether units are missing and none was opened for this long, by any way. */
  boolean isSilent(Duration patience, Instant now) {
    return relayed
        && since.filter(time -> !now.isBefore(time.plus(patience))).isPresent()
        && sample.stream().anyMatch(unit -> units.get(unit) instanceof Unit.Missing);
  }

  /** Whether a unit's own replay is over, one way or the other. */
  boolean isSettled(long unit) {
    Unit state = units.get(unit);
    return state instanceof Unit.Equal
        || state instanceof Unit.Different
        || state instanceof Unit.Dismissed;
  }

  /** Whether an own replay contradicts the receipt. */
  boolean hasDifferent() {
    return units.values().stream().anyMatch(Unit.Different.class::isInstance);
  }

  /** The next time at which something is due. */
  List<Instant> times(Duration patience) {
    List<Instant> times = new ArrayList<>();
    since.ifPresent(time -> times.add(time.plus(patience)));
    units.values().forEach(state -> again(state).ifPresent(times::add));
    return times;
  }

  private boolean isAsked(long unit) {
    return units.get(unit) instanceof Unit.Asked;
  }

  private List<Long> where(Predicate<Unit> state) {
    return units.entrySet().stream()
        .filter(entry -> state.test(entry.getValue()))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private static Optional<Instant> again(Unit state) {
    return switch (state) {
      case Unit.Missing(Instant again) -> Optional.of(again);
      case Unit.Untold(Instant again) -> Optional.of(again);
      case Unit.Asked() -> Optional.empty();
      case Unit.Open() -> Optional.empty();
      case Unit.Equal() -> Optional.empty();
      case Unit.Different() -> Optional.empty();
      case Unit.Dismissed() -> Optional.empty();
    };
  }
}
