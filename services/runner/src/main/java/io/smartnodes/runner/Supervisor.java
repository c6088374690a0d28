package io.smartnodes.runner;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a runner alive that is nobody's child, such as a container: who restarts containers waits
 * longer from time to time, and a module that ends the runner on purpose could keep it away for
 * minutes. The child is this very command with other settings; no module runs here.
 */
final class Supervisor {
  private static final Logger LOG = System.getLogger("runner");
  private static final Duration YOUNG = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Path socket;
  private volatile @Nullable Process child;
  private volatile boolean closed;

  Supervisor(Path socket) {
    this.socket = socket;
  }

  /** Whether the child serves. */
  boolean serves() {
    Process current = child;
    return current != null && current.isAlive() && Files.exists(socket);
  }

  /** Starts the child again and again, until it finds its settings wrong: its exit code 2. */
  int run() throws IOException, InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop"));
    Duration pause = Duration.ZERO;
    while (!closed) {
      long started = System.nanoTime();
      int code = launch().waitFor();
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
