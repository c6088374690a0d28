package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.ItemId;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.state.Genesis;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Network;
import io.smartnodes.protocol.state.Parameters;
import io.smartnodes.protocol.state.ProtocolParameters;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** What Core queued on the chain (2.3; 2.5, step 1). */
public final class InboxRules {
  private static final BigInteger RETIRED = BigInteger.valueOf(3);

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
        case JOIN -> ValidatorMoves.join(draft, id, item);
        case EXIT -> ValidatorMoves.exit(draft, id, item);
        case ROTATION -> ValidatorMoves.rotate(draft, id, item);
        case PARAMETER -> parameter(draft, id, item);
        case ESCAPE -> escape(draft, id, item);
        case NETWORK -> network(draft, id, item);
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

  /** Acts from the next epoch on; this one follows the parameters of the state before. */
  private static void parameter(Draft draft, ItemId id, InboxItem item) {
    Parameters leaf = draft.state().parameters();
    ProtocolParameters now = ProtocolParameters.of(leaf);
    BigInteger named = item.data().toNumber();
    int index = named.bitLength() < Integer.SIZE ? named.intValueExact() : Integer.MAX_VALUE;
    Optional<String> flaw = now.flaw(index, item.amount());
    if (flaw.isPresent()) {
      draft.ignore(id, flaw.get());
      return;
    }
    draft.put(now.with(index, item.amount()).toLeaf(leaf.version() + 1));
    draft.acted();
  }

  /** Money that Core has paid out already, while nobody could vote. */
  private static void escape(Draft draft, ItemId id, InboxItem item) {
    Amount taken =
        item.data().isZero()
            ? Allotments.escape(draft, item.account(), item.asset(), item.target(), item.amount())
            : escapeJob(draft, item);
    if (taken.isZero()) {
      draft.ignore(id, "there is nothing to take it from");
      return;
    }
    draft.book(item.asset()).payOut(taken);
    draft.acted();
  }

  private static Amount escapeJob(Draft draft, InboxItem item) {
    Optional<Job> job =
        draft.state().job(item.data()).filter(found -> found.asset().equals(item.asset()));
    Amount taken = job.map(found -> item.amount().min(found.held())).orElse(Amount.ZERO);
    job.ifPresent(found -> draft.put(found.withHeld(found.held().minus(taken))));
    return taken;
  }

  private static void network(Draft draft, ItemId id, InboxItem item) {
    Bytes32 network = Bytes32.ofNumber(item.amount().value());
    BigInteger status = item.asset().toWord().toNumber();
    if (network.equals(Genesis.WASM)) {
      draft.ignore(id, "the network is the protocol's own");
    } else if (status.signum() == 0 || status.compareTo(RETIRED) > 0) {
      draft.ignore(id, "no network has this status");
    } else {
      draft.put(new Network(network, item.data(), item.account(), status.intValueExact()));
      draft.acted();
    }
  }
}
