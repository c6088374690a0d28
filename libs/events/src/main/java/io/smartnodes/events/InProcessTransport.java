package io.smartnodes.events;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smartnodes.quarkus.Tx;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Gives events to the consumers of this process; for deployments in one process. */
@Singleton
@Identifier("in-process")
public class InProcessTransport implements EventTransport {
  private final Tx tx;
  private final List<EventConsumer> consumers;

  /** Called by the container. */
  @Inject
  public InProcessTransport(Tx tx, @Any Instance<EventConsumer> consumers) {
    this(tx, consumers.stream().toList());
  }

  InProcessTransport(Tx tx, List<EventConsumer> consumers) {
    this.tx = tx;
    this.consumers = List.copyOf(consumers);
  }

  @Override
  public void check(Set<String> published) {
    Set<String> unheard = new TreeSet<>(published);
    consumers.forEach(consumer -> unheard.removeAll(consumer.topics()));
    if (!unheard.isEmpty()) {
      throw new IllegalStateException(
          "nobody in this process hears "
              + unheard
              + ": their events would be lost; deploy with a broker, or set"
              + " smartnodes.events.transport=none to keep them");
    }
  }

  @Override
  public void deliver(Event event) {
    for (EventConsumer consumer : consumers) {
      if (consumer.topics().contains(event.topic())) {
        tx.runAndAwait(consumer.unit(), session -> once(consumer, event));
      }
    }
  }

  private static Uni<Void> once(EventConsumer consumer, Event event) {
    return Inbox.mark(consumer.name(), event.id())
        .chain(first -> first ? consumer.on(event) : Uni.createFrom().voidItem());
  }
}
