package io.smartnodes.quarkus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.link.PeerServer;
import io.smartnodes.link.calls.CallerInterceptor;
import io.smartnodes.link.calls.RoleCheck;
import io.smartnodes.link.tls.EndorsementRule;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.link.tls.PeerCheck;
import io.smartnodes.link.tls.RenewingIdentity;
import io.smartnodes.link.tls.SignedEndorsement;
import io.smartnodes.link.tls.TlsIdentity;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.signer.v1.EndorseRequest;
import io.smartnodes.proto.signer.v1.EndorseResponse;
import io.smartnodes.proto.signer.v1.SignerGrpc;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.wire.Errors;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteEndorserTest {
  private static final NodeKey KEY = NodeKey.of(Bytes32.ofNumber(41));
  private static final PeerId SELF = PeerId.of(KEY.publicKey());
  private static final EndorsementRule RULE = EndorsementRule.of(31337, Address.ZERO);
  private static final InstantSource TIME = InstantSource.system();

  @TempDir Path directory;

  /** A signer that endorses for who knows the token. */
  private static final class TokenSigner extends SignerGrpc.SignerImplBase {
    final AtomicInteger overloads = new AtomicInteger();

    @Override
    public void endorse(EndorseRequest request, StreamObserver<EndorseResponse> observer) {
      if (overloads.getAndDecrement() > 0) {
        observer.onError(Errors.status(ErrorCode.ERROR_CODE_RATE_LIMITED, "caller", "too many"));
        return;
      }
      if (!request.getToken().equals("right")) {
        observer.onError(Errors.status(ErrorCode.ERROR_CODE_NOT_ALLOWED, "token", "wrong token"));
        return;
      }
      SignedEndorsement endorsement =
          Endorser.of(KEY, RULE)
              .endorse(
                  Bytes32.of(request.getSubjectPublicKeyInfoHash().toByteArray()),
                  Instant.ofEpochSecond(request.getNotAfter()));
      observer.onNext(
          EndorseResponse.newBuilder()
              .setPublicKey(ByteString.copyFrom(endorsement.nodeKey().bytes().toArray()))
              .setSignature(ByteString.copyFrom(endorsement.signature().bytes().toArray()))
              .build());
      observer.onCompleted();
    }
  }

  private static PeerServer signer(RenewingIdentity identity) {
    return signer(identity, new TokenSigner());
  }

  private static PeerServer signer(RenewingIdentity identity, TokenSigner signer) {
    CallerInterceptor callers =
        new CallerInterceptor(
            RULE, () -> SELF, peer -> new RoleCheck.Stranger(), TIME, (method, code) -> {});
    return PeerServer.start(
        new InetSocketAddress("localhost", 0),
        identity,
        RULE,
        TIME,
        List.of(callers),
        List.of(signer));
  }

  private RemoteEndorser endorser(PeerServer server, String token, PeerId pin) throws Exception {
    Path file = Files.writeString(directory.resolve("token"), token + "\n");
    return new RemoteEndorser("https://localhost:" + server.port(), file.toString(), pin, RULE);
  }

  @Test
  void aProcessWithTheTokenGetsAnIdentityOfTheValidator() throws Exception {
    try (RenewingIdentity identity =
            new RenewingIdentity(Endorser.of(KEY, RULE), Duration.ofHours(1), TIME);
        PeerServer server = signer(identity)) {
      TlsIdentity made =
          TlsIdentity.create(endorser(server, "right", SELF), Instant.now(), Duration.ofHours(24));
      assertThat(RULE.check(made.certificate(), Instant.now()))
          .isEqualTo(new PeerCheck.Endorsed(SELF, made.notAfter()));
    }
  }

  @Test
  void aWrongTokenEndsTheStartAtOnce() throws Exception {
    try (RenewingIdentity identity =
            new RenewingIdentity(Endorser.of(KEY, RULE), Duration.ofHours(1), TIME);
        PeerServer server = signer(identity)) {
      RemoteEndorser endorser = endorser(server, "wrong", SELF);
      assertThatThrownBy(() -> endorser.endorse(Bytes32.ofNumber(1), Instant.now()))
          .hasMessageContaining("endorses nothing");
    }
  }

  @Test
  void aSignerThatIsCalledTooOftenIsAskedAgain() throws Exception {
    TokenSigner busy = new TokenSigner();
    busy.overloads.set(1);
    try (RenewingIdentity identity =
            new RenewingIdentity(Endorser.of(KEY, RULE), Duration.ofHours(1), TIME);
        PeerServer server = signer(identity, busy)) {
      Instant notAfter = Instant.now().plusSeconds(60);
      assertThat(endorser(server, "right", SELF).endorse(Bytes32.ofNumber(1), notAfter).nodeKey())
          .isEqualTo(KEY.publicKey());
    }
  }
}
