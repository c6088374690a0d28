package io.smartnodes.sdk;

import io.grpc.StatusRuntimeException;
import io.smartnodes.crypto.Address;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.peer.v1.PeerRegistryGrpc;
import io.smartnodes.proto.peer.v1.RegisterRequest;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.peer.Registration;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.PeerStructs;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/** Registers an account with its node key; without gas, by an executed epoch. */
public final class Registrar {
  private static final Duration VALID = Duration.ofMinutes(30);

  private final NetworkClient network;

  /** Registers the identity of the client. */
  public Registrar(NetworkClient network) {
    this.network = network;
  }

  /** How a registration ended. */
  public sealed interface Outcome {
    /** The node has its role in the executed state. */
    record Registered() implements Outcome {}

    /** No executed epoch has it yet. */
    record TimedOut(String lastAnswer) implements Outcome {}

    /** A validator refused it for good. */
    record Refused(ErrorCode code, String field, String message) implements Outcome {}
  }

  /**
   * Registers and waits until validators treat the node as registered. Returns at once when it is
   * registered already.
   *
   * @param roles worker, user or both
   * @param payout where earnings go
   */
  public Outcome register(Set<Role> roles, Address payout, Duration timeout)
      throws InterruptedException {
    Instant end = network.time().instant().plus(timeout);
    String last = "no answer";
    boolean sent = false;
    int attempt = 0;
    while (network.time().instant().isBefore(end)) {
      try {
        network.validators();
        return new Outcome.Registered();
      } catch (StatusRuntimeException answer) {
        last = String.valueOf(answer.getMessage());
        boolean stranger = isStranger(answer);
        if (stranger && (!sent || attempt % 40 == 39)) {
          Outcome outcome = send(roles, payout);
          if (outcome instanceof Outcome.Refused) {
            return outcome;
          }
          sent = outcome instanceof Outcome.Registered;
        }
      }
      attempt++;
      Thread.sleep(Duration.ofMillis(500));
    }
    return new Outcome.TimedOut(last);
  }

  /** Sends the registration to the bootstrap validators until one takes it. */
  private Outcome send(Set<Role> roles, Address payout) {
    Instant now = network.time().instant();
    Registration registration =
        new Registration(
            network.identity().account().address(),
            network.identity().node().publicKey().bytes(),
            roles.stream().mapToInt(Role::bit).sum(),
            payout,
            now.getEpochSecond(),
            now.plus(VALID).truncatedTo(ChronoUnit.SECONDS));
    RegisterRequest request =
        RegisterRequest.newBuilder()
            .setRegistration(PeerStructs.toProto(registration))
            .setAccountSignature(
                Fields.bytes(network.domain().sign(registration, network.identity().account())))
            .setNodeSignature(
                Fields.bytes(network.domain().sign(registration, network.identity().node())))
            .build();
    String last = "no bootstrap validator answered";
    for (Bootstrap bootstrap : network.bootstraps()) {
      try {
        var response =
            PeerRegistryGrpc.newBlockingStub(network.channel(bootstrap)).register(request);
        return response.getRegistrationHash().isEmpty()
            ? new Outcome.TimedOut("empty answer")
            : new Outcome.Registered();
      } catch (StatusRuntimeException refused) {
        var refusal = Errors.read(refused);
        if (refusal.isPresent() && isFinal(refusal.get().code())) {
          var why = refusal.get();
          return new Outcome.Refused(why.code(), why.field(), why.message());
        }
        last = String.valueOf(refused.getMessage());
      }
    }
    return new Outcome.TimedOut(last);
  }

  private static boolean isStranger(StatusRuntimeException answer) {
    return Errors.read(answer)
        .filter(refusal -> refusal.code() == ErrorCode.ERROR_CODE_STRANGER)
        .isPresent();
  }

  private static boolean isFinal(ErrorCode code) {
    return switch (code) {
      case ERROR_CODE_MALFORMED,
          ERROR_CODE_UNKNOWN_FIELD,
          ERROR_CODE_BAD_SIGNATURE,
          ERROR_CODE_BARRED,
          ERROR_CODE_WRONG_CHAIN,
          ERROR_CODE_EXPIRED,
          ERROR_CODE_INVALID_ITEM ->
          true;
      default -> false;
    };
  }
}
