package io.smartnodes.events;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smartnodes.quarkus.Tx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Gives events to a consumer, each once: the marks of what was processed are in the same
 * transaction.
 */
@Singleton
public class Processing {
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Tx tx;

  /** Called by the container. */
  @Inject
  public Processing(Tx tx) {
    this.tx = tx;
  }

  /**
   * Processes the events in their order in one transaction; those that were processed before are
   * left out. Waits for the commit; for worker and virtual threads.
   *
   * @throws RuntimeException if one of them fails; then none was processed
   */
  public void process(EventConsumer consumer, List<Event> events) {
    await(
        tx,
        consumer.unit(),
        session ->
            Inbox.mark(consumer.name(), events.stream().map(Event::id).toList())
                .chain(fresh -> inOrder(consumer, events, fresh)));
  }

  private static Uni<Void> inOrder(EventConsumer consumer, List<Event> events, Set<UUID> fresh) {
    // Not a chain of Unis: a thousand of them would not fit on the stack.
    return Multi.createFrom()
        .iterable(events)
        .filter(event -> fresh.contains(event.id()))
        .onItem()
        .transformToUniAndConcatenate(event -> one(consumer, event))
        .onItem()
        .ignoreAsUni();
  }

  private static Uni<Void> one(EventConsumer consumer, Event event) {
    // Flushed one by one: what an event stored must be seen by queries of the next.
    return consumer.on(event).chain(() -> Tx.current().session().flush());
  }

  /** Marks an event as processed without giving it to the consumer. */
  public void skip(EventConsumer consumer, Event event) {
    await(tx, consumer.unit(), session -> Inbox.mark(consumer.name(), List.of(event.id())));
  }

  /**
   * Waits for a transaction, but not for ever: a database that does not answer any more must not
   * stop events for good. What timed out may still commit; a repetition finds its marks.
   *
   * @throws io.smallrye.mutiny.TimeoutException after a minute
   */
  static <T> T await(Tx tx, String unit, Function<Mutiny.Session, Uni<T>> work) {
    return tx.run(unit, work).await().atMost(LONGEST);
  }
}
