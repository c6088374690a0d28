package io.smartnodes.cli.session;

import io.smartnodes.chain.CallOutcome;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.ContractError;
import io.smartnodes.chain.TransactionOutcome;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.Payout;
import io.smartnodes.protocol.state.tree.LeafKey;
import java.util.List;
import java.util.Optional;

/**
 * Claims what accounts have earned in SNO, by the proof of their payout leaf in an executed state.
 * Anybody may send a claim; the money goes where the leaf says.
 */
public final class Claims {
  private final Session session;

  /** Claims with the gas of the session's account. */
  public Claims(Session session) {
    this.session = session;
  }

  /** How a claim ended. */
  public sealed interface Outcome {
    /** The chain paid. */
    record Paid(Address to, Amount amount, Bytes32 transaction, long epoch) implements Outcome {}

    /** The account has earned nothing in the newest executed state. */
    record NothingEarned() implements Outcome {}

    /** The chain refused, for example because everything was paid before. */
    record Refused(ContractError error) implements Outcome {}
  }

  /** Claims for an account. */
  public Outcome claim(Address account) {
    Optional<Session.Executed<Payout>> leaf = leaf(account);
    if (leaf.isEmpty()) {
      return new Outcome.NothingEarned();
    }
    Payout payout = leaf.get().value();
    Amount before = session.contracts().core().claimed(account, payout.asset());
    return switch (session.sender().send(call(leaf.get(), payout))) {
      case TransactionOutcome.Mined mined ->
          new Outcome.Paid(
              payout.payout(),
              payout.cumulative().minus(before),
              mined.receipt().transactionHash(),
              leaf.get().epoch());
      case TransactionOutcome.Failed failed ->
          new Outcome.Refused(
              failed
                  .error()
                  .orElseThrow(
                      () -> new IllegalStateException("the claim failed without a reason")));
      case TransactionOutcome.Refused refused -> new Outcome.Refused(refused.error());
      case TransactionOutcome.Unconfirmed open ->
          throw new IllegalStateException("the claim stands in no block: " + open.hash());
    };
  }

  /** What a claim for this account would answer now, without sending it. */
  public Optional<ContractError> tryClaim(Address account) {
    return leaf(account).flatMap(leaf -> refusal(call(leaf, leaf.value())));
  }

  /** What a claim with a leaf of one's own making would answer, with the proof of another's. */
  public Optional<ContractError> tryForged(Payout forged, Session.Executed<Payout> proof) {
    return refusal(
        session.contracts().core().claim(proof.epoch(), forged, List.copyOf(proof.siblings())));
  }

  /** The payout leaf of an account in the newest executed state. */
  public Optional<Session.Executed<Payout>> leaf(Address account) {
    return session.leaf(LeafKey.payout(account, session.deployment().token()), Payout.class);
  }

  private ContractCall call(Session.Executed<Payout> leaf, Payout payout) {
    return session.contracts().core().claim(leaf.epoch(), payout, leaf.siblings());
  }

  private Optional<ContractError> refusal(ContractCall call) {
    return switch (session.sender().simulate(call)) {
      case CallOutcome.Returned returned -> Optional.empty();
      case CallOutcome.Reverted reverted -> Optional.of(reverted.error());
    };
  }
}
