package io.smartnodes.cli.network;

import io.smartnodes.cli.network.process.Elsewhere;
import io.smartnodes.cli.network.process.Programs;
import io.smartnodes.cli.network.process.SplitValidator;
import io.smartnodes.cli.network.process.Surroundings;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where the parts of a local network run.
 *
 * @param host address of this machine at which everybody listens and is found
 * @param split numbers of the founders whose services are processes of their own
 * @param elsewhere founders that something else runs, by their numbers
 */
public record NetworkLayout(String host, Set<Integer> split, Map<Integer, Elsewhere> elsewhere) {
  /** Each validator in one process, on the loopback interface. */
  public static final NetworkLayout USUAL = split(0);

  /** Copies the parts. */
  public NetworkLayout {
    split = Set.copyOf(split);
    elsewhere = Map.copyOf(elsewhere);
    if (split.stream().anyMatch(elsewhere::containsKey)) {
      throw new IllegalArgumentException("a validator runs here or elsewhere, not both");
    }
  }

  /**
   * Checks that what it runs was built.
   *
   * @throws IllegalStateException that says how to build it
   */
  public void check(Programs programs) {
    if (!split.isEmpty()) {
      SplitValidator.SERVICES.forEach(programs::service);
    }
  }

  /** The first founders split into their services, on the loopback interface. */
  public static NetworkLayout split(int count) {
    return new NetworkLayout(
        Surroundings.LOOPBACK,
        IntStream.range(0, count).boxed().collect(Collectors.toSet()),
        Map.of());
  }
}
