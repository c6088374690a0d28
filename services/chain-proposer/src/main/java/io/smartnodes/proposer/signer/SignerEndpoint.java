package io.smartnodes.proposer.signer;

import com.google.protobuf.ByteString;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.link.tls.SignedEndorsement;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.signer.v1.EndorseRequest;
import io.smartnodes.proto.signer.v1.EndorseResponse;
import io.smartnodes.proto.signer.v1.SignRequest;
import io.smartnodes.proto.signer.v1.SignResponse;
import io.smartnodes.proto.signer.v1.Signer;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.Malformed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The signer of the validator's other services and processes. */
@GrpcService
public class SignerEndpoint implements Signer {
  private static final Logger LOG = Logger.getLogger(SignerEndpoint.class);
  private static final int MOST_ITEMS = 1_024;
  private static final int SHORTEST_TOKEN = 16;
  private static final Duration LONGEST = Duration.ofHours(24);

  private final NodeSigner signer;
  private final Endorser endorser;
  private final Optional<String> tokenFile;

  /** Called by the container. */
  public SignerEndpoint(
      NodeSigner signer,
      Endorser endorser,
      @ConfigProperty(name = "smartnodes.signer.token-file") Optional<String> tokenFile) {
    this.signer = signer;
    this.endorser = endorser;
    this.tokenFile = tokenFile;
  }

  @Override
  public Uni<SignResponse> sign(SignRequest request) {
    if (request.getItemsCount() > MOST_ITEMS) {
      return Uni.createFrom()
          .failure(
              Errors.status(
                  ErrorCode.ERROR_CODE_TOO_LARGE, "items", "more than " + MOST_ITEMS + " items"));
    }
    return Uni.createFrom()
        .deferred(() -> signer.sign(request.getItemsList()))
        .map(signatures ->
            SignResponse.newBuilder()
                .addAllSignatures(signatures.stream().map(Fields::bytes).toList())
                .build());
  }

  @Override
  public Uni<EndorseResponse> endorse(EndorseRequest request) {
    return Uni.createFrom()
        .item(() -> endorsed(request))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
  }

  private EndorseResponse endorsed(EndorseRequest request) {
    if (!tokenFits(request.getToken())) {
      throw Errors.status(
          ErrorCode.ERROR_CODE_UNAUTHENTICATED, "token", "not the operator's token");
    }
    Bytes32 hash;
    Instant notAfter;
    try {
      hash = Fields.bytes32(request.getSubjectPublicKeyInfoHash(), "subject_public_key_info_hash");
      notAfter = Fields.time(request.getNotAfter(), "not_after");
    } catch (Malformed malformed) {
      throw Errors.status(malformed);
    }
    Instant now = Instant.now();
    if (!notAfter.isAfter(now) || notAfter.isAfter(now.plus(LONGEST).plusSeconds(60))) {
      throw Errors.status(
          ErrorCode.ERROR_CODE_MALFORMED, "not_after", "not within the next 24 hours");
    }
    SignedEndorsement endorsement = endorser.endorse(hash, notAfter);
    return EndorseResponse.newBuilder()
        .setPublicKey(ByteString.copyFrom(endorsement.nodeKey().bytes().toArray()))
        .setSignature(ByteString.copyFrom(endorsement.signature().bytes().toArray()))
        .build();
  }

  /** Compared in constant time; without a token file nobody from outside is endorsed. */
  private boolean tokenFits(String shown) {
    if (tokenFile.isEmpty()) {
      return false;
    }
    try {
      String token = Files.readString(Path.of(tokenFile.get())).strip();
      return token.length() >= SHORTEST_TOKEN
          && MessageDigest.isEqual(
              token.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.error("smartnodes.signer.token-file cannot be read: nobody is endorsed", e);
      return false;
    }
  }
}
