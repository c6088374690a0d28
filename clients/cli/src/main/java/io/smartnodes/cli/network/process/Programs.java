package io.smartnodes.cli.network.process;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the programs are that a local network consists of.
 *
 * @param validator runnable jar of the validator
 * @param worker runnable jar of the worker agent
 * @param anvil the chain's binary
 * @param services folder of the services that a split validator consists of
 */
public record Programs(Path validator, Path worker, Path anvil, Path services) {
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

  private static Path built(Path jar, String command) {
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(jar + " is missing: run '" + command + "' first");
    }
    return jar;
  }
}
