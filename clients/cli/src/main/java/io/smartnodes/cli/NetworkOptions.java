package io.smartnodes.cli;

import io.smartnodes.cli.network.NetworkPlan;
import java.math.BigDecimal;
import java.security.SecureRandom;
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
  static String[] arguments(NetworkPlan plan) {
    return new String[] {
      "--validators=" + plan.validators(),
      "--workers=" + plan.workers(),
      "--cheaters=" + plan.cheaters(),
      "--cheat-share=" + BigDecimal.valueOf(plan.cheatPerMille(), 3).toPlainString(),
      "--seed=" + plan.seed()
    };
  }
}
