package io.smartnodes.protocol.dht;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.peer.Endpoint;
import io.smartnodes.protocol.peer.NodeRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Whether a record may be stored or believed (rule 3.4.2). */
public record RecordValidator(Domain domain, Authority authority) {
  /** A record lives no longer than this. */
  public static final Duration LONGEST_LIFE = Duration.ofMinutes(60);

  /** By how much the clock of an author may be ahead of ours. */
  public static final Duration SKEW = Duration.ofSeconds(60);

  /** Encoded bytes of a record. */
  public static final int MOST_BYTES = 1024 * 1024;

  /** The outcome. */
  public sealed interface Check {
    /** It may be stored. */
    record Valid() implements Check {}

    /** It is larger than a record may be. */
    record TooLarge(int bytes) implements Check {}

    /** It may not be stored under this key. */
    record WrongKey(Bytes32 key) implements Check {}

    /** It is past its end, or would live too long. */
    record BadExpiry(Instant expiry, Instant now) implements Check {}

    /** The sequence must be positive. */
    record BadSequence(long sequence) implements Check {}

    /** A field has a value that no record may have. */
    record BadField(String field) implements Check {}

    /** The author's key does not hash to its id, or did not sign. */
    record BadSignature() implements Check {}

    /** The state gives the author no right to say this. */
    record NoAuthority(String claim) implements Check {}
  }

  /**
   * Checks a record.
   *
   * @param key under which it is to be stored
   * @param bytes of its encoding
   */
  public Check check(DhtRecord record, Bytes32 key, int bytes, Instant now) {
    if (bytes > MOST_BYTES) {
      return new Check.TooLarge(bytes);
    }
    if (!record.keys().contains(key)) {
      return new Check.WrongKey(key);
    }
    Instant latest = now.plus(LONGEST_LIFE).plus(SKEW);
    if (!record.expiry().isAfter(now) || record.expiry().isAfter(latest)) {
      return new Check.BadExpiry(record.expiry(), now);
    }
    if (record.sequence() <= 0) {
      return new Check.BadSequence(record.sequence());
    }
    Optional<String> field = badField(record);
    if (field.isPresent()) {
      return new Check.BadField(field.get());
    }
    if (!isSigned(record)) {
      return new Check.BadSignature();
    }
    return ofAuthority(record);
  }

  private boolean isSigned(DhtRecord record) {
    return PeerId.of(record.publicKey()).equals(record.author())
        && domain
            .signer(record.struct(), record.signature())
            .filter(record.publicKey()::equals)
            .isPresent();
  }

  private Check ofAuthority(DhtRecord record) {
    Set<Role> held = authority.rolesOf(record.author(), record.account());
    Set<Role> claimed =
        switch (record) {
          case DhtRecord.OfNode node -> Role.of(node.record().roles());
          case DhtRecord.OfWorker offer -> Set.of(Role.WORKER);
        };
    return held.containsAll(claimed)
        ? new Check.Valid()
        : new Check.NoAuthority(
            "%s claims %s for %s and holds %s"
                .formatted(record.author(), claimed, record.account(), held));
  }

  private static Optional<String> badField(DhtRecord record) {
    return switch (record) {
      case DhtRecord.OfNode node -> badField(node.record());
      case DhtRecord.OfWorker offer ->
          offer.offer().slots() <= 0 ? Optional.of("slots") : Optional.empty();
    };
  }

  private static Optional<String> badField(NodeRecord record) {
    Set<Role> roles = Role.of(record.roles());
    int known = roles.stream().mapToInt(Role::bit).sum();
    if (roles.isEmpty() || known != record.roles()) {
      return Optional.of("roles");
    }
    boolean reachable = record.endpoints().stream().allMatch(RecordValidator::isReachable);
    return reachable ? Optional.empty() : Optional.of("endpoints");
  }

  private static boolean isReachable(Endpoint endpoint) {
    return !endpoint.service().isBlank()
        && !endpoint.host().isBlank()
        && endpoint.port() > 0
        && endpoint.port() < 65_536;
  }
}
