package io.smartnodes.events.kafka;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.events.Event;
import io.smartnodes.events.EventTransport;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.config.Config;

/** Gives events to Kafka, each call in one transaction of the broker. */
@Singleton
@Identifier("kafka")
public class KafkaTransport implements EventTransport {
  private final Config config;
  private final Map<String, OutboxProducer> byUnit = new ConcurrentHashMap<>();

  /** Called by the container. */
  @Inject
  public KafkaTransport(Config config) {
    this.config = config;
  }

  /** The broker may be away: only what no broker can mend is refused. */
  @Override
  public void check(Set<String> published) {
    KafkaSettings.of(config);
    Set<String> unknown = new TreeSet<>(published);
    Topic.ALL.forEach(topic -> unknown.remove(topic.name()));
    if (!unknown.isEmpty()) {
      throw new IllegalStateException("no deployment has the topics " + unknown);
    }
  }

  @Override
  public Delivery deliver(String unit, List<Event> events, BooleanSupplier goOn) {
    return byUnit
        .computeIfAbsent(unit, name -> new OutboxProducer(KafkaSettings.of(config), name))
        .deliver(events, goOn);
  }

  void stop(@Observes @Priority(10_000) ShutdownEvent event) {
    byUnit.values().forEach(OutboxProducer::close);
  }
}
