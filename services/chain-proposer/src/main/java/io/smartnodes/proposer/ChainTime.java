package io.smartnodes.proposer;

import io.smartnodes.chain.Block;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the newest look at the chain says about time; in memory, for all threads. */
@Singleton
public class ChainTime {
  private volatile Optional<Block> head = Optional.empty();
  private volatile Optional<Instant> confirmed = Optional.empty();
  private volatile Set<Instant> confirmedTimes = Set.of();

  /** Called by the container. */
  public ChainTime() {}

  /** What is known is never forgotten: a look from the start of a chain may find less. */
  void set(Optional<Block> newest, Optional<Instant> newestConfirmed, List<Instant> times) {
    confirmedTimes = new HashSet<>(times);
    confirmed = newestConfirmed.or(() -> confirmed);
    head = newest.or(() -> head);
  }

  /** Time of the newest block, empty before the first look. */
  public Optional<Instant> now() {
    return head.map(Block::time);
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
