package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.ItemId;
import io.smartnodes.protocol.body.SignedAllot;
import io.smartnodes.protocol.body.SignedRelease;
import io.smartnodes.protocol.job.Allot;
import io.smartnodes.protocol.job.Release;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.protocol.state.tree.LeafType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Money between an account's free balance, its homes and its payout (2.5, steps 3 and 5). */
final class Allotments {
  private Allotments() {}

  private record Signed(ItemId id, Address account, long sequence, BooleanSupplier act) {}

  /**
   * Signed changes, in the order of sequence and hash. A sequence at or below the account's is a
   * replay; acting raises the account's.
   */
  static void applySigned(Draft draft, List<SignedAllot> allots, List<SignedRelease> releases) {
    List<Signed> items = new ArrayList<>();
    for (SignedAllot item : allots) {
      ItemId id = ItemId.of(ItemId.Kind.ALLOT, item);
      Allot allot = item.allot();
      items.add(new Signed(id, allot.account(), allot.sequence(), () -> allot(draft, id, allot)));
    }
    for (SignedRelease item : releases) {
      ItemId id = ItemId.of(ItemId.Kind.RELEASE, item);
      Release release = item.release();
      items.add(
          new Signed(
              id,
              release.account(),
              release.sequence(),
              () ->
                  release(
                      draft,
                      id,
                      release.account(),
                      release.asset(),
                      release.home(),
                      release.amount())));
    }
    items.sort(Comparator.comparingLong(Signed::sequence).thenComparing(item -> item.id().hash()));
    for (Signed item : items) {
      Optional<Account> account = draft.state().account(item.account());
      if (account.isEmpty()) {
        draft.ignore(item.id(), "the account is not registered");
      } else if (account.get().sequence() >= item.sequence()) {
        draft.ignore(item.id(), "its sequence is not higher than the account's");
      } else if (item.act().getAsBoolean()) {
        draft.put(Accounts.withSequence(account.get(), item.sequence()));
      }
    }
  }

  private static boolean allot(Draft draft, ItemId id, Allot allot) {
    if (draft.state().activeValidator(allot.home()).isEmpty()) {
      draft.ignore(id, "the home is no active validator");
      return false;
    }
    Amount free = draft.allotment(allot.account(), allot.asset(), Address.ZERO).amount();
    if (allot.amount().isZero() || free.compareTo(allot.amount()) < 0) {
      draft.ignore(id, "the free balance is " + free);
      return false;
    }
    draft.take(allot.account(), allot.asset(), Address.ZERO, allot.amount());
    draft.allot(allot.account(), allot.asset(), allot.home(), allot.amount());
    draft.acted();
    return true;
  }

  /** Marks money to be taken out later; holds may still take it before. */
  static boolean release(
      Draft draft, ItemId id, Address account, Address asset, Address home, Amount amount) {
    Allotment old = draft.allotment(account, asset, home);
    if (amount.isZero() || old.amount().isZero()) {
      draft.ignore(id, "there is nothing to release");
      return false;
    }
    // No overflow: both are at most the total of the asset, or cut to it.
    Amount releasing = old.releasing().plus(amount.min(old.amount())).min(old.amount());
    draft.put(
        new Allotment(
            account,
            asset,
            home,
            old.amount(),
            releasing,
            draft.epoch() + draft.parameters().releaseDelay()));
    draft.acted();
    return true;
  }

  /** Makes what was allotted to a home free, with the releases that are open. */
  static void free(Draft draft, Address home) {
    List<Allotment> bound =
        draft.state().leaves(LeafType.ALLOTMENT, Allotment.class).stream()
            .filter(allotment -> allotment.home().equals(home))
            .toList();
    for (Allotment old : bound) {
      Allotment free = draft.allotment(old.account(), old.asset(), Address.ZERO);
      draft.remove(LeafKey.of(old));
      draft.put(
          new Allotment(
              old.account(),
              old.asset(),
              Address.ZERO,
              free.amount().plus(old.amount()),
              free.releasing().plus(old.releasing()),
              Math.max(free.releaseAt(), old.releaseAt())));
    }
  }

  /** Takes out what Core has paid: at most what is there, of the home first, then of the rest. */
  static Amount escape(Draft draft, Address account, Address asset, Address home, Amount amount) {
    Amount bound = take(draft, account, asset, home, amount);
    return home.isZero()
        ? bound
        : bound.plus(take(draft, account, asset, Address.ZERO, amount.minus(bound)));
  }

  private static Amount take(
      Draft draft, Address account, Address asset, Address home, Amount wanted) {
    Allotment old = draft.allotment(account, asset, home);
    Amount taken = wanted.min(old.amount());
    if (!taken.isZero()) {
      Amount left = old.amount().minus(taken);
      draft.put(
          new Allotment(account, asset, home, left, old.releasing().min(left), old.releaseAt()));
    }
    return taken;
  }

  /** Moves what is due and not held to the payout of the account. */
  static void applyDueReleases(Draft draft) {
    List<Allotment> due =
        draft.state().leaves(LeafType.ALLOTMENT, Allotment.class).stream()
            .filter(a -> !a.releasing().isZero() && a.releaseAt() <= draft.epoch())
            .toList();
    for (Allotment old : due) {
      Amount moved = old.releasing().min(old.amount());
      draft.put(
          new Allotment(
              old.account(), old.asset(), old.home(), old.amount().minus(moved), Amount.ZERO, 0));
      draft.credit(old.account(), old.asset(), moved);
    }
  }
}
