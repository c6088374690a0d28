package io.smartnodes.quarkus.database;

import io.netty.handler.timeout.ReadTimeoutHandler;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.NetSocketInternal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Puts a limit to silence under everything else on a connection, from its first byte on. Vert.x has
 * idle time-outs too, but its client for PostgreSQL answers them with a farewell and then waits for
 * the other side to close, which a machine that is gone never does.
 */
final class LimitedClient implements NetClient {
  private final NetClient client;
  private final Duration longestSilence;

  LimitedClient(NetClient client, Duration longestSilence) {
    this.client = client;
    this.longestSilence = longestSilence;
  }

  private Future<NetSocket> limited(Future<NetSocket> connected) {
    return connected.map(socket -> {
      ((NetSocketInternal) socket)
          .channelHandlerContext()
          .pipeline()
          .addFirst(new ReadTimeoutHandler(longestSilence.toMillis(), TimeUnit.MILLISECONDS));
      return socket;
    });
  }

  @Override
  public Future<NetSocket> connect(int port, String host) {
    return limited(client.connect(port, host));
  }

  @Override
  public Future<NetSocket> connect(int port, String host, String serverName) {
    return limited(client.connect(port, host, serverName));
  }

  @Override
  public Future<NetSocket> connect(SocketAddress address) {
    return limited(client.connect(address));
  }

  @Override
  public Future<NetSocket> connect(SocketAddress address, String serverName) {
    return limited(client.connect(address, serverName));
  }

  @Override
  public NetClient connect(int port, String host, Handler<AsyncResult<NetSocket>> handler) {
    connect(port, host).onComplete(handler);
    return this;
  }

  @Override
  public NetClient connect(
      int port, String host, String serverName, Handler<AsyncResult<NetSocket>> handler) {
    connect(port, host, serverName).onComplete(handler);
    return this;
  }

  @Override
  public NetClient connect(SocketAddress address, Handler<AsyncResult<NetSocket>> handler) {
    connect(address).onComplete(handler);
    return this;
  }

  @Override
  public NetClient connect(
      SocketAddress address, String serverName, Handler<AsyncResult<NetSocket>> handler) {
    connect(address, serverName).onComplete(handler);
    return this;
  }

  @Override
  public void close(Handler<AsyncResult<Void>> handler) {
    client.close(handler);
  }

  @Override
  public Future<Void> close() {
    return client.close();
  }

  @Override
  public Future<Boolean> updateSSLOptions(SSLOptions options, boolean force) {
    return client.updateSSLOptions(options, force);
  }

  @Override
  public boolean isMetricsEnabled() {
    return client.isMetricsEnabled();
  }
}
