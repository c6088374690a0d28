package io.smartnodes.protocol;

import java.math.BigInteger;

/** An amount of an asset in its smallest unit: an unsigned 256-bit integer; arithmetic is exact. */
public record Amount(BigInteger value) implements Comparable<Amount> {
  /** Nothing. */
  public static final Amount ZERO = new Amount(BigInteger.ZERO);

  /** Checks the range. */
  public Amount {
    if (value.signum() < 0 || value.bitLength() > 256) {
      throw new ArithmeticException("an amount is an unsigned 256-bit integer");
    }
  }

  /** An amount of smallest units. */
  public static Amount of(long value) {
    return new Amount(BigInteger.valueOf(value));
  }

  /** Whole coins of 18 decimals. */
  public static Amount ofCoins(long coins) {
    return new Amount(BigInteger.valueOf(coins).multiply(BigInteger.TEN.pow(18)));
  }

  /** The sum; throws {@link ArithmeticException} beyond 256 bits. */
  public Amount plus(Amount other) {
    return new Amount(value.add(other.value));
  }

  /** The difference; throws {@link ArithmeticException} below zero. */
  public Amount minus(Amount other) {
    return new Amount(value.subtract(other.value));
  }

  /** The product with a count. */
  public Amount times(long count) {
    return new Amount(value.multiply(BigInteger.valueOf(count)));
  }

  /** {@code ⌊this · numerator / denominator⌋}. */
  public Amount share(long numerator, long denominator) {
    return new Amount(
        value.multiply(BigInteger.valueOf(numerator)).divide(BigInteger.valueOf(denominator)));
  }

  /** The smaller of both. */
  public Amount min(Amount other) {
    return compareTo(other) <= 0 ? this : other;
  }

  /** Whether it is nothing. */
  public boolean isZero() {
    return value.signum() == 0;
  }

  @Override
  public int compareTo(Amount other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
