package io.smartnodes.events.signal;

import io.quarkus.arc.Arc;
import io.quarkus.arc.Unremovable;
import io.quarkus.reactive.datasource.ReactiveDataSource.ReactiveDataSourceLiteral;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.smartnodes.quarkus.Tx;
import io.vertx.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;

/**
 * Hints to every process of a unit, this one too: at most once each, after the commit, in no
 * certain order. Never the only way to learn something: behind each there is a slow poll.
 *
 * <p>Between processes by PostgreSQL's {@code NOTIFY}. Units that share a database share one
 * connection that listens, taken from the pool of the first of them. A pooler between us and
 * PostgreSQL, or a connection that breaks, loses hints and nothing else.
 */
@Singleton
@Unremovable
public class Signals {
  private static final Pattern KIND = Pattern.compile("[a-z-]{1,32}");
  private static final int LONGEST_KEY = 1_000;
  private static final UUID PROCESS = UUID.randomUUID();

  private final Instance<Pool> pools;
  private final Config config;
  private final UUID ignored;
  private final Map<String, Listening> byDatabase = new ConcurrentHashMap<>();
  private final Map<Subject, List<Mailbox>> handlers = new ConcurrentHashMap<>();
  private volatile boolean stopped;

  private record Subject(String unit, String kind) {}

  /** Called by the container. */
  @Inject
  public Signals(@Any Instance<Pool> pools, Config config) {
    this(pools, config, PROCESS);
  }

  /**
   * @param ignored the process whose notifications were delivered without PostgreSQL
   */
  Signals(Instance<Pool> pools, Config config, UUID ignored) {
    this.pools = pools;
    this.config = config;
    this.ignored = ignored;
  }

  /**
   * Signals within the current {@code Tx.run}; never if it rolls back.
   *
   * @param kind lower-case letters and dashes
   * @param key what the handlers get, at most 1,000 characters
   */
  public static Uni<Void> emit(String kind, String key) {
    check(kind);
    if (key.length() > LONGEST_KEY) {
      throw new IllegalArgumentException("a signal is a hint: its key has at most 1,000 letters");
    }
    Tx.Current current = Tx.current();
    Tx.afterCommit(
        () -> Arc.container().instance(Signals.class).get().deliver(current.unit(), kind, key));
    return current
        .session()
        .createNativeQuery("select cast(pg_notify(:channel, :payload) as text)", String.class)
        .setParameter("channel", channel(current.unit()))
        .setParameter("payload", PROCESS + " " + kind + " " + key)
        .getSingleResult()
        .replaceWithVoid();
  }

  /**
   * Hears of signals of a unit. The handler runs on a virtual thread of its own, one signal after
   * the other; a thousand may wait, more are lost.
   */
  public void on(String unit, String kind, Consumer<String> handler) {
    check(kind);
    handlers
        .computeIfAbsent(new Subject(unit, kind), subject -> new CopyOnWriteArrayList<>())
        .add(new Mailbox("signal-" + kind, handler));
    if (!stopped) {
      byDatabase
          .computeIfAbsent(
              database(unit),
              key ->
                  new Listening(
                      pools.select(new ReactiveDataSourceLiteral(unit)).get(), this::received))
          .add(channel(unit));
    }
  }

  private static void check(String kind) {
    if (!KIND.matcher(kind).matches()) {
      throw new IllegalArgumentException(kind + " is no kind of signal");
    }
  }

  private static String channel(String unit) {
    return "smartnodes_" + unit;
  }

  private String database(String unit) {
    String prefix = "quarkus.datasource." + unit + ".";
    return config.getOptionalValue(prefix + "reactive.url", String.class).orElse(unit)
        + " "
        + config.getOptionalValue(prefix + "username", String.class).orElse("");
  }

  private void received(String channel, String payload) {
    String[] parts = payload.split(" ", 3);
    if (parts.length == 3 && !parts[0].equals(ignored.toString())) {
      deliver(channel.substring(channel("").length()), parts[1], parts[2]);
    }
  }

  private void deliver(String unit, String kind, String key) {
    handlers.getOrDefault(new Subject(unit, kind), List.of()).forEach(mailbox -> mailbox.put(key));
  }

  void stop(@Observes @Priority(20) ShutdownEvent event) {
    close();
  }

  void close() {
    stopped = true;
    byDatabase.values().forEach(Listening::close);
    handlers.values().forEach(mailboxes -> mailboxes.forEach(Mailbox::close));
  }
}
