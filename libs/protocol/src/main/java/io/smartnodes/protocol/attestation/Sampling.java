package io.smartnodes.protocol.attestation;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.job.JobReceipt;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The units that one member of a jury replays (docs/protocol/2-rules.md, 2.2.6 and
 * 5-attestation.md, 5.2): half of them any, half by what they claim to have cost, from a secret of
 * the member, so that no worker knows before which units will be looked at.
 */
public final class Sampling {
  private Sampling() {}

  /** From what the draws follow. */
  public record Source(Bytes32 secret, Bytes32 receiptHash, Bytes32 drawBlockHash) {
    BigInteger draw(int i) {
      return Keccak.words(secret, receiptHash, drawBlockHash, Bytes32.ofNumber(i)).toNumber();
    }
  }

  /**
   * The sample of a receipt while every unit costs the same (5.2.2): a receipt that claims any
   * other sum lies about some unit, and is looked at whole.
   *
   * @param size units to draw, 2.9 parameter 8
   */
  public static List<Long> ofReceipt(Source source, JobReceipt receipt, int size) {
    boolean plausible = receipt.fuel().value() == receipt.count();
    return draw(
        source,
        receipt.first(),
        Math.toIntExact(receipt.count()),
        plausible ? size : Integer.MAX_VALUE,
        unit -> UnitRules.FUEL_PER_UNIT);
  }

  /**
   * Distinct units in the order in which they are drawn; all, ascending, if there are at most
   * {@code size}.
   *
   * @param first the first unit
   * @param count units from there on
   * @param size units to draw
   * @param claimed the claimed fuel of a unit
   */
  public static List<Long> draw(
      Source source, long first, int count, int size, LongFunction<Fuel> claimed) {
    List<Long> rest = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rest.add(first + i);
    }
    if (count <= size) {
      return List.copyOf(rest);
    }
    List<Long> drawn = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      BigInteger number = source.draw(i);
      int position = i < size / 2 ? uniform(number, rest) : byFuel(number, rest, claimed);
      drawn.add(rest.remove(position));
    }
    return List.copyOf(drawn);
  }

  private static int uniform(BigInteger number, List<Long> rest) {
    return number.mod(BigInteger.valueOf(rest.size())).intValueExact();
  }

  /** The unit in whose part of the remaining fuel the number falls; any unit if there is none. */
  private static int byFuel(BigInteger number, List<Long> rest, LongFunction<Fuel> claimed) {
    BigInteger total = BigInteger.ZERO;
    for (long unit : rest) {
      total = total.add(BigInteger.valueOf(claimed.apply(unit).value()));
    }
    if (total.signum() == 0) {
      return uniform(number, rest);
    }
    BigInteger left = number.mod(total);
    for (int position = 0; position < rest.size(); position++) {
      BigInteger fuel = BigInteger.valueOf(claimed.apply(rest.get(position)).value());
      if (left.compareTo(fuel) < 0) {
        return position;
      }
      left = left.subtract(fuel);
    }
    throw new IllegalStateException("the fuel of the units changed while it was added");
  }
}
