package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.EpochVote;
import io.smartnodes.protocol.body.ItemId;
import io.smartnodes.protocol.emission.Emission;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Emission to the voters of the epoch before and to the treasury (2.5, step 10). */
final class Rewards {
  private static final int VALIDATORS_PERCENT = 10;
  private static final int TREASURY_PERCENT = 5;

  private Rewards() {}

  static void apply(Draft draft, List<EpochVote> votes) {
    Amount emitted =
        Emission.between(
            draft.parameters().genesis(), draft.previous().head().asOf(), draft.asOf());
    int validators = draft.previous().activeValidators().size();
    Set<Address> voters = new HashSet<>();
    for (EpochVote vote : votes) {
      ItemId id = ItemId.of(ItemId.Kind.VOTE, vote);
      if (draft.previous().activeValidator(vote.operator()).isEmpty()) {
        draft.ignore(id, "the voter is no active validator");
      } else if (!voters.add(vote.operator())) {
        draft.ignore(id, "another vote of the validator counts");
      } else {
        mint(draft, vote.operator(), emitted.share(VALIDATORS_PERCENT, 100).share(1, validators));
        draft.acted();
      }
    }
    if (!draft.parameters().treasury().isZero()) {
      mint(draft, draft.parameters().treasury(), emitted.share(TREASURY_PERCENT, 100));
    }
  }

  private static void mint(Draft draft, Address account, Amount amount) {
    draft.book(draft.token()).mint(amount);
    draft.credit(account, draft.token(), amount);
  }
}
