package io.smartnodes.runner;

import io.smartnodes.wasm.ModuleLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the runner is told: system properties, or the same names as environment variables ({@code
 * SMARTNODES_RUNNER_SOCKET}).
 *
 * @param socket {@code smartnodes.runner.socket}: where it listens; its directory is made, for its
 *     owner alone, if it is not there
 * @param places {@code smartnodes.runner.places}: units at a time, from 1 to 64; default: one for
 *     two processors
 * @param unitMemoryMib {@code smartnodes.runner.unit-memory-mib}: what the running units together
 *     may grow to, in MiB; default: the heap without {@link #RESERVE_MIB}, at most 256 for each
 *     place. Units wait for it; one that may grow to more than all of it is refused
 * @param classes {@code smartnodes.runner.classes}: where compiled modules survive a restart,
 *     writable by the runner alone; default: nowhere
 * @param directory {@code smartnodes.runner.directory}: deleted when the parent ends; default: none
 * @param healthPort {@code smartnodes.runner.health-port}: port of the health answers, 0 for none
 * @param healthHost {@code smartnodes.runner.health-host}: where it is bound, default {@code
 *     0.0.0.0}
 * @param supervise {@code smartnodes.runner.supervise=true}: stays without modules and keeps a
 *     child alive that runs them; for containers
 * @param patience {@code smartnodes.runner.patience-millis}: the supervisor ends a child that has
 *     not answered for so long, default 30 s; one that starts gets five times as long
 * @param exitWithParent {@code smartnodes.parent-watch=stdin}: ends when standard input does
 */
record RunnerSettings(
    Path socket,
    int places,
    int unitMemoryMib,
    Optional<Path> classes,
    Optional<Path> directory,
    int healthPort,
    String healthHost,
    boolean supervise,
    Duration patience,
    boolean exitWithParent) {
  private static final String PREFIX = "smartnodes.runner.";

  /** As the client's {@code UnitRunner.MOST_PLACES}. */
  static final int MOST_PLACES = 64;

  /** What modules, inputs and outputs need beside the units' memories. */
  static final int RESERVE_MIB = 192;

  private static final int PATIENCE_MILLIS = 30_000;
  private static final int SHORTEST_PATIENCE_MILLIS = 1_000;
  private static final int MIB_PER_PLACE = ModuleLimits.STANDARD.maxMemoryPages() / 16;

  RunnerSettings {
    if (places < 1 || places > MOST_PLACES) {
      throw new IllegalArgumentException(PREFIX + "places is from 1 to " + MOST_PLACES);
    }
    if (patience.toMillis() < SHORTEST_PATIENCE_MILLIS) {
      throw new IllegalArgumentException(
          PREFIX + "patience-millis is at least " + SHORTEST_PATIENCE_MILLIS);
    }
    if (unitMemoryMib < 1) {
      throw new IllegalArgumentException(PREFIX + "unit-memory-mib is at least 1");
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
    int places = number("places", placesFor(Runtime.getRuntime().availableProcessors()));
    return new RunnerSettings(
        text("socket")
            .map(Path::of)
            .orElseThrow(() -> new IllegalArgumentException(PREFIX + "socket is not set")),
        places,
        number("unit-memory-mib", unitMemoryMib(places, Runtime.getRuntime().maxMemory())),
        text("classes").map(Path::of),
        text("directory").map(Path::of),
        number("health-port", 0),
        text("health-host").orElse("0.0.0.0"),
        text("supervise").map(Boolean::parseBoolean).orElse(false),
        Duration.ofMillis(number("patience-millis", PATIENCE_MILLIS)),
        "stdin".equals(System.getProperty("smartnodes.parent-watch")));
  }

  static int placesFor(int processors) {
    return Math.clamp(processors / 2, 1, MOST_PLACES);
  }

  /** What is left of a heap for the memories of units. */
  static int unitMemoryMib(int places, long heapBytes) {
    return Math.toIntExact(
        Math.clamp(
            (heapBytes >> 20) - RESERVE_MIB, 1, Math.max(1L, (long) places * MIB_PER_PLACE)));
  }

  /** Whether a unit as large as the protocol allows can run at all. */
  boolean fitsLargestUnit() {
    return unitMemoryMib >= MIB_PER_PLACE;
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
