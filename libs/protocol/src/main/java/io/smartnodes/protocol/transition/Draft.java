package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.ItemId;
import io.smartnodes.protocol.epoch.AssetTotals;
import io.smartnodes.protocol.epoch.Slash;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Payout;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.protocol.state.State;
import io.smartnodes.protocol.state.Totals;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.protocol.state.tree.LeafKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The state while an epoch is applied: every rule reads and writes it in turn. Used by one thread
 * and then dropped.
 */
final class Draft {
  private final State previous;
  private final EpochInput input;
  private final ProtocolParameters parameters;
  private final Map<LeafKey, Optional<Struct>> originals = new HashMap<>();
  private final Map<Address, Book> books = new TreeMap<>();
  private final List<Applied.Ignored> ignored = new ArrayList<>();
  private final Set<Bytes32> refuted = new HashSet<>();
  private final List<Slash> slashes = new ArrayList<>();
  private State state;
  private int effects;

  Draft(State previous, EpochInput input) {
    this.previous = previous;
    this.input = input;
    this.parameters = ProtocolParameters.of(previous.parameters());
    this.state = previous;
  }

  State previous() {
    return previous;
  }

  /** As it stands now. */
  State state() {
    return state;
  }

  ProtocolParameters parameters() {
    return parameters;
  }

  long epoch() {
    return input.body().epoch();
  }

  Instant asOf() {
    return input.asOf();
  }

  Address token() {
    return input.token();
  }

  /** Hashes of receipts that this body refutes. */
  Set<Bytes32> refuted() {
    return refuted;
  }

  /** What operators lose so far. */
  List<Slash> slashes() {
    return slashes;
  }

  Bytes32 previousSeed() {
    return input.previousSeed();
  }

  void acted() {
    effects++;
  }

  void ignore(ItemId item, String reason) {
    ignored.add(new Applied.Ignored(item, reason));
  }

  Book book(Address asset) {
    return books.computeIfAbsent(asset, key -> new Book(previous.totals(key)));
  }

  void put(Struct leaf) {
    replace(LeafKey.of(leaf));
    Address asset = Book.assetOf(leaf);
    if (asset != null) {
      book(asset).count(leaf, 1);
    }
    state = new State(state.tree().put(leaf));
  }

  void remove(LeafKey key) {
    replace(key);
    state = new State(state.tree().remove(key));
  }

  private void replace(LeafKey key) {
    Optional<Struct> old = state.tree().get(key);
    originals.putIfAbsent(key, old);
    old.ifPresent(leaf -> {
      Address asset = Book.assetOf(leaf);
      if (asset != null) {
        book(asset).count(leaf, -1);
      }
    });
  }

  /** The allotment of an account to a home, zero if there is none. */
  Allotment allotment(Address account, Address asset, Address home) {
    return state
        .allotment(account, asset, home)
        .orElseGet(() -> new Allotment(account, asset, home, Amount.ZERO, Amount.ZERO, 0));
  }

  /** Writes an allotment; one that holds nothing and waits for nothing goes. */
  void put(Allotment allotment) {
    if (allotment.amount().isZero() && allotment.releasing().isZero()) {
      remove(LeafKey.of(allotment));
    } else {
      put((Struct) allotment);
    }
  }

  /** Puts money into an allotment. */
  void allot(Address account, Address asset, Address home, Amount amount) {
    Allotment old = allotment(account, asset, home);
    put(
        new Allotment(
            account, asset, home, old.amount().plus(amount), old.releasing(), old.releaseAt()));
  }

  /** Takes money out of an allotment that has it. */
  void take(Address account, Address asset, Address home, Amount amount) {
    Allotment old = allotment(account, asset, home);
    put(
        new Allotment(
            account, asset, home, old.amount().minus(amount), old.releasing(), old.releaseAt()));
  }

  /** Credits what an account has earned; payouts never decrease. */
  void credit(Address account, Address asset, Amount amount) {
    if (amount.isZero()) {
      return;
    }
    Amount before = state.payout(account, asset).map(Payout::cumulative).orElse(Amount.ZERO);
    put((Struct) new Payout(account, asset, payoutAddress(account), before.plus(amount)));
  }

  /** What belongs to nobody: burnt in SNO, to the treasury in other assets. */
  void forfeit(Address asset, Amount amount) {
    if (asset.equals(token()) || parameters.treasury().isZero()) {
      book(asset).burn(amount);
    } else {
      credit(parameters.treasury(), asset, amount);
    }
  }

  private Address payoutAddress(Address account) {
    return state
        .account(account)
        .map(Account::payout)
        .or(() -> state.validator(account).map(Validator::payout))
        .filter(address -> !address.isZero())
        .orElse(account);
  }

  /** Closes the books and names what changed. */
  Applied close() {
    for (Book book : books.values()) {
      Totals totals = book.close();
      if (!totals.equals(previous.totals(totals.asset()))) {
        put((Struct) totals);
      }
    }
    List<Applied.LeafChange> changes = new ArrayList<>();
    originals.forEach((key, original) -> {
      Optional<Struct> now = state.tree().get(key);
      if (!now.equals(original)) {
        changes.add(new Applied.LeafChange(key, now));
      }
    });
    changes.sort(
        Comparator.comparing((Applied.LeafChange change) -> change.key().type())
            .thenComparing(change -> change.key().key()));
    List<AssetTotals> totals =
        state.totals().stream()
            .map(t ->
                new AssetTotals(
                    t.asset(), t.balances(), t.payouts(), t.heldBack(), t.burnt(), t.minted()))
            .toList();
    return new Applied(state, changes, effects, ignored, totals, slashes);
  }
}
