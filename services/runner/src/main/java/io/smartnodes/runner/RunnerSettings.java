package io.smartnodes.runner;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the runner is told: system properties, or the same names as environment variables ({@code
 * SMARTNODES_RUNNER_SOCKET}).
 *
 * @param socket {@code smartnodes.runner.socket}: where it listens; its directory is made, for its
 *     owner alone, if it is not there
 * @param places {@code smartnodes.runner.places}: units at a time; default: one for two processors
 * @param classes {@code smartnodes.runner.classes}: where compiled modules survive a restart,
 *     writable by the runner alone; default: nowhere
 * @param healthPort {@code smartnodes.runner.health-port}: port of the health answers, 0 for none
 * @param healthHost {@code smartnodes.runner.health-host}: where it is bound, default {@code
 *     0.0.0.0}
 * @param supervise {@code smartnodes.runner.supervise=true}: stays without modules and keeps a
 *     child alive that runs them; for containers
 * @param exitWithParent {@code smartnodes.parent-watch=stdin}: ends when standard input does
 */
record RunnerSettings(
    Path socket,
    int places,
    Optional<Path> classes,
    int healthPort,
    String healthHost,
    boolean supervise,
    boolean exitWithParent) {
  private static final String PREFIX = "smartnodes.runner.";
  private static final int MOST_PLACES = 64;

  RunnerSettings {
    if (places < 1 || places > MOST_PLACES) {
      throw new IllegalArgumentException(PREFIX + "places is from 1 to " + MOST_PLACES);
    }
    if (healthPort < 0 || healthPort > 65_535) {
      throw new IllegalArgumentException(PREFIX + "health-port is a port, or 0");
    }
  }

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException with the key at fault
   */
  static RunnerSettings fromEnvironment() {
    return new RunnerSettings(
        text("socket")
            .map(Path::of)
            .orElseThrow(() -> new IllegalArgumentException(PREFIX + "socket is not set")),
        number("places", Math.max(1, Runtime.getRuntime().availableProcessors() / 2)),
        text("classes").map(Path::of),
        number("health-port", 0),
        text("health-host").orElse("0.0.0.0"),
        text("supervise").map(Boolean::parseBoolean).orElse(false),
        "stdin".equals(System.getProperty("smartnodes.parent-watch")));
  }

  private static int number(String name, int otherwise) {
    Optional<String> text = text(name);
    try {
      return text.map(Integer::parseInt).orElse(otherwise);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(PREFIX + name + " is no number: " + text.orElse(""), e);
    }
  }

  private static Optional<String> text(String name) {
    @Nullable String property = System.getProperty(PREFIX + name);
    if (property == null) {
      property =
          System.getenv(
              (PREFIX + name).toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'));
    }
    return Optional.ofNullable(property).map(String::strip).filter(text -> !text.isEmpty());
  }
}
