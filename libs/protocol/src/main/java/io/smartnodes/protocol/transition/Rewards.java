package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.EpochVote;
import io.smartnodes.protocol.body.ItemId;
import io.smartnodes.protocol.emission.Emission;
import io.smartnodes.protocol.state.State;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.protocol.state.set.Validators;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
    State previous = draft.previous();
    Map<Address, Validator> electorate =
        Validators.of(previous.activeAt(previous.epoch() - 1)).byOperator();
    Set<Address> voters = new HashSet<>();
    for (EpochVote vote : votes) {
      ItemId id = ItemId.of(ItemId.Kind.VOTE, vote);
      if (!electorate.containsKey(vote.operator())) {
        draft.ignore(id, "the voter was not of the set that voted");
      } else if (!voters.add(vote.operator())) {
        draft.ignore(id, "another vote of the validator counts");
      } else {
        mint(
            draft,
            vote.operator(),
            emitted.share(VALIDATORS_PERCENT, 100).share(1, electorate.size()));
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
