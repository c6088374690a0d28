package io.smartnodes.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.signer.v1.Signable;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.body.SignedRegistration;
import io.smartnodes.protocol.peer.Introduction;
import io.smartnodes.protocol.peer.Registration;
import io.smartnodes.protocol.peer.RegistrationRule;
import io.smartnodes.protocol.peer.RegistrationRule.Decision;
import io.smartnodes.quarkus.NodeIdentity;
import io.smartnodes.quarkus.SignerClient;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.PeerStructs;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Introduces registrations into bodies (rule 3.2). Waits, for virtual threads. */
@Singleton
public class Registrations {
  private static final int REMEMBERED = 10_000;

  private final RegistryStore store;
  private final Members members;
  private final Announcer announcer;
  private final SignerClient signer;
  private final RegistrationRule rule;
  private final int perMinute;
  private final InstantSource time = InstantSource.system();
  private final Cache<Object, Bucket> buckets =
      Caffeine.newBuilder()
          .maximumSize(REMEMBERED)
          .expireAfterAccess(Duration.ofMinutes(2))
          .build();

  /** Called by the container. */
  public Registrations(
      RegistryStore store,
      Members members,
      Announcer announcer,
      SignerClient signer,
      NodeIdentity identity,
      RegistryConfig config) {
    this.store = store;
    this.members = members;
    this.announcer = announcer;
    this.signer = signer;
    this.rule = new RegistrationRule(identity.domain());
    this.perMinute = config.registrationsPerMinute();
  }

  /** A registration that we introduce. */
  record Introduced(Bytes32 hash, Address introducer) {}

  /**
   * Checks a registration, signs its introduction and publishes it. The same registration again is
   * answered in the same way.
   *
   * @throws io.grpc.StatusRuntimeException with the reason of a refusal
   */
  Introduced register(RegistrationRule.Request request) {
    Registration registration = request.registration();
    limit(request.caller());
    if (!members.isLoaded()) {
      throw Errors.status(
          ErrorCode.ERROR_CODE_NOT_READY, "", "the state has not arrived yet, try again");
    }
    if (members.active().stream().noneMatch(one -> one.operator().equals(announcer.operator()))) {
      throw Errors.status(
          ErrorCode.ERROR_CODE_NOT_READY,
          "",
          "this validator is not in the set, and cannot introduce anybody: ask another one");
    }
    Optional<RegistryStore.Introduced> before = store.introduced(registration.account());
    boolean isRepeated =
        before.filter(old -> old.hash().equals(registration.hashStruct())).isPresent();
    Instant now = time.instant();
    Decision decision = rule.decide(request, known(request, before, isRepeated), now);
    if (!(decision instanceof Decision.Accepted(Bytes32 hash, PeerId peer))) {
      throw refusal(decision);
    }
    // Only a holder of the account key gets here: nobody else can use up its tokens.
    limit(registration.account());
    if (!isRepeated) {
      introduce(request, hash, peer, now);
    }
    return new Introduced(hash, announcer.operator());
  }

  private void introduce(RegistrationRule.Request request, Bytes32 hash, PeerId peer, Instant now) {
    Introduction introduction = new Introduction(hash, announcer.operator());
    Bytes signature =
        signer.sign(
            Signable.newBuilder().setIntroduction(PeerStructs.toProto(introduction)).build());
    SignedRegistration signed =
        new SignedRegistration(
            request.registration(),
            request.accountSignature(),
            request.nodeSignature(),
            announcer.operator(),
            signature);
    if (!store.introduce(signed, peer, now)) {
      throw refusal(new Decision.Replayed(request.registration().sequence()));
    }
  }

  private RegistrationRule.Known known(
      RegistrationRule.Request request,
      Optional<RegistryStore.Introduced> before,
      boolean isRepeated) {
    PeerId caller = request.caller();
    return new RegistrationRule.Known(
        members.account(request.registration().account()).filter(leaf -> !isRepeated),
        isRepeated ? 0 : before.map(RegistryStore.Introduced::sequence).orElse(0L),
        members
            .ownerOf(caller)
            .or(() -> store.introducedFor(caller).map(RegistryStore.Introduced::account)));
  }

  private void limit(Object who) {
    Bucket bucket =
        buckets.get(
            who,
            ignored ->
                Bucket.builder()
                    .addLimit(limit ->
                        limit.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
                    .build());
    if (!bucket.tryConsume(1)) {
      throw Errors.status(
          ErrorCode.ERROR_CODE_RATE_LIMITED,
          who instanceof Address ? "registration.account" : "caller",
          "at most " + perMinute + " registrations a minute");
    }
  }

  private static RuntimeException refusal(Decision decision) {
    return switch (decision) {
      case Decision.Accepted accepted ->
          throw new IllegalArgumentException("an accepted registration is not refused");
      case Decision.BadKey() ->
          status(ErrorCode.ERROR_CODE_MALFORMED, "public_key", "it is no point of the curve");
      case Decision.ForeignKey(PeerId registered, PeerId caller) ->
          status(
              ErrorCode.ERROR_CODE_NOT_ALLOWED,
              "public_key",
              "%s registers the key of %s: connect with the key to be registered"
                  .formatted(caller, registered));
      case Decision.BadRoles(int roles) ->
          status(ErrorCode.ERROR_CODE_MALFORMED, "roles", roles + " is not worker (1) or user (2)");
      case Decision.ZeroAddress(String field) ->
          status(ErrorCode.ERROR_CODE_MALFORMED, field, "it is the zero address");
      case Decision.BadExpiry(Instant expiry, Instant now) ->
          status(
              ErrorCode.ERROR_CODE_EXPIRED,
              "expiry",
              "%s is past or too far away, it is %s".formatted(expiry, now));
      case Decision.BadSignature(String field) ->
          Errors.status(
              ErrorCode.ERROR_CODE_BAD_SIGNATURE, field, "it is not by the key that must sign");
      case Decision.Banned(Bytes32 evidence) ->
          status(ErrorCode.ERROR_CODE_BARRED, "account", "banned, evidence " + evidence);
      case Decision.Replayed(long known) ->
          status(ErrorCode.ERROR_CODE_REPLAYED, "sequence", "sequence " + known + " is known");
      case Decision.KeyTaken(Address owner) ->
          status(ErrorCode.ERROR_CODE_ALREADY_EXISTS, "public_key", "the node key serves " + owner);
    };
  }

  private static RuntimeException status(ErrorCode code, String field, String message) {
    return Errors.status(code, "registration." + field, message);
  }
}
