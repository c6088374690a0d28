package io.smartnodes.cli;

import io.smartnodes.cli.network.NetworkLayout;
import io.smartnodes.cli.network.NetworkPlan;
import io.smartnodes.cli.network.process.Surroundings;
import java.math.BigDecimal;
import java.security.SecureRandom;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How large a local network is. */
final class NetworkOptions {
  private static final int SEEDS = 1_000_000;

  @Option(
      names = "--validators",
      paramLabel = "N",
      defaultValue = "4",
      description = "validators, 4 to 10 (default: ${DEFAULT-VALUE})")
  private int validators = NetworkPlan.MIN_VALIDATORS;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "5",
      description = "workers (default: ${DEFAULT-VALUE})")
  private int workers = 5;

  @Option(
      names = "--cheaters",
      paramLabel = "N",
      description = "so many of the workers cheat (default: 1 for demo, 0 for up)")
  private @Nullable Integer cheaters;

  @Option(
      names = "--cheat-share",
      paramLabel = "SHARE",
      defaultValue = "0.2",
      description = "share of its units that a cheat falsifies (default: ${DEFAULT-VALUE})")
  private BigDecimal cheatShare = new BigDecimal("0.2");

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "repeats the keys and the chance of an earlier run (default: a new one)")
  private @Nullable Long seed;

  @Option(
      names = "--split",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "so many of the validators are five processes each, with a Kafka broker beside them"
              + " (default: ${DEFAULT-VALUE}); needs './smartnodes build split'")
  private int split;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = Surroundings.LOOPBACK,
      description =
          "address of this machine at which everybody listens and is found; the network's keys are"
              + " known to everybody (default: ${DEFAULT-VALUE})")
  private String host = Surroundings.LOOPBACK;

  /** Where its parts run. */
  NetworkLayout layout() {
    if (split < 0 || split > validators) {
      throw new IllegalArgumentException("--split: 0 to the number of validators");
    }
    return new NetworkLayout(
        host, IntStream.range(0, split).boxed().collect(Collectors.toSet()), Map.of());
  }

  NetworkPlan plan(int defaultCheaters) {
    Integer chosen = cheaters;
    Long given = seed;
    return new NetworkPlan(
        validators,
        workers,
        chosen == null ? Math.min(defaultCheaters, workers - 1) : chosen,
        cheatShare.movePointRight(3).intValue(),
        given == null ? new SecureRandom().nextInt(SEEDS) : given);
  }

  /** The same options for another process. */
  static String[] arguments(NetworkPlan plan, NetworkLayout layout) {
    return new String[] {
      "--split=" + layout.split().size(),
      "--host=" + layout.host(),
      "--validators=" + plan.validators(),
      "--workers=" + plan.workers(),
      "--cheaters=" + plan.cheaters(),
      "--cheat-share=" + BigDecimal.valueOf(plan.cheatPerMille(), 3).toPlainString(),
      "--seed=" + plan.seed()
    };
  }
}
