package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Payout;
import io.smartnodes.protocol.state.Pending;
import io.smartnodes.protocol.state.Totals;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * The totals of one asset while an epoch is applied. They follow from the leaves that change, not
 * from what the rules mean to do, so that a rule that loses or makes money is found at {@link
 * #close}.
 */
final class Book {
  // Keeps every sum below 256 bits, whatever a foreign token claims to have transferred.
  private static final BigInteger LIMIT = BigInteger.TWO.pow(255);

  private final Totals before;
  private BigInteger balances;
  private BigInteger payouts;
  private BigInteger burnt;
  private BigInteger received = BigInteger.ZERO;
  private BigInteger minted = BigInteger.ZERO;

  Book(Totals before) {
    this.before = before;
    this.balances = before.balances().value();
    this.payouts = before.payouts().value();
    this.burnt = before.burnt().value();
  }

  /** The asset of a leaf with money, or null for the others. */
  static @Nullable Address assetOf(Struct leaf) {
    return switch (leaf) {
      case Allotment allotment -> allotment.asset();
      case Job job -> job.asset();
      case Pending pending -> pending.asset();
      case Payout payout -> payout.asset();
      default -> null;
    };
  }

  /** Counts the money of a leaf in, or out with sign −1. */
  void count(Struct leaf, int sign) {
    BigInteger factor = BigInteger.valueOf(sign);
    switch (leaf) {
      case Allotment a -> balances = balances.add(a.amount().value().multiply(factor));
      case Job job -> balances = balances.add(job.held().value().multiply(factor));
      case Pending p -> balances = balances.add(p.amount().value().multiply(factor));
      case Payout p -> payouts = payouts.add(p.cumulative().value().multiply(factor));
      default -> throw new IllegalArgumentException(leaf.getClass() + " holds no money");
    }
  }

  /** Whether a deposit keeps all sums within 256 bits. */
  boolean canReceive(Amount amount) {
    return sum().add(amount.value()).compareTo(LIMIT) < 0;
  }

  void receive(Amount amount) {
    received = received.add(amount.value());
  }

  void mint(Amount amount) {
    minted = minted.add(amount.value());
  }

  void burn(Amount amount) {
    burnt = burnt.add(amount.value());
  }

  /** Counts money that Core has paid from a balance itself, so that no payout leaf shows it. */
  void payOut(Amount amount) {
    payouts = payouts.add(amount.value());
  }

  /**
   * The totals after the epoch.
   *
   * @throws IllegalStateException if money was lost or made
   */
  Totals close() {
    BigInteger expected =
        before
            .balances()
            .value()
            .add(before.payouts().value())
            .add(before.heldBack().value())
            .add(before.burnt().value())
            .add(received)
            .add(minted);
    if (!expected.equals(sum())) {
      throw new IllegalStateException(
          "conservation of " + before.asset() + " is broken: " + expected + " became " + sum());
    }
    return new Totals(
        before.asset(),
        new Amount(balances),
        new Amount(payouts),
        before.heldBack(),
        new Amount(burnt),
        before.minted().plus(new Amount(minted)));
  }

  private BigInteger sum() {
    return balances.add(payouts).add(before.heldBack().value()).add(burnt);
  }
}
