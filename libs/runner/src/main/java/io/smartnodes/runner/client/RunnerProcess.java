package io.smartnodes.runner.client;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a runner alive as a child of this process: starts it when it is first wanted, starts it
 * again at once when it dies (later and later, up to ten seconds, while it dies young), and ends it
 * with {@link #close()}. It ends with this process, even by {@code kill -9}, and takes its
 * directory with it: this process holds its standard input.
 */
public final class RunnerProcess implements UnitRunner {
  private static final Logger LOG = System.getLogger("runner");
  private static final int BASE_MIB = 256;

  /**
   * A memory consists of pages that are there once, also while it grows: 256 MiB, input and output
   * in several copies, and what the collector needs to move things.
   */
  private static final int MIB_PER_PLACE = 320;

  private static final int CLASSES_MIB = 192;
  private static final int DIRECT_MIB = 64;

  /** The runner's exit code for wrong settings: it would find them wrong again. */
  private static final int WRONG_SETTINGS = 2;

  private static final Duration YOUNG = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration ORDERLY_END = Duration.ofSeconds(3);

  /**
   * How the child is started.
   *
   * @param java the {@code java} program
   * @param program what runs: {@code -jar FILE}, or {@code -cp PATH MAIN}
   * @param options further options of its JVM
   * @param places units at a time, from 1 to {@link UnitRunner#MOST_PLACES}
   */
  public record Settings(Path java, List<String> program, List<String> options, int places) {
    public Settings {
      if (places < 1 || places > MOST_PLACES) {
        throw new IllegalArgumentException("units at a time: 1 to " + MOST_PLACES);
      }
      program = List.copyOf(program);
      options = List.copyOf(options);
    }

    /** The java program that runs this process. */
    public static Path ownJava() {
      return Path.of(System.getProperty("java.home", ""), "bin", "java");
    }
  }

  private final Settings settings;
  private final Path directory;
  private final RemoteRunner remote;
  private @Nullable Thread supervisor;
  private volatile @Nullable Process child;
  private volatile boolean closed;

  /** Nothing is started, and no file made, before the first call. */
  public RunnerProcess(Settings settings, InstantSource time) {
    this.settings = settings;
    // A name that nobody guesses; short, since a socket's path has 108 bytes at most.
    String name =
        "smartnodes-runner" + Long.toHexString(UUID.randomUUID().getMostSignificantBits());
    this.directory = Path.of(System.getProperty("java.io.tmpdir", "/tmp")).resolve(name);
    this.remote = new RemoteRunner(socket(), this::kill, time);
  }

  private Path socket() {
    return directory.resolve("socket");
  }

  @Override
  public ModuleVerdict check(Program program, Instant until) {
    start();
    return remote.check(program, until);
  }

  @Override
  public UnitOutcome run(
      Program program, Bytes input, Bytes32 seed, Duration wallClock, Instant until) {
    start();
    return remote.run(program, input, seed, wallClock, until);
  }

  @Override
  public Optional<RunnerStatus> status() {
    return remote.status();
  }

  /** The process id of the child that runs now, 0 if none does. */
  public long pid() {
    Process current = child;
    return current != null && current.isAlive() ? current.pid() : 0;
  }

  /** Starts the child and its supervision, if that has not happened yet. */
  public synchronized void start() {
    if (supervisor == null && !closed) {
      supervisor = Thread.ofPlatform().daemon().name("runner-supervisor").start(this::supervise);
    }
  }

  private void supervise() {
    Duration pause = Duration.ZERO;
    while (!closed) {
      long started = System.nanoTime();
      try {
        Process running = launch();
        int code = running.waitFor();
        if (code == WRONG_SETTINGS) {
          remote.giveUp("the runner finds its settings wrong (exit code " + code + ")");
          LOG.log(Level.ERROR, "the runner finds its settings wrong: it is not started again");
          return;
        }
        if (!closed) {
          LOG.log(Level.WARNING, "the runner ended with code {0,number,#}; it starts again", code);
        }
      } catch (IOException e) {
        LOG.log(Level.ERROR, "the runner does not start: {0}", e.getMessage());
      } catch (InterruptedException e) {
        return;
      }
      boolean young = System.nanoTime() - started < YOUNG.toNanos();
      pause = young ? longer(pause) : Duration.ZERO;
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  private synchronized Process launch() throws IOException, InterruptedException {
    if (closed) {
      throw new InterruptedException("closed");
    }
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    List<String> command = new ArrayList<>();
    command.add(settings.java().toString());
    command.addAll(
        List.of(
            "-Xmx" + heapMib(settings.places(), machineBytes()) + "m",
            "-XX:MaxMetaspaceSize=" + CLASSES_MIB + "m",
            "-XX:MaxDirectMemorySize=" + DIRECT_MIB + "m",
            "-XX:+UseSerialGC",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=30",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.io.tmpdir=" + directory,
            "-Dsmartnodes.parent-watch=stdin",
            "-Dsmartnodes.runner.socket=" + socket(),
            "-Dsmartnodes.runner.directory=" + directory,
            "-Dsmartnodes.runner.classes=" + directory.resolve("classes"),
            "-Dsmartnodes.runner.places=" + settings.places()));
    command.addAll(settings.options());
    command.addAll(settings.program());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    // Strangers' code runs there: it gets nothing of what we were told.
    builder.environment().clear();
    Process started = builder.start();
    child = started;
    return started;
  }

  /** Half of the machine at most; one unit always fits, and the runner lets others wait. */
  static long heapMib(int places, long machineBytes) {
    long wanted = BASE_MIB + (long) places * MIB_PER_PLACE;
    return Math.max(BASE_MIB + MIB_PER_PLACE, Math.min(wanted, (machineBytes >> 20) / 2));
  }

  /** What the machine, or the container, has. */
  private static long machineBytes() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
        .getTotalMemorySize();
  }

  private void kill() {
    Process current = child;
    if (current != null) {
      current.destroyForcibly();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      if (supervisor != null) {
        supervisor.interrupt();
      }
    }
    remote.close();
    Process current = child;
    if (current != null) {
      current.destroy();
      try {
        if (!current.waitFor(ORDERLY_END.toMillis(), TimeUnit.MILLISECONDS)) {
          current.destroyForcibly();
        }
      } catch (InterruptedException e) {
        current.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
    delete();
  }

  private void delete() {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the directory of the runner stays: {0}", e.getMessage());
    }
  }
}
