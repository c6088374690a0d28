package io.smartnodes.events;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

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
   * Delivers what it can. Called on a virtual thread, one call at a time for a unit, possibly again
   * with the same events after a crash.
   *
   * @param unit whose outbox they come from
   * @param events in the order of the outbox; the order of each key is kept: of each key a prefix
   *     arrives
   * @param goOn asked between events: false when the outbox is no longer ours or we stop
   */
  Delivery deliver(String unit, List<Event> events, BooleanSupplier goOn);

  /** What came of a delivery. */
  sealed interface Delivery {
    /**
     * Some events arrived and may be deleted here, others stay.
     *
     * @param arrived ids
     * @param failed the first failed event of each key that failed
     */
    record Done(Set<UUID> arrived, List<Failure> failed) implements Delivery {}

    /**
     * Nothing can be delivered at the moment, whatever the event; all stay.
     *
     * @param cause why
     */
    record Unavailable(RuntimeException cause) implements Delivery {}
  }

  /**
   * An event that was not delivered for a reason of its own.
   *
   * @param event the first of its key that failed
   * @param cause why
   */
  record Failure(Event event, RuntimeException cause) {}
}
