package io.smartnodes.proposer.signer;

import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.link.calls.CallerInterceptor;
import io.smartnodes.link.tls.EndorsementRule;
import io.smartnodes.link.tls.SignedEndorsement;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.signer.v1.EndorseRequest;
import io.smartnodes.proto.signer.v1.EndorseResponse;
import io.smartnodes.proto.signer.v1.SignRequest;
import io.smartnodes.proto.signer.v1.SignResponse;
import io.smartnodes.proto.signer.v1.Signer;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.quarkus.NodeIdentity;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.Malformed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The signer for the other services of this validator. */
@GrpcService
public class SignerEndpoint implements Signer {
  private final Signatures signatures;
  private final KeystoreEndorser endorser;
  private final NodeIdentity identity;
  private final Optional<byte[]> token;

  /** Called by the container. */
  public SignerEndpoint(
      Signatures signatures,
      KeystoreEndorser endorser,
      NodeIdentity identity,
      @ConfigProperty(name = "smartnodes.signer.token-file") Optional<String> tokenFile) {
    this.signatures = signatures;
    this.endorser = endorser;
    this.identity = identity;
    this.token = tokenFile.map(SignerEndpoint::read);
  }

  @Override
  public Uni<SignResponse> sign(SignRequest request) {
    return signatures
        .sign(request.getItemsList())
        .map(made -> {
          SignResponse.Builder response = SignResponse.newBuilder();
          made.forEach(signature -> response.addSignatures(Fields.bytes(signature)));
          return response.build();
        });
  }

  @Override
  public Uni<EndorseResponse> endorse(EndorseRequest request) {
    Optional<PeerId> caller = CallerInterceptor.callerIfAny();
    try {
      if (caller.filter(identity.peerId()::equals).isEmpty() && !isToken(request.getToken())) {
        throw Errors.status(
            ErrorCode.ERROR_CODE_NOT_ALLOWED, "token", "is not the operator's token");
      }
      Bytes32 hash =
          Fields.bytes32(request.getSubjectPublicKeyInfoHash(), "subject_public_key_info_hash");
      Instant notAfter = Fields.time(request.getNotAfter(), "not_after");
      Instant latest = Instant.now().plus(EndorsementRule.LONGEST);
      if (notAfter.isAfter(latest.plus(EndorsementRule.CLOCK_SKEW))) {
        throw new Malformed("not_after", "more than " + EndorsementRule.LONGEST + " away");
      }
      SignedEndorsement endorsement = endorser.endorse(hash, notAfter);
      return Uni.createFrom()
          .item(
              EndorseResponse.newBuilder()
                  .setPublicKey(Fields.bytes(endorsement.nodeKey().bytes()))
                  .setSignature(Fields.bytes(endorsement.signature().bytes()))
                  .build());
    } catch (Malformed malformed) {
      return Uni.createFrom().failure(Errors.status(malformed));
    } catch (io.grpc.StatusRuntimeException refused) {
      return Uni.createFrom().failure(refused);
    }
  }

  /** Compares in constant time; without a configured token none is right. */
  private boolean isToken(String shown) {
    return token
        .filter(right -> MessageDigest.isEqual(right, shown.getBytes(StandardCharsets.UTF_8)))
        .isPresent();
  }

  private static byte[] read(String file) {
    try {
      return Files.readString(Path.of(file)).strip().getBytes(StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("smartnodes.signer.token-file cannot be read", unreadable);
    }
  }
}
