package io.smartnodes.runner.client;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.smartnodes.proto.runner.v1.RunnerGrpc;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The connection to the runner, made again whenever it is lost. Thread-safe. */
final class RunnerLink implements AutoCloseable {
  private static final int MOST_MESSAGE = 2 << 20;
  private static final Duration POLL = Duration.ofMillis(20);

  private final Path socket;
  private final NioEventLoopGroup loop =
      new NioEventLoopGroup(1, new DefaultThreadFactory("runner-link", true));
  private Life life;
  private volatile @Nullable String given;

  /** The connection to one life of the runner. */
  record Life(long number, ManagedChannel channel) {
    RunnerGrpc.RunnerBlockingV2Stub stub() {
      return RunnerGrpc.newBlockingV2Stub(channel);
    }
  }

  RunnerLink(Path socket) {
    this.socket = socket;
    this.life = new Life(0, open());
  }

  private ManagedChannel open() {
    return NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
        .channelFactory(NioDomainSocketChannel::new)
        // Not known to Unix sockets, and warned of for every connection.
        .withOption(ChannelOption.SO_KEEPALIVE, null)
        .eventLoopGroup(loop)
        .directExecutor()
        .usePlaintext()
        .overrideAuthority("runner")
        .maxInboundMessageSize(MOST_MESSAGE)
        .build();
  }

  synchronized Life life() {
    return life;
  }

  /**
   * Waits until the runner answers.
   *
   * @throws RunnerSilent if it does not in this time, or never will
   */
  Life await(Duration patience) throws InterruptedException, RunnerSilent {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      String reason = given;
      if (reason != null) {
        throw new RunnerSilent(reason);
      }
      Life current = life();
      if (current.channel().getState(true) == ConnectivityState.READY) {
        return current;
      }
      if (System.nanoTime() > end) {
        throw new RunnerSilent("the runner does not answer at " + socket);
      }
      current.channel().resetConnectBackoff();
      Thread.sleep(POLL);
    }
  }

  /** Nobody will ever listen there; whoever waits hears why. */
  void giveUp(String reason) {
    given = reason;
  }

  /** Nobody answers at the socket. */
  static final class RunnerSilent extends Exception {
    private static final long serialVersionUID = 1;

    RunnerSilent(String message) {
      super(message);
    }
  }

  /**
   * Ends the connection to a life of the runner that is over.
   *
   * @param first run if nobody has said so before, and before anybody can reach the next life
   * @return whether this is the first who says so
   */
  synchronized boolean over(Life ended, Runnable first) {
    if (life.number() != ended.number()) {
      return false;
    }
    first.run();
    life.channel().shutdownNow();
    life = new Life(ended.number() + 1, open());
    return true;
  }

  @Override
  public void close() {
    life().channel().shutdownNow();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
