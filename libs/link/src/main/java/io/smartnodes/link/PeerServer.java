package io.smartnodes.link;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.smartnodes.link.calls.Callers;
import io.smartnodes.link.tls.EndorsementRule;
import io.smartnodes.link.tls.IdentityKeyManager;
import io.smartnodes.link.tls.PeerTrustManager;
import io.smartnodes.link.tls.RenewingIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * A gRPC server with mutual TLS for programs without Quarkus, such as the worker agent. Methods run
 * on virtual threads and may block.
 */
public final class PeerServer implements AutoCloseable {
  private static final int MAX_INBOUND = 4 * 1024 * 1024 + 64 * 1024;
  private static final int CALLS_PER_CONNECTION = 128;

  private final Server server;
  private final ExecutorService calls;

  private PeerServer(Server server, ExecutorService calls) {
    this.server = server;
    this.calls = calls;
  }

  /**
   * Starts to listen.
   *
   * @param address where, with port 0 for a free one
   * @param interceptors in the order in which they see a call: the caller interceptor first
   * @throws IllegalArgumentException if a method declares no callers
   */
  public static PeerServer start(
      InetSocketAddress address,
      RenewingIdentity identity,
      EndorsementRule rule,
      InstantSource time,
      List<? extends ServerInterceptor> interceptors,
      List<? extends BindableService> services) {
    ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .sslContext(tls(identity, rule, time))
            .executor(calls)
            .maxInboundMessageSize(MAX_INBOUND)
            .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
            .handshakeTimeout(10, TimeUnit.SECONDS)
            // Peers ping every ten seconds, also between calls.
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(1, TimeUnit.MINUTES)
            .maxConnectionAge(4, TimeUnit.HOURS);
    // gRPC calls the interceptor that was added last first.
    interceptors.reversed().forEach(builder::intercept);
    for (BindableService service : services) {
      Callers.undeclared(service.bindService())
          .ifPresent(method -> {
            throw new IllegalArgumentException(method + " declares no callers");
          });
      builder.addService(service);
    }
    try {
      return new PeerServer(builder.build().start(), calls);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on " + address, e);
    }
  }

  private static SslContext tls(
      RenewingIdentity identity, EndorsementRule rule, InstantSource time) {
    try {
      return GrpcSslContexts.configure(
              SslContextBuilder.forServer(new IdentityKeyManager(identity))
                  .trustManager(new PeerTrustManager(rule, Optional.empty(), time))
                  .clientAuth(ClientAuth.REQUIRE)
                  .protocols("TLSv1.3"),
              SslProvider.JDK)
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("this JDK has no TLS 1.3", e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  /** Lets calls under way end for up to five seconds, then closes. */
  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(5, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.shutdownNow();
    }
    calls.shutdown();
  }
}
