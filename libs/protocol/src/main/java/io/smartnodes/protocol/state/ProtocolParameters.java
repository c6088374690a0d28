package io.smartnodes.protocol.state;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The parameters by name (docs/protocol/2-rules.md, 2.9).
 *
 * @param values in the order of 2.9
 */
public record ProtocolParameters(List<Amount> values) {
  /** How many there are. */
  public static final int COUNT = 17;

  private static final int HOLD_LIFETIME = 9;
  private static final int RELEASE_DELAY = 11;
  private static final int GENESIS = 13;

  // The least and the greatest value of each, as in docs/protocol/parameters.md.
  private static final List<Bounds> BOUNDS =
      List.of(
          Bounds.of(4, 86_400),
          Bounds.of(1, 3_600),
          Bounds.of(1, 256),
          Bounds.of(0, 1_000),
          new Bounds(BigInteger.ONE, BigInteger.TEN.pow(24)),
          Bounds.of(0, 1_000_000),
          Bounds.of(4, 64),
          Bounds.of(4, 64),
          Bounds.of(2, 1_024),
          Bounds.of(1, 2),
          Bounds.of(2, 1_024),
          Bounds.of(2, 64),
          new Bounds(BigInteger.ONE, BigInteger.TWO.pow(160).subtract(BigInteger.ONE)),
          Bounds.of(1, (1L << 40) - 1),
          Bounds.of(1, 1L << 19),
          Bounds.of(1, 1L << 20),
          new Bounds(BigInteger.ZERO, BigInteger.TEN.pow(22)));

  private record Bounds(BigInteger least, BigInteger most) {
    static Bounds of(long least, long most) {
      return new Bounds(BigInteger.valueOf(least), BigInteger.valueOf(most));
    }

    boolean contain(Amount value) {
      return value.value().compareTo(least) >= 0 && value.value().compareTo(most) <= 0;
    }
  }

  /** Checks the number of values. */
  public ProtocolParameters {
    values = List.copyOf(values);
    if (values.size() != COUNT) {
      throw new IllegalArgumentException("expected " + COUNT + " parameters");
    }
  }

  /** Reads the leaf. */
  public static ProtocolParameters of(Parameters leaf) {
    return new ProtocolParameters(leaf.values());
  }

  /** The defaults of a live network. */
  public static ProtocolParameters defaults(Address treasury, Instant genesis) {
    return create(600, 120, 12, treasury, genesis);
  }

  /** The values of a development network: epochs of 20 s, rounds of 6 s. */
  public static ProtocolParameters devnet(Address treasury, Instant genesis) {
    return create(20, 6, 2, treasury, genesis);
  }

  private static ProtocolParameters create(
      long epoch, long round, long depth, Address treasury, Instant genesis) {
    List<Amount> values = new ArrayList<>();
    for (long value : new long[] {epoch, round, depth, 300}) {
      values.add(Amount.of(value));
    }
    values.add(new Amount(BigInteger.TEN.pow(16)));
    for (long value : new long[] {950_000, 4, 4, 30, 2, 6, 2}) {
      values.add(Amount.of(value));
    }
    values.add(new Amount(treasury.toWord().toNumber()));
    values.add(Amount.of(genesis.getEpochSecond()));
    values.add(Amount.of(65_536));
    values.add(Amount.of(1_024));
    values.add(Amount.ofCoins(10));
    return new ProtocolParameters(values);
  }

  /** The leaf of a version. */
  public Parameters toLeaf(long version) {
    return new Parameters(version, values);
  }

  /** The time between closings of epochs. */
  public Duration epochLength() {
    return Duration.ofSeconds(number(0));
  }

  /** The length of a round. */
  public Duration roundLength() {
    return Duration.ofSeconds(number(1));
  }

  /** Blocks until a block counts as final. */
  public int confirmationDepth() {
    return (int) number(2);
  }

  /** The fee on payments in hundredths of a per cent. */
  public long feeBasisPoints() {
    return number(3);
  }

  /** The burnt fee that weighs one whole outcome. */
  public Amount referenceFee() {
    return values.get(4);
  }

  /** The decay of a score per outcome, in millionths. */
  public long scoreDecay() {
    return number(5);
  }

  /** Witnesses of a job. */
  public int witnesses() {
    return (int) number(6);
  }

  /** Members of a jury. */
  public int jurySize() {
    return (int) number(7);
  }

  /** Units in the sample of a member. */
  public int sampleSize() {
    return (int) number(8);
  }

  /** Bodies in which a hold counts. */
  public int holdLifetime() {
    return (int) number(9);
  }

  /** Epochs from a job's deadline to the return of its remainder. */
  public int closingDelay() {
    return (int) number(10);
  }

  /** Epochs from a release to its effect. */
  public int releaseDelay() {
    return (int) number(11);
  }

  /** The account of the treasury. */
  public Address treasury() {
    return Address.fromWord(Bytes32.ofNumber(values.get(12).value()));
  }

  /** The time of genesis. */
  public Instant genesis() {
    return Instant.ofEpochSecond(number(13));
  }

  /** The most units of a job. */
  public long maxUnitsPerJob() {
    return number(14);
  }

  /** The most units of a lease. */
  public long maxUnitsPerLease() {
    return number(15);
  }

  /** What a home pays for a hold that its allotment does not cover. */
  public Amount holdSlash() {
    return values.get(16);
  }

  /** Why a value cannot become that of a parameter; empty if it can. */
  public Optional<String> flaw(int index, Amount value) {
    if (index < 0 || index >= COUNT) {
      return Optional.of("no parameter has the index " + index);
    }
    if (index == GENESIS) {
      return Optional.of("genesis never changes");
    }
    Bounds bounds = BOUNDS.get(index);
    if (!bounds.contain(value)) {
      return Optional.of(
          "parameter " + index + " is from " + bounds.least() + " to " + bounds.most());
    }
    ProtocolParameters changed = with(index, value);
    return changed.number(HOLD_LIFETIME) > changed.number(RELEASE_DELAY)
        ? Optional.of("a release would overtake holds that were signed before it")
        : Optional.empty();
  }

  /** With one value changed. */
  public ProtocolParameters with(int index, Amount value) {
    List<Amount> changed = new ArrayList<>(values);
    changed.set(index, value);
    return new ProtocolParameters(changed);
  }

  private long number(int index) {
    return values.get(index).value().longValueExact();
  }
}
