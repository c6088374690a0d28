package io.smartnodes.events;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.quarkus.Tx;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Starts a dispatcher for every unit that publishes, after everything else has started. With the
 * transport {@code none} events stay in the outbox.
 */
@Singleton
public class Dispatchers {
  private static final String NONE = "none";

  private final Map<String, UnitDispatcher> byUnit = new ConcurrentHashMap<>();
  private final Instance<TopicsPublished> published;
  private final Instance<EventTransport> transports;
  private final String transport;
  private final Tx tx;
  private final MeterRegistry meters;

  /** Called by the container. */
  @Inject
  public Dispatchers(
      @Any Instance<TopicsPublished> published,
      @Any Instance<EventTransport> transports,
      @ConfigProperty(name = "smartnodes.events.transport") String transport,
      Tx tx,
      MeterRegistry meters) {
    this.published = published;
    this.transports = transports;
    this.transport = transport;
    this.tx = tx;
    this.meters = meters;
  }

  void start(@Observes @Priority(10_000) StartupEvent event) {
    Set<String> topics =
        published.stream()
            .flatMap(declared -> declared.topics().stream())
            .collect(Collectors.toUnmodifiableSet());
    if (NONE.equals(transport) || topics.isEmpty()) {
      return;
    }
    Instance<EventTransport> chosen = transports.select(Identifier.Literal.of(transport));
    if (!chosen.isResolvable()) {
      throw new IllegalStateException("there is no smartnodes.events.transport " + transport);
    }
    EventTransport usable = chosen.get();
    usable.check(topics);
    published.stream()
        .map(TopicsPublished::unit)
        .distinct()
        .forEach(unit -> byUnit.put(unit, started(unit, usable)));
  }

  private UnitDispatcher started(String unit, EventTransport usable) {
    UnitDispatcher dispatcher = new UnitDispatcher(unit, tx, usable, InstantSource.system());
    meters.gauge(
        "smartnodes.events.blocked.keys",
        io.micrometer.core.instrument.Tags.of("unit", unit),
        dispatcher,
        UnitDispatcher::blockedKeys);
    dispatcher.start();
    return dispatcher;
  }

  /** Tells the unit's dispatcher that there is something new. */
  void wake(String unit) {
    UnitDispatcher dispatcher = byUnit.get(unit);
    if (dispatcher != null) {
      dispatcher.wake();
    }
  }

  void stop(@Observes ShutdownEvent event) {
    byUnit.values().forEach(UnitDispatcher::close);
  }
}
