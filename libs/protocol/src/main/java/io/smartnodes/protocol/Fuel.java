package io.smartnodes.protocol;

/**
 * Work in fuel: executed instructions by the published cost table; not negative. A unit counts as
 * one until fuel is metered.
 */
public record Fuel(long value) implements Comparable<Fuel> {
  /** No work. */
  public static final Fuel ZERO = new Fuel(0);

  /** Checks the range. */
  public Fuel {
    if (value < 0) {
      throw new ArithmeticException("fuel is not negative");
    }
  }

  /** The sum; throws {@link ArithmeticException} beyond 63 bits. */
  public Fuel plus(Fuel other) {
    return new Fuel(Math.addExact(value, other.value));
  }

  @Override
  public int compareTo(Fuel other) {
    return Long.compare(value, other.value);
  }
}
