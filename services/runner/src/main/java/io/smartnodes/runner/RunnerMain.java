package io.smartnodes.runner;

import io.smartnodes.runner.log.LogLines;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Starts the runner: {@code java -jar runner.jar}; {@link RunnerSettings} has its settings. Exit
 * codes: 0 stopped, 2 wrong settings, 3 out of memory (the JVM's own), 70 to 72 ended by itself.
 */
final class RunnerMain {
  static final int WRONG_SETTINGS = 2;

  private static final Duration ORDERLY_END = Duration.ofSeconds(2);

  private RunnerMain() {}

  public static void main(String[] args) throws InterruptedException {
    LogLines.install();
    RunnerSettings settings;
    try {
      settings = RunnerSettings.fromEnvironment();
    } catch (IllegalArgumentException wrong) {
      System.err.println("smartnodes-runner: " + wrong.getMessage());
      System.exit(WRONG_SETTINGS);
      return;
    }
    if (settings.exitWithParent()) {
      exitWithParent(settings.directory());
    }
    try {
      System.exit(settings.supervise() ? supervise(settings) : serve(settings));
    } catch (IOException e) {
      System.err.println("smartnodes-runner: " + e.getMessage());
      System.exit(WRONG_SETTINGS);
    }
  }

  private static int serve(RunnerSettings settings) throws IOException, InterruptedException {
    RunnerServer server = RunnerServer.start(settings);
    // Frees the socket when the process is asked to end.
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
    openHealth(settings, server::serves);
    System.getLogger("runner")
        .log(
            Level.INFO,
            "runner listens on {0}, {1,number,#} units at a time, together {2,number,#} MiB of {3,number,#} MiB heap",
            settings.socket(),
            settings.places(),
            settings.unitMemoryMib(),
            Runtime.getRuntime().maxMemory() >> 20);
    if (!settings.fitsLargestUnit()) {
      System.getLogger("runner")
          .log(
              Level.WARNING,
              "the heap is too small for the largest units: those that may grow to more than {0,number,#} MiB are refused",
              settings.unitMemoryMib());
    }
    server.await();
    return 0;
  }

  private static int supervise(RunnerSettings settings) throws IOException, InterruptedException {
    Supervisor supervisor = new Supervisor(settings.socket(), settings.patience());
    openHealth(settings, supervisor::serves);
    return supervisor.run();
  }

  /** Open as long as the process lives. */
  private static void openHealth(RunnerSettings settings, BooleanSupplier serves)
      throws IOException {
    if (settings.healthPort() != 0) {
      HealthPort.start(settings.healthHost(), settings.healthPort(), serves);
    }
  }

  /** Whoever started us holds our standard input open as long as it lives. */
  private static void exitWithParent(Optional<Path> directory) {
    Thread.ofPlatform()
        .daemon()
        .name("parent-watch")
        .start(() -> {
          try {
            System.in.transferTo(OutputStream.nullOutputStream());
          } catch (IOException closed) {
            System.getLogger("runner").log(Level.DEBUG, "the parent is gone");
          }
          Thread.ofPlatform().daemon().name("parent-watch-halt").start(RunnerMain::haltSoon);
          // Nobody else is left to do it.
          directory.ifPresent(RunnerMain::delete);
          System.exit(0);
        });
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      System.getLogger("runner").log(Level.WARNING, "the directory stays: {0}", e.getMessage());
    }
  }

  /** A unit that holds everything up does not keep the process alive. */
  private static void haltSoon() {
    try {
      Thread.sleep(ORDERLY_END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(0);
  }
}
