package io.smartnodes.cli.network;

/**
 * How large a local network is and how it behaves.
 *
 * @param validators 4 to 10
 * @param workers at least 1
 * @param cheaters so many of the workers falsify
 * @param cheatPerMille share of its units that a cheat falsifies
 * @param seed of all keys and of all chance that is ours
 */
public record NetworkPlan(int validators, int workers, int cheaters, int cheatPerMille, long seed) {
  /** The least number of validators that tolerates a broken one. */
  public static final int MIN_VALIDATORS = 4;

  /** The most that one machine is asked to run. */
  public static final int MAX_VALIDATORS = 10;

  private static final int MAX_WORKERS = 32;

  /** Checks the ranges. */
  public NetworkPlan {
    check(validators >= MIN_VALIDATORS && validators <= MAX_VALIDATORS, "--validators: 4 to 10");
    check(workers >= 1 && workers <= MAX_WORKERS, "--workers: 1 to " + MAX_WORKERS);
    check(
        cheaters >= 0 && cheaters < workers,
        "--cheaters: fewer than workers, or nobody is left to do the work again");
    check(cheatPerMille >= 0 && cheatPerMille <= 1000, "--cheat-share: 0 to 1");
  }

  /** Whether worker {@code index} falsifies: the last ones do. */
  public boolean isCheater(int index) {
    return index >= workers - cheaters;
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
