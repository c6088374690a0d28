package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.body.ItemId;
import io.smartnodes.protocol.body.SignedRegistration;
import io.smartnodes.protocol.peer.Registration;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Status;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.protocol.state.tree.LeafType;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Accounts that take the roles of worker or user (2.5, step 2). */
final class Registrations {
  /** Both sides of the fixed prior of a score, in micro-units. */
  static final long PRIOR = 1_000_000;

  private static final int ROLES = Role.WORKER.bit() | Role.USER.bit();
  private static final Comparator<SignedRegistration> BEST =
      Comparator.comparingLong((SignedRegistration item) -> -item.registration().sequence())
          .thenComparing(item -> item.registration().hashStruct())
          .thenComparing(SignedRegistration::hashStruct);

  private final Draft draft;
  private final Map<Bytes, Address> owners = new HashMap<>();

  private Registrations(Draft draft) {
    this.draft = draft;
    for (Validator validator : draft.state().validators().all()) {
      validator.keys().forEach(key -> owners.put(key.bytes(), validator.operator()));
    }
    for (Account account : draft.state().leaves(LeafType.ACCOUNT, Account.class)) {
      owners.put(account.publicKey(), account.account());
    }
  }

  static void apply(Draft draft, List<SignedRegistration> items) {
    if (items.isEmpty()) {
      return;
    }
    Map<Address, SignedRegistration> best = new HashMap<>();
    for (SignedRegistration item : items) {
      best.merge(
          item.registration().account(),
          item,
          (one, other) -> BEST.compare(one, other) <= 0 ? one : other);
    }
    Registrations registrations = new Registrations(draft);
    for (SignedRegistration item : items) {
      ItemId id = ItemId.of(ItemId.Kind.REGISTRATION, item);
      Registration registration = item.registration();
      Optional<String> reason =
          item.equals(best.get(registration.account()))
              ? registrations.refusal(registration)
              : Optional.of("another registration of the account counts");
      if (reason.isPresent()) {
        draft.ignore(id, reason.get());
      } else {
        registrations.register(registration);
        draft.acted();
      }
    }
  }

  private Optional<String> refusal(Registration item) {
    if (item.roles() == 0 || (item.roles() & ~ROLES) != 0) {
      return Optional.of("the roles are not those of a worker or user");
    }
    if (!item.expiry().isAfter(draft.asOf())) {
      return Optional.of("it has expired");
    }
    if (draft
        .state()
        .account(item.account())
        .filter(old -> old.sequence() >= item.sequence())
        .isPresent()) {
      return Optional.of("its sequence is not higher than the account's");
    }
    Address owner = owners.get(item.publicKey());
    if (owner != null && !owner.equals(item.account())) {
      return Optional.of("the node key serves another account");
    }
    return Optional.empty();
  }

  private void register(Registration item) {
    Account old =
        draft
            .state()
            .account(item.account())
            .orElseGet(() ->
                new Account(
                    item.account(),
                    item.publicKey(),
                    item.roles(),
                    item.payout(),
                    item.sequence(),
                    Status.VETTING,
                    PRIOR,
                    PRIOR,
                    0,
                    0,
                    Instant.EPOCH,
                    Bytes32.ZERO,
                    draft.epoch()));
    owners.remove(old.publicKey());
    owners.put(item.publicKey(), item.account());
    draft.put(
        new Account(
            old.account(),
            item.publicKey(),
            item.roles(),
            item.payout(),
            item.sequence(),
            old.status(),
            old.alpha(),
            old.beta(),
            old.certified(),
            old.suspensions(),
            old.statusUntil(),
            old.evidenceId(),
            old.since()));
  }
}
