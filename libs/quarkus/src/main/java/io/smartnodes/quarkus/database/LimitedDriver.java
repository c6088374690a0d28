package io.smartnodes.quarkus.database;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.impl.PgConnectionFactory;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.time.Duration;
import java.util.function.Supplier;

/** The driver of Vert.x, whose connections end when nothing arrives on them for too long. */
final class LimitedDriver extends PgDriver {
  private final Duration longestSilence;

  LimitedDriver(Duration longestSilence) {
    this.longestSilence = longestSilence;
  }

  @Override
  public ConnectionFactory createConnectionFactory(
      Vertx vertx, Supplier<? extends Future<? extends SqlConnectOptions>> databases) {
    return new Factory((VertxInternal) vertx, databases, longestSilence);
  }

  private static final class Factory extends PgConnectionFactory {
    private final Duration longestSilence;

    Factory(
        VertxInternal vertx,
        Supplier<? extends Future<? extends SqlConnectOptions>> databases,
        Duration longestSilence) {
      super(vertx, databases);
      this.longestSilence = longestSilence;
    }

    @Override
    protected NetClient netClient(NetClientOptions options) {
      return new LimitedClient(super.netClient(options), longestSilence);
    }
  }
}
