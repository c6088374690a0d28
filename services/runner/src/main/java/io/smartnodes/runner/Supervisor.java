package io.smartnodes.runner;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.smartnodes.proto.runner.v1.GetStatusRequest;
import io.smartnodes.proto.runner.v1.RunnerGrpc;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a runner alive that is nobody's child, such as a container: who restarts containers waits
 * longer from time to time, and a module that ends the runner on purpose could keep it away for
 * minutes. The child is this very command with other settings; no module runs here. A child that
 * lives but does not answer is ended: nobody else in the container could.
 */
final class Supervisor {
  private static final Logger LOG = System.getLogger("runner");
  private static final Duration YOUNG = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** A child that starts on a busy machine answers late. */
  private static final int PATIENCE_AT_START = 5;

  private static final int QUESTIONS = 3;
  private static final Duration SOON = Duration.ofMillis(100);

  private final Path socket;
  private final Duration patience;
  private final NioEventLoopGroup loop =
      new NioEventLoopGroup(1, new DefaultThreadFactory("pulse", true));
  private volatile @Nullable Process child;
  private volatile @Nullable Process answering;
  private volatile boolean closed;

  /**
   * @param patience how long a child may be silent
   */
  Supervisor(Path socket, Duration patience) {
    this.socket = socket;
    this.patience = patience;
  }

  /** Whether the child has answered of late. */
  boolean serves() {
    Process current = child;
    return current != null && current.isAlive() && current.equals(answering);
  }

  /** Starts the child again and again, until it finds its settings wrong: its exit code 2. */
  int run() throws IOException, InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop"));
    Duration pause = Duration.ZERO;
    while (!closed) {
      long started = System.nanoTime();
      int code = watched(launch());
      if (code == RunnerMain.WRONG_SETTINGS) {
        return code;
      }
      if (!closed) {
        LOG.log(Level.WARNING, "the runner ended with code {0,number,#}; it starts again", code);
        boolean young = System.nanoTime() - started < YOUNG.toNanos();
        pause = young ? longer(pause) : Duration.ZERO;
        Thread.sleep(pause);
      }
    }
    return 0;
  }

  /** Asks the child again and again, until it has ended: by itself or, when it is silent, by us. */
  private int watched(Process running) throws InterruptedException {
    Duration question = patience.dividedBy(QUESTIONS);
    Duration allowed = patience.multipliedBy(PATIENCE_AT_START);
    long heard = System.nanoTime();
    while (running.isAlive()) {
      Duration pause = SOON;
      if (answers(question)) {
        answering = running;
        allowed = patience;
        heard = System.nanoTime();
        pause = question;
      } else {
        answering = null;
        if (System.nanoTime() - heard > allowed.toNanos()) {
          LOG.log(Level.ERROR, "the runner has not answered for {0}: it is ended", allowed);
          running.destroyForcibly();
        }
      }
      // Its end is heard at once all the same.
      if (running.waitFor(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    return running.waitFor();
  }

  private boolean answers(Duration within) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelFactory(NioDomainSocketChannel::new)
            // Not known to Unix sockets, and warned of for every connection.
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .eventLoopGroup(loop)
            .directExecutor()
            .usePlaintext()
            .overrideAuthority("runner")
            .build();
    try {
      return RunnerGrpc.newBlockingStub(channel)
              .withDeadlineAfter(within.toMillis(), TimeUnit.MILLISECONDS)
              .getStatus(GetStatusRequest.getDefaultInstance())
              .getPlaces()
          > 0;
    } catch (StatusRuntimeException silent) {
      LOG.log(Level.DEBUG, "the runner does not answer: {0}", silent.getMessage());
      return false;
    } finally {
      channel.shutdownNow();
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  private synchronized Process launch() throws IOException {
    // The process handle cuts long command lines off.
    String[] own = Files.readString(Path.of("/proc/self/cmdline")).split("\0", -1);
    List<String> command = new ArrayList<>();
    command.add(own[0]);
    command.addAll(
        List.of(
            "-Dsmartnodes.runner.supervise=false",
            "-Dsmartnodes.runner.health-port=0",
            "-Dsmartnodes.parent-watch=stdin"));
    for (String argument : List.of(own).subList(1, own.length - 1)) {
      // Ours would win over the child's.
      if (!argument.startsWith("-Dsmartnodes.runner.supervise")
          && !argument.startsWith("-Dsmartnodes.runner.health-port")) {
        command.add(argument);
      }
    }
    Process started =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    child = started;
    return started;
  }

  private void close() {
    closed = true;
    Process current = child;
    if (current != null) {
      current.destroy();
    }
  }
}
