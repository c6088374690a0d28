package io.smartnodes.cli.network;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the programs are that a local network consists of.
 *
 * @param validator runnable jar of the validator
 * @param worker runnable jar of the worker agent
 * @param anvil the chain's binary
 */
public record Programs(Path validator, Path worker, Path anvil) {
  /**
   * The programs as a build of the checkout leaves them.
   *
   * @throws IllegalStateException if one is missing; the message says how to get it
   */
  public static Programs of(Path root, Path anvil) {
    return new Programs(
        built(root.resolve("services/validator/target/quarkus-app/quarkus-run.jar")),
        built(root.resolve("clients/worker/target/smartnodes-worker.jar")),
        anvil);
  }

  private static Path built(Path jar) {
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(jar + " is missing: run './smartnodes build' first");
    }
    return jar;
  }
}
