package io.smartnodes.runner;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The service on its socket. The channel is the JDK's own, so no native library is needed. */
final class RunnerServer implements AutoCloseable {
  private static final int MOST_MESSAGE = 2 << 20;

  /** Beside the running units: questions, and units that wait for a place. */
  private static final int MORE_CALLS = 8;

  private final Path socket;
  private final Shelf shelf;
  private final Server server;
  private final NioEventLoopGroup loop =
      new NioEventLoopGroup(1, new DefaultThreadFactory("socket", true));
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();

  private RunnerServer(RunnerSettings settings) throws IOException {
    this.socket = settings.socket();
    this.shelf = new Shelf(settings.classes(), new Ending());
    SocketFile.prepare(socket);
    this.server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(loop)
            .workerEventLoopGroup(loop)
            .executor(calls)
            .maxInboundMessageSize(MOST_MESSAGE)
            .maxConcurrentCallsPerConnection(settings.places() + MORE_CALLS)
            .addService(
                new RunnerService(shelf, new Units(settings.places(), settings.unitMemoryMib())))
            .build();
  }

  /**
   * Starts to listen.
   *
   * @throws IOException when the socket cannot be had; the message says why
   */
  static RunnerServer start(RunnerSettings settings) throws IOException {
    RunnerServer started = new RunnerServer(settings);
    started.server.start();
    SocketFile.protect(settings.socket());
    return started;
  }

  boolean serves() {
    return !server.isShutdown() && Files.exists(socket);
  }

  void await() throws InterruptedException {
    server.awaitTermination();
  }

  /** Stops at once: whoever waits for a unit asks the next runner. */
  @Override
  public void close() {
    server.shutdownNow();
    shelf.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    calls.shutdownNow();
    try {
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      System.getLogger("runner")
          .log(System.Logger.Level.WARNING, "the socket stays: {0}", e.getMessage());
    }
  }
}
