package io.smartnodes.protocol.state;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameters by name (docs/protocol/2-rules.md, 2.9).
 *
 * @param values in the order of 2.9
 */
public record ProtocolParameters(List<Amount> values) {
  private static final int COUNT = 16;

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

  private long number(int index) {
    return values.get(index).value().longValueExact();
  }
}
