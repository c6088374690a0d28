package io.smartnodes.events;

import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/**
 * Gives events to the consumers of this process; for deployments in one process. Keys go side by
 * side, the events of one key one after the other, each in a transaction of its own.
 */
@Singleton
@Identifier("in-process")
public class InProcessTransport implements EventTransport {
  private static final int KEYS_AT_ONCE = 4;

  private final Processing processing;
  private final List<EventConsumer> consumers;

  /** Called by the container. */
  @Inject
  public InProcessTransport(Processing processing, @Any Instance<EventConsumer> consumers) {
    this(processing, consumers.stream().toList());
  }

  InProcessTransport(Processing processing, List<EventConsumer> consumers) {
    this.processing = processing;
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
  public Delivery deliver(String unit, List<Event> events, BooleanSupplier goOn) {
    Set<UUID> arrived = ConcurrentHashMap.newKeySet();
    Queue<Failure> failed = new ConcurrentLinkedQueue<>();
    Semaphore places = new Semaphore(KEYS_AT_ONCE);
    List<Thread> threads = new ArrayList<>();
    try {
      for (List<Event> ofKey : byKey(events)) {
        places.acquire();
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    inOrder(ofKey, goOn, arrived, failed);
                  } finally {
                    places.release();
                  }
                }));
      }
      for (Thread started : threads) {
        started.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Delivery.Done(Set.copyOf(arrived), List.copyOf(failed));
  }

  private static Iterable<List<Event>> byKey(List<Event> events) {
    record Key(String topic, String key) {}
    Map<Key, List<Event>> byKey = new LinkedHashMap<>();
    for (Event event : events) {
      byKey
          .computeIfAbsent(new Key(event.topic(), event.key()), ignored -> new ArrayList<>())
          .add(event);
    }
    return byKey.values();
  }

  private void inOrder(
      List<Event> events, BooleanSupplier goOn, Set<UUID> arrived, Queue<Failure> failed) {
    for (Event event : events) {
      if (!goOn.getAsBoolean()) {
        return;
      }
      try {
        deliver(event);
      } catch (RuntimeException e) {
        failed.add(new Failure(event, e));
        return;
      }
      arrived.add(event.id());
    }
  }

  private void deliver(Event event) {
    for (EventConsumer consumer : consumers) {
      if (consumer.topics().contains(event.topic()) && consumer.hears(event.type())) {
        processing.process(consumer, List.of(event));
      }
    }
  }
}
