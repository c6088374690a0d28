package io.smartnodes.protocol.job;

/**
 * Consecutive units of a job: {@code first … first + count − 1}.
 *
 * @param first index of the first unit, from 0
 * @param count at least 1
 */
public record UnitRange(long first, long count) {
  /** Checks the bounds. */
  public UnitRange {
    if (first < 0 || count < 1 || first > Long.MAX_VALUE - count) {
      throw new IllegalArgumentException("no range of units: " + first + ", " + count);
    }
  }

  /** The units of a lease. */
  public static UnitRange of(Lease lease) {
    return new UnitRange(lease.first(), lease.count());
  }

  /** The first unit behind the range. */
  public long end() {
    return first + count;
  }

  /** Whether both have a unit in common. */
  public boolean overlaps(UnitRange other) {
    return first < other.end() && other.first < end();
  }

  @Override
  public String toString() {
    return count == 1 ? "unit " + first : "units " + first + "–" + (end() - 1);
  }
}
