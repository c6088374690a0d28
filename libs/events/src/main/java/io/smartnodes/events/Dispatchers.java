package io.smartnodes.events;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smartnodes.events.lease.Lease;
import io.smartnodes.events.lease.LeaseListener;
import io.smartnodes.events.lease.Leases;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.events.signal.Signals;
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
import java.util.concurrent.CompletableFuture;
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
  private static final String LEASE = "outbox";
  private static final String SIGNAL = "outbox";

  private final Map<String, UnitDispatcher> byUnit = new ConcurrentHashMap<>();
  private final Instance<TopicsPublished> published;
  private final Instance<EventTransport> transports;
  private final String transport;
  private final Tx tx;
  private final Leases leases;
  private final Signals signals;
  private final MeterRegistry meters;

  /** Called by the container. */
  @Inject
  public Dispatchers(
      @Any Instance<TopicsPublished> published,
      @Any Instance<EventTransport> transports,
      @ConfigProperty(name = "smartnodes.events.transport") String transport,
      Tx tx,
      Leases leases,
      Signals signals,
      MeterRegistry meters) {
    this.published = published;
    this.transports = transports;
    this.transport = transport;
    this.tx = tx;
    this.leases = leases;
    this.signals = signals;
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
    CompletableFuture<UnitDispatcher> made = new CompletableFuture<>();
    Lease lease = leases.keep(unit, LEASE, new WakeWhenGained(made));
    UnitDispatcher dispatcher =
        new UnitDispatcher(unit, tx, lease::tenure, usable, InstantSource.system());
    made.complete(dispatcher);
    signals.on(unit, SIGNAL, key -> dispatcher.wake());
    meters.gauge(
        "smartnodes.events.blocked.keys",
        Tags.of("unit", unit),
        dispatcher,
        UnitDispatcher::blockedKeys);
    Tags tags = Tags.of("unit", unit);
    meters.gauge("smartnodes.outbox.rows", tags, dispatcher, one -> one.backlog().rows());
    meters.gauge(
        "smartnodes.outbox.age.seconds", tags, dispatcher, one -> one.backlog().ageSeconds());
    dispatcher.start();
    return dispatcher;
  }

  /**
   * Within the transaction that published: after its commit the unit's dispatcher looks, here or in
   * the process that has the lease.
   */
  Uni<Void> wakeAfterCommit(String unit) {
    UnitDispatcher dispatcher = byUnit.get(unit);
    if (dispatcher == null) {
      return Uni.createFrom().voidItem();
    }
    if (dispatcher.isActive()) {
      Tx.afterCommit(dispatcher::wake);
      return Uni.createFrom().voidItem();
    }
    return Signals.emit(SIGNAL, unit);
  }

  private record WakeWhenGained(CompletableFuture<UnitDispatcher> dispatcher)
      implements LeaseListener {
    @Override
    public void gained(Tenure tenure) {
      dispatcher.join().wake();
    }

    @Override
    public void lost(Tenure tenure) {
      // The dispatcher asks before each event; the deletion is refused.
      dispatcher.join().wake();
    }
  }

  void stop(@Observes ShutdownEvent event) {
    byUnit.values().forEach(UnitDispatcher::close);
  }
}
