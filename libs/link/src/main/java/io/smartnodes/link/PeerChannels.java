package io.smartnodes.link;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.smartnodes.link.tls.EndorsementRule;
import io.smartnodes.link.tls.IdentityKeyManager;
import io.smartnodes.link.tls.PeerTrustManager;
import io.smartnodes.link.tls.RenewingIdentity;
import io.smartnodes.protocol.PeerId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One channel per peer and address, each of which speaks to that peer only. Ask for the channel at
 * every call and do not keep it: it is closed when it was not used for a while, and at the latest
 * after four hours, so that no connection outlives the certificate that opened it.
 *
 * <p>Every call has a deadline: the caller's own, however long, or else {@link Settings#timeout()}.
 * A peer that does not answer pings (every ten seconds, also between calls) is disconnected after
 * three, so that a process that died without a word is noticed before the next call.
 */
public final class PeerChannels implements AutoCloseable {
  private static final Duration OLDEST = Duration.ofHours(4);
  private static final int CONNECT_MILLIS = 5_000;
  private static final long RECONNECT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final IdentityKeyManager keys;
  private final EndorsementRule rule;
  private final InstantSource time;
  private final Settings settings;
  private final EventLoopGroup loops =
      new NioEventLoopGroup(2, Thread.ofPlatform().daemon().name("peer-channel-", 0).factory());
  private final ExecutorService callbacks = Executors.newVirtualThreadPerTaskExecutor();
  private final Cache<Target, Open> channels;

  private record Target(PeerId peer, String address) {}

  /**
   * Bounds of all channels.
   *
   * @param timeout of a call that has no deadline of its own; streams need one of their own
   * @param maxInboundBytes largest message that is read
   * @param maxChannels open at a time; the least used is closed for a new one
   * @param idle after which an unused channel is closed
   */
  public record Settings(Duration timeout, int maxInboundBytes, long maxChannels, Duration idle) {
    /** Ten seconds, 4 MiB and 64 KiB of margin, 1,000 channels, ten minutes. */
    public static final Settings DEFAULT =
        new Settings(
            Duration.ofSeconds(10), 4 * 1024 * 1024 + 64 * 1024, 1_000, Duration.ofMinutes(10));
  }

  /**
   * @param identity shown to peers, renewed under way
   * @param rule judges the certificates of peers
   */
  public PeerChannels(
      RenewingIdentity identity, EndorsementRule rule, InstantSource time, Settings settings) {
    this.keys = new IdentityKeyManager(identity);
    this.rule = rule;
    this.time = time;
    this.settings = settings;
    this.channels =
        Caffeine.newBuilder()
            .maximumSize(settings.maxChannels())
            .expireAfterAccess(settings.idle())
            .expireAfterWrite(OLDEST)
            .scheduler(Scheduler.systemScheduler())
            .evictionListener(
                (@Nullable Target target, @Nullable Open channel, RemovalCause cause) ->
                    end(channel))
            .build();
  }

  private static void end(@Nullable Open open) {
    if (open != null) {
      // Calls under way go on to their deadlines; only new ones are refused.
      open.channel().shutdown();
    }
  }

  /**
   * The channel to a peer.
   *
   * @param peer the only one that the channel accepts at the other end
   * @param address {@code host:port}
   */
  public ManagedChannel to(PeerId peer, String address) {
    Open open = channels.get(new Target(peer, address), this::open);
    open.reconnect();
    return open.channel();
  }

  /** A channel and when it was last told not to wait before it connects again. */
  private record Open(ManagedChannel channel, AtomicLong lastReset) {
    /**
     * gRPC waits longer and longer, up to two minutes, before it connects again; who calls now
     * wants to know now, once a second at most.
     */
    void reconnect() {
      long before = lastReset.get();
      long now = System.nanoTime();
      if (now - before > RECONNECT_NANOS
          && channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE
          && lastReset.compareAndSet(before, now)) {
        channel.resetConnectBackoff();
      }
    }
  }

  /** A service config could not say this: its time-out also cuts short who asks for more. */
  private record UsualDeadline(Duration timeout) implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return next.newCall(
          method,
          options.getDeadline() == null
              ? options.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
              : options);
    }
  }

  /** Closes the channels to an address, for instance after a peer moved. */
  public void forget(PeerId peer, String address) {
    end(channels.asMap().remove(new Target(peer, address)));
  }

  private Open open(Target target) {
    ManagedChannel channel =
        NettyChannelBuilder.forTarget("dns:///" + target.address())
            .eventLoopGroup(loops)
            .channelType(NioSocketChannel.class)
            .executor(callbacks)
            .sslContext(tls(target.peer()))
            .maxInboundMessageSize(settings.maxInboundBytes())
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .keepAliveTime(10, TimeUnit.SECONDS)
            .keepAliveTimeout(3, TimeUnit.SECONDS)
            .keepAliveWithoutCalls(true)
            .intercept(new UsualDeadline(settings.timeout()))
            .disableServiceConfigLookUp()
            .build();
    return new Open(channel, new AtomicLong(System.nanoTime()));
  }

  private SslContext tls(PeerId peer) {
    try {
      return GrpcSslContexts.configure(
              SslContextBuilder.forClient()
                  .keyManager(keys)
                  .trustManager(new PeerTrustManager(rule, Optional.of(peer), time))
                  .protocols("TLSv1.3")
                  .sessionTimeout(TimeUnit.HOURS.toSeconds(1)),
              SslProvider.JDK)
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("this JDK has no TLS 1.3", e);
    }
  }

  /** Closes all channels and waits shortly for calls under way. */
  @Override
  public void close() {
    List<Open> open = List.copyOf(channels.asMap().values());
    channels.invalidateAll();
    open.forEach(one -> one.channel().shutdownNow());
    callbacks.shutdown();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
