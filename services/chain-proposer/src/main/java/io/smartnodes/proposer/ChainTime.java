package io.smartnodes.proposer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smartnodes.chain.Block;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the newest look at the chain says about time; in memory, for all threads, per term. */
@Singleton
public class ChainTime {
  private volatile Optional<Block> head = Optional.empty();
  private volatile Optional<Instant> confirmed = Optional.empty();
  private volatile Set<Instant> confirmedTimes = Set.of();
  private volatile long movedAt;

  /** Called by the container. */
  @Inject
  public ChainTime(MeterRegistry meters) {
    Gauge.builder("smartnodes.chain.head.age.seconds", this, ChainTime::ageInSeconds)
        .description("Since the head of the chain moved; no number in a process that stands by")
        .register(meters);
  }

  private double ageInSeconds() {
    return age().map(age -> age.toMillis() / 1_000.0).orElse(Double.NaN);
  }

  /** A process that stands by does not look, and has no age to tell. */
  void forget() {
    head = Optional.empty();
  }

  /** What is known is never forgotten: a look from the start of a chain may find less. */
  void set(Optional<Block> newest, Optional<Instant> newestConfirmed, List<Instant> times) {
    confirmedTimes = new HashSet<>(times);
    confirmed = newestConfirmed.or(() -> confirmed);
    if (!newest.equals(head) && newest.isPresent()) {
      movedAt = System.nanoTime();
      head = newest;
    }
  }

  /** Time of the newest block, empty before the first look. */
  public Optional<Instant> now() {
    return head.map(Block::time);
  }

  /** How long ago the head was last seen to move, by this process's clock; empty before. */
  public Optional<Duration> age() {
    return head.map(block -> Duration.ofNanos(System.nanoTime() - movedAt));
  }

  /** Time of the newest block at confirmation depth. */
  public Optional<Instant> confirmed() {
    return confirmed;
  }

  /** Whether a remembered block at confirmation depth states this time. */
  public boolean isConfirmed(Instant time) {
    return confirmedTimes.contains(time);
  }
}
