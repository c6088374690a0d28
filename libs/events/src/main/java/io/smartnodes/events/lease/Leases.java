package io.smartnodes.events.lease;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.smartnodes.events.signal.Signals;
import io.smartnodes.quarkus.InstanceAddress;
import io.smartnodes.quarkus.Tx;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What one process at a time may do: rows {@code unit_lease} in the schema of a unit, six seconds
 * long by the database's clock and renewed every two. A process that dies is succeeded within eight
 * seconds, one that stops in order at once.
 *
 * <p>Holding is a hint; {@link #check} is the proof. Whoever was stopped, swapped out or cut off
 * learns at its next check that it was succeeded, and nobody succeeds it between its check and its
 * commit.
 */
@Singleton
public class Leases {
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

  private final Map<String, UnitLeases> units = new ConcurrentHashMap<>();
  private final Tx tx;
  private final Signals signals;
  private final Supplier<String> address;
  private final MeterRegistry meters;
  private final LongSupplier nanos;
  private final LeaseTimes times;
  private final UUID me = UUID.randomUUID();
  private volatile boolean stopped;

  /** Called by the container. */
  @Inject
  public Leases(Tx tx, Signals signals, InstanceAddress address, MeterRegistry meters) {
    this(tx, signals, address::value, meters, System::nanoTime, LeaseTimes.STANDARD);
  }

  Leases(
      Tx tx,
      Signals signals,
      Supplier<String> address,
      MeterRegistry meters,
      LongSupplier nanos,
      LeaseTimes times) {
    this.tx = tx;
    this.signals = signals;
    this.address = address;
    this.meters = meters;
    this.nanos = nanos;
    this.times = times;
  }

  /**
   * Tries to hold a lease for the life of the process; comes back at once.
   *
   * @param unit persistence unit in whose schema it is
   * @param name lower-case letters, digits and dashes
   */
  public Lease keep(String unit, String name, LeaseListener listener) {
    if (!NAME.matcher(name).matches() || Shards.names().contains(name)) {
      throw new IllegalArgumentException(name + " is no name for a lease");
    }
    Lease lease = unit(unit).keep(name, listener);
    gauge(unit, name, lease);
    return lease;
  }

  /** Takes part in the shards of a unit; the listener hears of each of ours. */
  public Shards shards(String unit, LeaseListener listener) {
    Shards shards = unit(unit).shards(listener);
    unit(unit).all().forEach(lease -> gauge(unit, lease.name(), lease));
    return shards;
  }

  /**
   * Within the current {@code Tx.run}: fails with {@link LeaseLost} if the tenure has ended, and
   * else keeps everybody from taking over until the transaction has ended. Check first, then write.
   * A transaction that then sleeps for five seconds is rolled back.
   */
  public static Uni<Void> check(Tenure tenure) {
    String unit = Tx.current().unit();
    if (!unit.equals(tenure.unit())) {
      throw new IllegalArgumentException(
          "a transaction of " + unit + " cannot check a lease of " + tenure.unit());
    }
    return LeaseRows.confirm(tenure)
        .invoke(ours -> {
          if (!ours) {
            throw new LeaseLost(tenure);
          }
        })
        .replaceWithVoid();
  }

  private UnitLeases unit(String unit) {
    return units.computeIfAbsent(unit, this::started);
  }

  private UnitLeases started(String unit) {
    if (stopped) {
      throw new IllegalStateException("this process stops: it takes no leases any more");
    }
    Counter changes =
        Counter.builder("smartnodes.lease.changes")
            .description("Terms of leases that began or ended in this process")
            .tag("unit", unit)
            .register(meters);
    UnitLeases leases = new UnitLeases(unit, me, address, tx, nanos, times, changes::increment);
    signals.on(unit, Round.SIGNAL, key -> leases.wake());
    leases.start();
    return leases;
  }

  private void gauge(String unit, String name, Lease lease) {
    meters.gauge(
        "smartnodes.lease.held",
        Tags.of("unit", unit, "name", name),
        lease,
        held -> held.tenure().isPresent() ? 1 : 0);
  }

  /** Before requests are refused: others take over while the last answers leave. */
  void stopEarly(@Observes @Priority(10) ShutdownDelayInitiatedEvent event) {
    close();
  }

  void stop(@Observes @Priority(10) ShutdownEvent event) {
    close();
  }

  /** Gives everything back, all units side by side. */
  void close() {
    stopped = true;
    List<Thread> closing =
        units.values().stream().map(unit -> Thread.ofVirtual().start(unit::close)).toList();
    for (Thread thread : closing) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
