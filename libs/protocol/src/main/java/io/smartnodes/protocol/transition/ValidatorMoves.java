package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.protocol.body.ItemId;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.state.State;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.protocol.state.set.Validators;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How validators come, change their key and go (2.3; 2.5, step 1). */
final class ValidatorMoves {
  /** Where ordinals of those who join begin; founders have those below. */
  private static final long JOINERS = Validators.MOST;

  private static final BigInteger LATEST = BigInteger.valueOf(253_402_300_799L);

  private ValidatorMoves() {}

  /** Gives a seat to those whom the previous epoch activated: its seed was unknown before. */
  static void seat(Draft draft) {
    for (Validator validator : draft.state().activeValidators()) {
      if (validator.seat().isZero()) {
        Bytes32 seat = Picks.seat(validator.operator(), draft.previousSeed());
        draft.put(serving(validator, seat, validator.since(), validator.until(), State.ACTIVE));
      }
    }
  }

  /**
   * Puts an operator at the end of the queue. Of one that served before everything else stays until
   * it serves again, so that what it signed still counts.
   */
  static void join(Draft draft, ItemId id, InboxItem item) {
    Optional<Validator> old = draft.state().validator(item.account());
    Bytes key = keyOf(item);
    BigInteger eligibleAt = item.asset().toWord().toNumber();
    if (item.account().isZero()) {
      draft.ignore(id, "address zero is nobody");
    } else if (old.filter(Validator::isActive).isPresent()) {
      draft.ignore(id, "it serves already");
    } else if (!new PublicKey(key).isOnCurve() || eligibleAt.compareTo(LATEST) > 0) {
      draft.ignore(id, "its key is no point, or its time never comes");
    } else {
      draft.put(
          new Validator(
              item.account(),
              key,
              old.map(validator -> former(validator, key)).orElse(Bytes.EMPTY),
              item.target(),
              old.map(Validator::seat).orElse(Bytes32.ZERO),
              JOINERS + item.index(),
              Instant.ofEpochSecond(eligibleAt.longValueExact()),
              old.map(Validator::since).orElse(0L),
              old.map(Validator::until).orElse(0L),
              old.map(Validator::sampleCommitment).orElse(Bytes32.ZERO),
              Validator.QUEUED));
      draft.acted();
    }
  }

  /** Takes an operator out of the set or the queue; what users allotted to it becomes free. */
  static void exit(Draft draft, ItemId id, InboxItem item) {
    Optional<Validator> found =
        draft.state().validator(item.account()).filter(v -> v.status() != Validator.LEFT);
    if (found.isEmpty()) {
      draft.ignore(id, "it does not serve");
      return;
    }
    Validator old = found.get();
    if (old.isActive() && draft.state().activeValidators().size() == 1) {
      draft.ignore(id, "the last validator does not leave");
      return;
    }
    long until = old.isActive() ? draft.epoch() : old.until();
    draft.put(serving(old, old.seat(), old.since(), until, Validator.LEFT));
    // Only active validators are homes. Who waits in the queue comes and goes for the price of gas,
    // which must not make everybody look through all allotments each time.
    if (old.isActive()) {
      Allotments.free(draft, old.operator());
    }
    draft.acted();
  }

  /** Changes the node key; what the one before signed still counts. */
  static void rotate(Draft draft, ItemId id, InboxItem item) {
    Optional<Validator> found =
        draft.state().validator(item.account()).filter(v -> v.status() != Validator.LEFT);
    Bytes key = keyOf(item);
    if (found.isEmpty()) {
      draft.ignore(id, "it does not serve");
    } else if (!new PublicKey(key).isOnCurve()) {
      draft.ignore(id, "its key is no point");
    } else {
      Validator old = found.get();
      draft.put(
          new Validator(
              old.operator(),
              key,
              former(old, key),
              item.target(),
              old.seat(),
              old.ordinal(),
              old.eligibleAt(),
              old.since(),
              old.until(),
              old.sampleCommitment(),
              old.status()));
      draft.acted();
    }
  }

  /**
   * Lets in from the queue whose time has come. Strictly in its order, so that ordinals ascend in
   * the order of entry and who comes is always the end of the set. Nobody leaves and comes back in
   * one epoch: on the chain it would not have left.
   */
  static void activate(Draft draft) {
    Validators validators = draft.state().validators();
    int active = validators.active().size();
    List<Validator> queue =
        validators.all().stream().filter(v -> v.status() == Validator.QUEUED).toList();
    for (Validator next : queue) {
      if (active == Validators.MOST
          || next.eligibleAt().isAfter(draft.asOf())
          || next.until() == draft.epoch()) {
        return;
      }
      draft.put(serving(next, Bytes32.ZERO, draft.epoch(), 0, State.ACTIVE));
      active++;
    }
  }

  private static Bytes former(Validator old, Bytes key) {
    return old.publicKey().equals(key) ? old.formerKey() : old.publicKey();
  }

  private static Bytes keyOf(InboxItem item) {
    byte[] key = new byte[64];
    System.arraycopy(Bytes32.ofNumber(item.amount().value()).toArray(), 0, key, 0, 32);
    System.arraycopy(item.data().toArray(), 0, key, 32, 32);
    return Bytes.of(key);
  }

  private static Validator serving(
      Validator old, Bytes32 seat, long since, long until, int status) {
    return new Validator(
        old.operator(),
        old.publicKey(),
        old.formerKey(),
        old.payout(),
        seat,
        old.ordinal(),
        old.eligibleAt(),
        since,
        until,
        old.sampleCommitment(),
        status);
  }
}
