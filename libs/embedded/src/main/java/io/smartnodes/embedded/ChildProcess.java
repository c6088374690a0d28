package io.smartnodes.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process that belongs to this one: its output goes to a file, it ends on {@link #close()}, and
 * it ends with this process even after {@code kill -9}.
 *
 * <p>A JVM child watches its standard input ({@link ParentWatch}); any other program is started by
 * a shell that interrupts it when its standard input ends.
 */
public final class ChildProcess implements AutoCloseable {
  /** Runs "$@", interrupts it when our parent's end of the pipe closes, and passes its exit on. */
  private static final String TETHER =
      "exec 3<&0; \"$@\" </dev/null 3<&- & p=$!; "
          + "trap 'kill -INT $p' TERM INT; "
          + "(cat <&3 >/dev/null; kill -INT $p) 2>/dev/null & w=$!; "
          + "while :; do wait $p; rc=$?; kill -0 $p 2>/dev/null || break; done; "
          + "kill $w 2>/dev/null; exit $rc";

  private static final Duration POLL = Duration.ofMillis(50);

  private final String name;
  private final Process process;
  private final Path log;
  private double lastCpuSeconds;
  private double lastPeakRssMiB;

  private ChildProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /** Starts a program by its command line; standard output and error are appended to the log. */
  public static ChildProcess program(
      String name, List<String> command, Map<String, String> environment, Path log) {
    List<String> tethered = new ArrayList<>(List.of("/bin/sh", "-c", TETHER, name));
    tethered.addAll(command);
    return start(name, tethered, environment, log);
  }

  /**
   * Starts a program that ends orderly when it is terminated (SIGTERM) and need not know of us: a
   * JVM that does not watch its parent, which a shell's children cannot interrupt.
   */
  public static ChildProcess service(
      String name, List<String> command, Map<String, String> environment, Path log) {
    List<String> tethered =
        new ArrayList<>(List.of("/bin/sh", "-c", TETHER.replace("-INT", "-TERM"), name));
    tethered.addAll(command);
    return start(name, tethered, environment, log);
  }

  /**
   * Starts a JVM of the running JDK, which must call {@link ParentWatch#exitWhenParentDies()}.
   *
   * @param javaArguments everything after {@code java}: options, then {@code -jar file} or {@code
   *     -cp path Main}, then the program's arguments
   */
  public static ChildProcess java(
      String name, List<String> javaArguments, Map<String, String> environment, Path log) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-D" + ParentWatch.PROPERTY + "=stdin");
    command.addAll(javaArguments);
    return start(name, command, environment, log);
  }

  private static ChildProcess start(
      String name, List<String> command, Map<String, String> environment, Path log) {
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      return new ChildProcess(name, builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not start: " + command.getFirst(), e);
    }
  }

  /**
   * Waits until the probe says that the process serves.
   *
   * @throws IllegalStateException if it ends or is not ready in time; the message carries the last
   *     lines of its log
   */
  public ChildProcess awaitReady(ReadyProbe probe, Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < end) {
      if (!process.isAlive()) {
        throw new IllegalStateException(
            name + " ended with " + process.exitValue() + " before it was ready\n" + logTail(30));
      }
      try {
        if (probe.ready()) {
          return this;
        }
      } catch (IOException e) {
        // Not listening yet: the next round asks again, and the deadline reports the log.
        lastCpuSeconds = cpuSeconds();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for " + name, e);
      }
      pause();
    }
    throw new IllegalStateException(
        name + " was not ready in " + patience.toSeconds() + " s\n" + logTail(30));
  }

  private static void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Name given at the start. */
  public String name() {
    return name;
  }

  /** File that holds the output. */
  public Path log() {
    return log;
  }

  /** Process id: of the JVM itself, or of the shell that holds another program. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Last lines of the log, for messages to people. */
  public String logTail(int lines) {
    try {
      List<String> all =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  /** CPU seconds used by the process and its descendants; after its end the last value seen. */
  public double cpuSeconds() {
    lastCpuSeconds =
        Math.max(lastCpuSeconds, family().mapToDouble(h -> ProcFs.cpuSeconds(h.pid())).sum());
    return lastCpuSeconds;
  }

  /** Peak resident memory of the process and its descendants in MiB; the last value seen. */
  public double peakRssMiB() {
    lastPeakRssMiB =
        Math.max(lastPeakRssMiB, family().mapToDouble(h -> ProcFs.peakRssMiB(h.pid())).sum());
    return lastPeakRssMiB;
  }

  private Stream<ProcessHandle> family() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants());
  }

  /** Ends it without warning, as a power cut would: SIGKILL to it and its descendants. */
  public void killHard() {
    sampleUsage();
    List<ProcessHandle> all = family().toList();
    all.forEach(ProcessHandle::destroyForcibly);
    await(Duration.ofSeconds(10));
  }

  /** Asks it to end and waits; after twenty seconds it is killed. Does nothing the second time. */
  @Override
  public void close() {
    stop(Duration.ofSeconds(20));
  }

  /** Asks it to end (SIGTERM) and waits as long as told before it is killed. */
  public void stop(Duration patience) {
    if (!process.isAlive()) {
      return;
    }
    sampleUsage();
    process.destroy();
    if (!await(patience)) {
      killHard();
    }
  }

  private void sampleUsage() {
    lastCpuSeconds = cpuSeconds();
    lastPeakRssMiB = peakRssMiB();
  }

  private boolean await(Duration patience) {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }
}
