package io.smartnodes.cli.session;

import io.smartnodes.cli.network.process.Programs;
import io.smartnodes.embedded.Anvil;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The checkout that the launcher runs from.
 *
 * @param root of the checkout
 */
public record Checkout(Path root) {
  private static final String VARIABLE = "SMARTNODES_ROOT";

  /** The one that the launcher names, else the working directory. */
  public static Checkout current() {
    return new Checkout(
        Path.of(Optional.ofNullable(System.getenv(VARIABLE)).orElse("."))
            .toAbsolutePath()
            .normalize());
  }

  /** What a local network consists of. */
  public Programs programs() {
    Path anvil =
        Anvil.find(Optional.empty())
            .orElseThrow(() ->
                new IllegalStateException(
                    "anvil is missing: start with './smartnodes', which installs it, or name"
                        + " the binary in SMARTNODES_ANVIL"));
    return Programs.of(root, anvil);
  }

  /** Where a network that stays keeps its state. */
  public Path network() {
    return root.resolve(".cache/network");
  }

  /** Where a demonstration keeps its state. */
  public Path demo() {
    return root.resolve(".cache/demo");
  }

  /** Where results of jobs go. */
  public Path results() {
    return root.resolve(".cache/results");
  }

  /** The job of the demonstration. */
  public Path exampleJob() {
    return root.resolve("examples/fractal/job.yaml");
  }
}
