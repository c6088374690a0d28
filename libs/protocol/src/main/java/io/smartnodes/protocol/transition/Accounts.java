package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Status;

/** Accounts with something changed. */
final class Accounts {
  private static final long MICRO = 1_000_000;

  // Reached only without decay; keeps the product within 63 bits.
  private static final long MOST = Long.MAX_VALUE / MICRO;

  private Accounts() {}

  static Account withSequence(Account old, long sequence) {
    return copy(
        old, sequence, old.status(), old.alpha(), old.beta(), old.certified(), old.evidenceId());
  }

  /** Proven fraud. */
  static Account banned(Account old, Bytes32 evidenceId) {
    return copy(
        old, old.sequence(), Status.BANNED, old.alpha(), old.beta(), old.certified(), evidenceId);
  }

  /**
   * A paid receipt: a success of this weight, in micro-units; one that weighs nothing only counts.
   */
  static Account succeeded(Account old, long weight, long decay) {
    boolean weighs = weight > 0;
    return copy(
        old,
        old.sequence(),
        old.status(),
        weighs ? Math.min(old.alpha(), MOST) * decay / MICRO + weight : old.alpha(),
        weighs ? old.beta() * decay / MICRO : old.beta(),
        old.certified() + 1,
        old.evidenceId());
  }

  private static Account copy(
      Account old,
      long sequence,
      Status status,
      long alpha,
      long beta,
      long certified,
      Bytes32 evidenceId) {
    return new Account(
        old.account(),
        old.publicKey(),
        old.roles(),
        old.payout(),
        sequence,
        status,
        alpha,
        beta,
        certified,
        old.suspensions(),
        old.statusUntil(),
        evidenceId,
        old.since());
  }
}
