package io.smartnodes.events;

import java.util.Set;

/**
 * Takes events from the outbox to their consumers. A bean with {@code @Identifier}; the key {@code
 * smartnodes.events.transport} chooses one.
 */
public interface EventTransport {
  /**
   * Called once before anything is delivered.
   *
   * @param published all topics of this process
   * @throws IllegalStateException if events of a topic would be lost
   */
  void check(Set<String> published);

  /**
   * Delivers one event; when it returns, the event may be deleted here. Called on a virtual thread,
   * in order per key, possibly again after a crash.
   *
   * @throws RuntimeException if the event must be delivered again
   */
  void deliver(Event event);
}
