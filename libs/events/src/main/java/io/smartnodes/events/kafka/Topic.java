package io.smartnodes.events.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A topic as every deployment has it.
 *
 * @param name without the prefix
 * @param partitions fixed for ever: the order per key depends on it
 * @param retention how long the broker keeps events
 */
public record Topic(String name, int partitions, Duration retention) {
  /** Where events go that a consumer could not process. */
  public static final Topic DEAD_LETTERS = new Topic("dead-letter.v1", 1, Duration.ofDays(90));

  /** Largest record in bytes: an epoch with its body, and what surrounds it. */
  public static final int LARGEST_RECORD = 8 << 20;

  /** All topics. The keys of the first three are one: they tell of one state. */
  public static final List<Topic> ALL =
      List.of(
          new Topic("chain.v1", 1, Duration.ofDays(30)),
          new Topic("epoch.v1", 1, Duration.ofDays(30)),
          new Topic("reputation.v1", 1, Duration.ofDays(30)),
          new Topic("peer.v1", 16, Duration.ofDays(7)),
          new Topic("job.v1", 16, Duration.ofDays(7)),
          new Topic("attestation.v1", 16, Duration.ofDays(7)),
          DEAD_LETTERS);

  /** The topic with this name, without the prefix. */
  public static Optional<Topic> named(String name) {
    return ALL.stream().filter(topic -> topic.name().equals(name)).findFirst();
  }

  /** Whether all its events stand in one order, so that none of them may ever be left out. */
  public boolean isOneOrder() {
    return partitions == 1 && !equals(DEAD_LETTERS);
  }
}
