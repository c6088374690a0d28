package io.smartnodes.protocol.peer;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether a validator introduces a registration (rule 3.2). */
public record RegistrationRule(Domain domain) {
  /** A registration may not be introduced later than this after it was signed. */
  public static final Duration LONGEST_LIFE = Duration.ofDays(30);

  private static final int ALLOWED_ROLES = Role.WORKER.bit() | Role.USER.bit();
  private static final int KEY_BYTES = 64;

  /** The registration as it came. */
  public record Request(
      Registration registration, Bytes accountSignature, Bytes nodeSignature, PeerId caller) {}

  /**
   * What is known already.
   *
   * @param account the leaf of the account
   * @param introduced the highest sequence of the account that we introduced, 0 for none
   * @param keyOwner the account or operator that the node key serves
   */
  public record Known(Optional<Account> account, long introduced, Optional<Address> keyOwner) {
    /** Nothing is known. */
    public static final Known NOTHING = new Known(Optional.empty(), 0, Optional.empty());
  }

  /** The outcome. */
  public sealed interface Decision {
    /** It is introduced. */
    record Accepted(Bytes32 hash, PeerId peer) implements Decision {}

    /** The public key is no point of the curve. */
    record BadKey() implements Decision {}

    /** The caller's connection proves another key than the one to be registered. */
    record ForeignKey(PeerId registered, PeerId caller) implements Decision {}

    /** Roles other than worker and user, or none. */
    record BadRoles(int roles) implements Decision {}

    /** Account or payout is the zero address. */
    record ZeroAddress(String field) implements Decision {}

    /** Past its end, or it would live too long. */
    record BadExpiry(Instant expiry, Instant now) implements Decision {}

    /** A signature is not by the key that must sign. */
    record BadSignature(String field) implements Decision {}

    /** The account is banned. */
    record Banned(Bytes32 evidenceId) implements Decision {}

    /** This or a higher sequence is known. */
    record Replayed(long known) implements Decision {}

    /** The node key serves another account. */
    record KeyTaken(Address owner) implements Decision {}
  }

  /** Decides; the cheap checks come first. */
  public Decision decide(Request request, Known known, Instant now) {
    Registration registration = request.registration();
    if (Integer.signum(registration.roles()) <= 0 || (registration.roles() & ~ALLOWED_ROLES) != 0) {
      return new Decision.BadRoles(registration.roles());
    }
    if (registration.account().isZero()) {
      return new Decision.ZeroAddress("account");
    }
    if (registration.payout().isZero()) {
      return new Decision.ZeroAddress("payout");
    }
    if (!registration.expiry().isAfter(now)
        || registration.expiry().isAfter(now.plus(LONGEST_LIFE))) {
      return new Decision.BadExpiry(registration.expiry(), now);
    }
    long highest = Math.max(known.introduced(), known.account().map(Account::sequence).orElse(0L));
    if (registration.sequence() <= highest) {
      return new Decision.Replayed(highest);
    }
    if (known.account().isPresent() && known.account().get().status() == Status.BANNED) {
      return new Decision.Banned(known.account().get().evidenceId());
    }
    Optional<Address> owner =
        known.keyOwner().filter(account -> !account.equals(registration.account()));
    return owner.isPresent() ? new Decision.KeyTaken(owner.get()) : ofKeys(request);
  }

  private Decision ofKeys(Request request) {
    Registration registration = request.registration();
    if (registration.publicKey().size() != KEY_BYTES) {
      return new Decision.BadKey();
    }
    PublicKey key = new PublicKey(registration.publicKey());
    if (!key.isOnCurve()) {
      return new Decision.BadKey();
    }
    PeerId peer = PeerId.of(key);
    if (!peer.equals(request.caller())) {
      return new Decision.ForeignKey(peer, request.caller());
    }
    if (!domain.isSignedBy(registration, request.nodeSignature(), key.address())) {
      return new Decision.BadSignature("node_signature");
    }
    return domain.isSignedBy(registration, request.accountSignature(), registration.account())
        ? new Decision.Accepted(registration.hashStruct(), peer)
        : new Decision.BadSignature("account_signature");
  }
}
