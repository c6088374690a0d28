package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.body.ItemId;
import io.smartnodes.protocol.epoch.InboxItem;
import java.util.List;

/** What Core queued on the chain (2.3; 2.5, step 1). */
public final class InboxRules {
  private InboxRules() {}

  /** The rolling hash after more items: {@code keccak256(abi(hash, hashStruct(item)))} each. */
  public static Bytes32 roll(Bytes32 hash, List<InboxItem> items) {
    Bytes32 rolling = hash;
    for (InboxItem item : items) {
      rolling = Keccak.words(rolling, item.hashStruct());
    }
    return rolling;
  }

  static void apply(Draft draft, List<InboxItem> inbox) {
    for (InboxItem item : inbox) {
      ItemId id = ItemId.of(ItemId.Kind.INBOX, item);
      switch (item.kind()) {
        case DEPOSIT -> deposit(draft, id, item);
        case RELEASE ->
            Allotments.release(
                draft, id, item.account(), item.asset(), item.target(), item.amount());
        case JOIN, EXIT, ROTATION, PARAMETER, ESCAPE ->
            draft.ignore(id, "there is no rule for " + item.kind() + " yet");
      }
    }
  }

  private static void deposit(Draft draft, ItemId id, InboxItem item) {
    if (item.amount().isZero()) {
      draft.ignore(id, "a deposit of nothing");
      return;
    }
    if (!draft.book(item.asset()).canReceive(item.amount())) {
      draft.ignore(id, "the total of the asset would not fit");
      return;
    }
    Address home =
        draft.state().activeValidator(item.target()).isPresent() ? item.target() : Address.ZERO;
    draft.book(item.asset()).receive(item.amount());
    draft.allot(item.account(), item.asset(), home, item.amount());
    draft.acted();
  }
}
