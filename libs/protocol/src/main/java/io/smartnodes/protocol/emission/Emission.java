package io.smartnodes.protocol.emission;

import io.smartnodes.protocol.Amount;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/** How much SNO may exist beyond deposits (2.4); in wei, never by the volume of paid work. */
public final class Emission {
  private static final BigInteger COIN = BigInteger.TEN.pow(18);
  private static final BigInteger FIRST = BigInteger.valueOf(5_625).multiply(COIN);
  private static final BigInteger TAIL = BigInteger.valueOf(420).multiply(COIN);
  private static final BigInteger HOURS = BigInteger.valueOf(8_760);
  private static final long YEAR = 31_536_000;
  private static final long HOUR = 3_600;

  private Emission() {}

  /** {@code E(t)}: all that may have been emitted so long after genesis; nothing before it. */
  public static Amount until(Duration sinceGenesis) {
    long left = Math.max(0, sinceGenesis.toSeconds());
    BigInteger hourly = FIRST;
    BigInteger sum = BigInteger.ZERO;
    while (left >= YEAR) {
      sum = sum.add(hourly.multiply(HOURS));
      hourly = hourly.multiply(BigInteger.valueOf(6)).divide(BigInteger.TEN).max(TAIL);
      left -= YEAR;
    }
    return new Amount(
        sum.add(hourly.multiply(BigInteger.valueOf(left)).divide(BigInteger.valueOf(HOUR))));
  }

  /** {@code Δ}: what an epoch between two times may emit. */
  public static Amount between(Instant genesis, Instant from, Instant to) {
    return until(Duration.between(genesis, to)).minus(until(Duration.between(genesis, from)));
  }
}
