package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.Pending;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.protocol.state.tree.LeafType;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;

/** Certified receipts of earlier epochs are paid (2.5, step 9). */
final class Payments {
  private static final BigInteger MICRO = BigInteger.valueOf(1_000_000);
  private static final long BASIS = 10_000;

  private Payments() {}

  static void apply(Draft draft) {
    List<Pending> due =
        draft.state().leaves(LeafType.PENDING, Pending.class).stream()
            .filter(p -> !Certificates.isAnchor(p) && p.anchoredAt() < draft.epoch())
            .sorted(Comparator.comparing(Pending::receiptHash))
            .toList();
    due.forEach(pending -> pay(draft, pending));
  }

  private static void pay(Draft draft, Pending pending) {
    Address asset = pending.asset();
    Amount fee = pending.amount().share(draft.parameters().feeBasisPoints(), BASIS);
    Amount half = fee.share(1, 2);
    Amount forAttesters = fee.minus(half);
    Amount each = forAttesters.share(1, pending.attesters().size());
    draft.remove(LeafKey.of(pending));
    draft.credit(pending.worker(), asset, pending.amount().minus(fee));
    for (Address attester : pending.attesters()) {
      draft.credit(attester, asset, each);
    }
    Amount remainder = forAttesters.minus(each.times(pending.attesters().size()));
    draft.forfeit(asset, half.plus(remainder));
    long weight = asset.equals(draft.token()) ? weight(half, draft.parameters().referenceFee()) : 0;
    draft
        .state()
        .account(pending.worker())
        .ifPresent(worker ->
            draft.put(Accounts.succeeded(worker, weight, draft.parameters().scoreDecay())));
  }

  private static long weight(Amount burnt, Amount reference) {
    return reference.isZero()
        ? MICRO.longValue()
        : burnt.value().multiply(MICRO).divide(reference.value()).min(MICRO).longValue();
  }
}
