package io.smartnodes.quarkus.database;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.impl.Utils;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Connections to a database that may vanish without a word: its machine is gone, or a firewall
 * drops what it has forgotten. TCP alone notices after a quarter of an hour, and until then every
 * transaction that got such a connection waits, and so does everybody behind it.
 *
 * <p>A connection on which nothing arrived for {@code smartnodes.db.longest-silence} (thirty
 * seconds) is closed, and the transaction on it fails; so a statement must answer within this time.
 * Idle ones leave the pool before. The connection that listens is asked every ten seconds: the
 * limit must be longer than fifteen.
 */
@Singleton
public class DatabaseSockets {
  private static final int CONNECT_MILLIS = 5_000;

  private final Duration longestSilence;

  /** Called by the container. */
  public DatabaseSockets(
      @ConfigProperty(name = "smartnodes.db.longest-silence", defaultValue = "30S")
          Duration longestSilence) {
    this.longestSilence = longestSilence;
  }

  @Produces
  @Singleton
  @ReactiveDataSource("attestation")
  PgPoolCreator attestation() {
    return this::pool;
  }

  @Produces
  @Singleton
  @ReactiveDataSource("ledger")
  PgPoolCreator ledger() {
    return this::pool;
  }

  @Produces
  @Singleton
  @ReactiveDataSource("proposer")
  PgPoolCreator proposer() {
    return this::pool;
  }

  @Produces
  @Singleton
  @ReactiveDataSource("registry")
  PgPoolCreator registry() {
    return this::pool;
  }

  @Produces
  @Singleton
  @ReactiveDataSource("router")
  PgPoolCreator router() {
    return this::pool;
  }

  /** A pool with these limits; a unit that is not named here makes a bean of it. */
  public Pool pool(PgPoolCreator.Input input) {
    input.pgConnectOptionsList().forEach(options -> options.setConnectTimeout(CONNECT_MILLIS));
    PoolOptions pool = input.poolOptions();
    if (pool.getIdleTimeout() == 0) {
      // Before the other limit, which could meet a statement that has just begun.
      pool.setIdleTimeout(Math.toIntExact(longestSilence.toMillis() / 2))
          .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    }
    return new LimitedDriver(longestSilence)
        .createPool(input.vertx(), Utils.roundRobinSupplier(input.pgConnectOptionsList()), pool);
  }
}
