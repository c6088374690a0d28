package io.smartnodes.protocol.transition;

import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.state.Head;
import io.smartnodes.protocol.state.State;
import java.util.List;

/**
 * {@code State.apply} (2.5): the next state from the previous one and the epoch's input. Total: an
 * item that cannot act is ignored with a reason. Deterministic: nothing depends on time, arrival or
 * the machine. The order of the rules is the law's.
 */
public final class Transition {
  private Transition() {}

  /**
   * Applies an epoch.
   *
   * @throws IllegalArgumentException if the input does not continue the state: another epoch, a gap
   *     in the inbox, an earlier time
   * @throws IllegalStateException if a rule breaks the conservation of an asset
   */
  public static Applied apply(State previous, EpochInput input) {
    Head head = previous.head();
    require(input.body().epoch() == head.epoch() + 1, "the body is not of the next epoch");
    require(!input.asOf().isBefore(head.asOf()), "the time runs backwards");
    List<InboxItem> inbox = input.inbox();
    for (int i = 0; i < inbox.size(); i++) {
      require(inbox.get(i).index() == head.inboxCount() + i, "the inbox has a gap");
    }
    Draft draft = new Draft(previous, input);
    InboxRules.apply(draft, inbox);
    Registrations.apply(draft, input.body().registrations());
    Allotments.applySigned(draft, input.body().allots(), input.body().releases());
    Holds.apply(draft, input.body().holds());
    Allotments.applyDueReleases(draft);
    Certificates certificates = new Certificates(draft, input.body().certificates());
    certificates.anchor(input.body().receipts());
    certificates.refute();
    certificates.confirm();
    Payments.apply(draft);
    Rewards.apply(draft, input.body().votes());
    Expiries.apply(draft);
    draft.put(
        new Head(
            input.body().epoch(),
            input.asOf(),
            head.inboxCount() + inbox.size(),
            InboxRules.roll(head.inboxHash(), inbox)));
    return draft.close();
  }

  private static void require(boolean condition, String broken) {
    if (!condition) {
      throw new IllegalArgumentException(broken);
    }
  }
}
