package io.smartnodes.cli.network.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the programs are that a local network consists of.
 *
 * @param validator runnable jar of the validator
 * @param worker runnable jar of the worker agent
 * @param anvil the chain's binary
 * @param runner runnable jar of the runner, which validators and workers start
 * @param services folder of the services that a split validator consists of
 */
public record Programs(Path validator, Path worker, Path anvil, Path runner, Path services) {
  private static final String QUARKUS = "target/quarkus-app/quarkus-run.jar";

  /**
   * The programs as a build of the checkout leaves them.
   *
   * @throws IllegalStateException if one is missing; the message says how to get it
   */
  public static Programs of(Path root, Path anvil) {
    return new Programs(
        built(root.resolve("services/validator").resolve(QUARKUS), "./smartnodes build"),
        built(root.resolve("clients/worker/target/smartnodes-worker.jar"), "./smartnodes build"),
        anvil,
        built(root.resolve("services/runner/target/runner/runner.jar"), "./smartnodes build"),
        root.resolve("services"));
  }

  /**
   * The runnable jar of one of the five services.
   *
   * @throws IllegalStateException if it was not built as a process of its own
   */
  public Path service(String name) {
    return built(services.resolve(name).resolve(QUARKUS), "./smartnodes build split");
  }

  /** Where and how the runner is started, as settings of whoever starts it. */
  Map<String, String> runnerSettings() {
    // Units are short here: better code costs more time to make than it saves.
    return Map.of(
        "smartnodes.runner.jar",
        runner.toString(),
        "smartnodes.runner.java-options",
        "-XX:TieredStopAtLevel=1");
  }

  private static Path built(Path jar, String command) {
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(jar + " is missing: run '" + command + "' first");
    }
    return jar;
  }
}
