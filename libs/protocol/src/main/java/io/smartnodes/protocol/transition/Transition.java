package io.smartnodes.protocol.transition;

import io.smartnodes.protocol.body.Body;
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
   *     in the inbox, an earlier time, a drain with a body
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
    require(!input.drain() || input.body().isEmpty(), "a drain has a body");
    Draft draft = new Draft(previous, input);
    ValidatorMoves.seat(draft);
    InboxRules.apply(draft, inbox);
    ValidatorMoves.activate(draft);
    if (!input.drain()) {
      apply(draft, input.body());
    }
    draft.put(
        new Head(
            input.body().epoch(),
            input.asOf(),
            head.inboxCount() + inbox.size(),
            InboxRules.roll(head.inboxHash(), inbox),
            input.drain() ? input.body().epoch() : head.drainedAt()));
    return draft.close();
  }

  private static void apply(Draft draft, Body body) {
    Registrations.apply(draft, body.registrations());
    Allotments.applySigned(draft, body.allots(), body.releases());
    Holds.apply(draft, body.holds());
    Allotments.applyDueReleases(draft);
    Certificates certificates = new Certificates(draft, body.certificates());
    certificates.anchor(body.receipts());
    certificates.refute();
    certificates.confirm();
    Payments.apply(draft);
    Rewards.apply(draft, body.votes());
    Expiries.apply(draft);
  }

  private static void require(boolean condition, String broken) {
    if (!condition) {
      throw new IllegalArgumentException(broken);
    }
  }
}
