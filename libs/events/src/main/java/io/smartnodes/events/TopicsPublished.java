package io.smartnodes.events;

import java.util.Set;

/**
 * A bean in which a service says what it publishes; without it its outbox takes nothing.
 *
 * @param unit persistence unit of the service
 * @param topics for instance {@code job.v1}
 */
public record TopicsPublished(String unit, Set<String> topics) {
  /** Copies the set. */
  public TopicsPublished {
    topics = Set.copyOf(topics);
  }
}
