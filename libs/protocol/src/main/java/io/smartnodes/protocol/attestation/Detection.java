package io.smartnodes.protocol.attestation;

import java.math.BigInteger;

/**
 * The odds that a jury catches a cheat (docs/protocol/5-attestation.md, 5.3), as exact ratios of
 * integers.
 */
public final class Detection {
  private Detection() {}

  /**
   * A probability as a ratio.
   *
   * @param favourable of {@code all} equally likely cases, at most {@code all}
   * @param all at least one
   */
  public record Odds(BigInteger favourable, BigInteger all) {
    /** Checks the range. */
    public Odds {
      if (favourable.signum() < 0 || all.signum() <= 0 || favourable.compareTo(all) > 0) {
        throw new IllegalArgumentException("a probability lies between zero and one");
      }
    }

    /** The probability in millionths, rounded down: never better than it is. */
    public int millionths() {
      return favourable.multiply(BigInteger.valueOf(1_000_000)).divide(all).intValueExact();
    }

    /** The odds that at least one of several members, each for itself, succeeds. */
    public Odds byAnyOf(int members) {
      BigInteger cases = all.pow(members);
      return new Odds(cases.subtract(all.subtract(favourable).pow(members)), cases);
    }
  }

  /**
   * The odds that one honest member draws at least one bad unit: {@code 1 − C(M−b, k) / C(M, k)}.
   *
   * @param units M, units of the receipt
   * @param bad b, falsified ones among them
   * @param drawn k, units that the member draws uniformly; more than M counts as M
   */
  public static Odds perMember(int units, int bad, int drawn) {
    if (units < 1 || bad < 0 || bad > units || drawn < 0) {
      throw new IllegalArgumentException("0 ≤ bad ≤ units, 1 ≤ units, 0 ≤ drawn");
    }
    int k = Math.min(drawn, units);
    BigInteger missed = BigInteger.ONE;
    BigInteger all = BigInteger.ONE;
    for (int i = 0; i < k; i++) {
      missed = missed.multiply(BigInteger.valueOf(Math.max(0, units - bad - i)));
      all = all.multiply(BigInteger.valueOf(units - i));
    }
    BigInteger divisor = missed.gcd(all);
    return new Odds(all.subtract(missed).divide(divisor), all.divide(divisor));
  }

  /**
   * How many draws of a sample count as uniform: all if every unit claims the same fuel, else the
   * half that is drawn without regard to it.
   */
  public static int uniformDraws(int sampleSize, boolean equalFuels) {
    return equalFuels ? sampleSize : sampleSize / 2;
  }
}
