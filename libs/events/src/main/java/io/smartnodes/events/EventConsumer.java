package io.smartnodes.events;

import io.smallrye.mutiny.Uni;
import java.util.Set;

/**
 * A bean that hears events. Each event is given to it in a transaction of its unit together with
 * the mark that it was processed: what it stores and the mark commit together, so that a second
 * delivery finds the mark and does nothing.
 */
public interface EventConsumer {
  /** Name of the consumer, unique in its unit and never changed. */
  String name();

  /** The persistence unit whose transaction it runs in. */
  String unit();

  /** The topics it hears; it skips types that it does not know. */
  Set<String> topics();

  /**
   * Whether it wants events of this type; others are left out without a transaction.
   *
   * @param type full name of the protobuf message
   */
  default boolean hears(String type) {
    return true;
  }

  /**
   * Whether events that arrive together may be processed in one transaction, in their order. When
   * one of them fails, all are processed again, each in its own.
   */
  default boolean takesManyAtOnce() {
    return true;
  }

  /**
   * Processes one event within the transaction ({@code Tx.current()}). It must not block, call
   * others or start threads: it stores what is to be done, and {@code Tx.afterCommit} changes what
   * is in memory and wakes who does it. A failure rolls back, and the event comes again later;
   * until then no other event with its key comes.
   */
  Uni<Void> on(Event event);
}
