package io.smartnodes.runner;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Starts the runner: {@code java -jar runner.jar}; {@link RunnerSettings} has its settings. Exit
 * codes: 0 stopped, 2 wrong settings, 3 out of memory (the JVM's own), 70 and 71 ended by itself.
 */
final class RunnerMain {
  private RunnerMain() {}

  public static void main(String[] args) throws InterruptedException {
    LogLines.install();
    Logger log = System.getLogger("runner");
    RunnerSettings settings;
    try {
      settings = RunnerSettings.fromEnvironment();
    } catch (IllegalArgumentException wrong) {
      System.err.println("smartnodes-runner: " + wrong.getMessage());
      System.exit(2);
      return;
    }
    if (settings.exitWithParent()) {
      exitWithParent();
    }
    try (RunnerServer server = RunnerServer.start(settings);
        AutoCloseable _ = health(settings, server)) {
      // Also frees the socket when the process is asked to end.
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
      log.log(
          Level.INFO,
          "runner listens on {0}, {1,number,#} units at a time, heap {2,number,#} MiB",
          settings.socket(),
          settings.places(),
          Runtime.getRuntime().maxMemory() >> 20);
      server.await();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      System.err.println("smartnodes-runner: " + e.getMessage());
      System.exit(2);
    }
  }

  private static AutoCloseable health(RunnerSettings settings, RunnerServer server)
      throws IOException {
    return settings.healthPort() == 0
        ? () -> {}
        : HealthPort.start(settings.healthHost(), settings.healthPort(), server::serves);
  }

  /** Whoever started us holds our standard input open as long as it lives. */
  private static void exitWithParent() {
    Thread.ofPlatform()
        .daemon()
        .name("parent-watch")
        .start(() -> {
          try {
            System.in.transferTo(OutputStream.nullOutputStream());
          } catch (IOException closed) {
            System.getLogger("runner").log(Level.DEBUG, "the parent is gone");
          }
          Runtime.getRuntime().halt(0);
        });
  }
}
