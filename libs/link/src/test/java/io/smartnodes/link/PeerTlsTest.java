package io.smartnodes.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.link.calls.CallerInterceptor;
import io.smartnodes.link.calls.RoleCheck;
import io.smartnodes.link.calls.StrangerLimits;
import io.smartnodes.link.tls.EndorsementRule;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.link.tls.PeerCheck;
import io.smartnodes.link.tls.PeerTrustManager;
import io.smartnodes.link.tls.RenewingIdentity;
import io.smartnodes.link.tls.SignedEndorsement;
import io.smartnodes.link.tls.TlsIdentity;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.reputation.v1.DeriveRequest;
import io.smartnodes.proto.reputation.v1.GetHeadRequest;
import io.smartnodes.proto.reputation.v1.GetHeadResponse;
import io.smartnodes.proto.reputation.v1.LedgerGrpc;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.wire.Errors;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerTlsTest {
  private static final EndorsementRule RULE = EndorsementRule.of(31337, Address.of(new byte[20]));
  private static final EndorsementRule FOREIGN_CHAIN =
      EndorsementRule.of(1, Address.of(new byte[20]));
  private static final NodeKey SERVER = NodeKey.of(Bytes32.ofNumber(11));
  private static final NodeKey CLIENT = NodeKey.of(Bytes32.ofNumber(12));
  private static final Duration DAY = Duration.ofHours(24);

  /** The clock of everybody, which tests move. */
  private volatile Instant now = Instant.parse("2026-11-22T12:00:00Z");

  private final InstantSource time = () -> now;
  private final Map<PeerId, RoleCheck> roles = new HashMap<>();
  private final List<ErrorCode> refused = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final PeerServer server = server();

  /** Answers with the caller's peer id in the place of the state root. */
  private static final class CallerTeller extends LedgerGrpc.LedgerImplBase {
    @Override
    public void getHead(GetHeadRequest request, StreamObserver<GetHeadResponse> observer) {
      PeerId caller = CallerInterceptor.caller();
      observer.onNext(
          GetHeadResponse.newBuilder()
              .setStateRoot(com.google.protobuf.ByteString.copyFrom(caller.value().toArray()))
              .build());
      observer.onCompleted();
    }
  }

  private PeerServer server() {
    PeerId self = PeerId.of(SERVER.publicKey());
    CallerInterceptor callers =
        new CallerInterceptor(
            RULE, () -> self, this::role, time, (method, code) -> refused.add(code));
    StrangerLimits limits =
        new StrangerLimits(
            new StrangerLimits.Limits(3, 100),
            () -> self,
            this::role,
            (method, code) -> refused.add(code));
    return opened(
        PeerServer.start(
            new InetSocketAddress("localhost", 0),
            identity(SERVER, RULE, DAY),
            RULE,
            time,
            List.of(callers, limits),
            List.of(new CallerTeller())));
  }

  private RoleCheck role(PeerId peer) {
    return roles.getOrDefault(peer, new RoleCheck.Stranger());
  }

  private <T extends AutoCloseable> T opened(T part) {
    opened.add(part);
    return part;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable part : opened.reversed()) {
      part.close();
    }
  }

  private RenewingIdentity identity(NodeKey key, EndorsementRule rule, Duration lifetime) {
    return opened(new RenewingIdentity(Endorser.of(key, rule), lifetime, time));
  }

  private LedgerGrpc.LedgerBlockingStub ledger(RenewingIdentity identity, NodeKey pin) {
    PeerChannels channels =
        opened(new PeerChannels(identity, RULE, time, PeerChannels.Settings.DEFAULT));
    return LedgerGrpc.newBlockingStub(
        channels.to(PeerId.of(pin.publicKey()), "localhost:" + server.port()));
  }

  private void clientIs(Role role) {
    roles.put(PeerId.of(CLIENT.publicKey()), new RoleCheck.Member(Set.of(role)));
  }

  @Test
  void twoPeersThatEndorseTheirTlsKeysKnowEachOther() {
    clientIs(Role.USER);
    GetHeadResponse head =
        ledger(identity(CLIENT, RULE, DAY), SERVER).getHead(GetHeadRequest.getDefaultInstance());
    assertThat(head.getStateRoot().toByteArray()).isEqualTo(CLIENT.peerId().toArray());
  }

  @Test
  void aServerThatIsNotThePinnedPeerIsLeft() {
    clientIs(Role.USER);
    assertCannotConnect(ledger(identity(CLIENT, RULE, DAY), NodeKey.of(Bytes32.ofNumber(13))));
  }

  @Test
  void anEndorsementForAnotherChainIsRefused() {
    clientIs(Role.USER);
    assertCannotConnect(ledger(identity(CLIENT, FOREIGN_CHAIN, DAY), SERVER));
  }

  @Test
  void anEndorsementThatHasEndedIsRefused() {
    clientIs(Role.USER);
    RenewingIdentity shortLived = identity(CLIENT, RULE, Duration.ofHours(1));
    now = now.plus(Duration.ofHours(2));
    assertCannotConnect(ledger(shortLived, SERVER));
  }

  @Test
  void aConnectionEndsWithTheEndorsementThatOpenedIt() {
    clientIs(Role.USER);
    LedgerGrpc.LedgerBlockingStub ledger =
        ledger(identity(CLIENT, RULE, Duration.ofHours(1)), SERVER);
    assertThat(ledger.getHead(GetHeadRequest.getDefaultInstance())).isNotNull();
    now = now.plus(Duration.ofHours(2));
    assertThat(refusal(() -> ledger.getHead(GetHeadRequest.getDefaultInstance())))
        .isEqualTo(ErrorCode.ERROR_CODE_UNAUTHENTICATED);
  }

  @Test
  void aClientWithoutACertificateIsRefused() throws Exception {
    ManagedChannel anonymous =
        NettyChannelBuilder.forTarget("dns:///localhost:" + server.port())
            .sslContext(
                GrpcSslContexts.configure(
                        SslContextBuilder.forClient()
                            .trustManager(new PeerTrustManager(RULE, Optional.empty(), time)),
                        SslProvider.JDK)
                    .build())
            .build();
    opened(anonymous::shutdownNow);
    assertCannotConnect(LedgerGrpc.newBlockingStub(anonymous));
  }

  @Test
  void anEndorsementLongerThanADayIsRefused() {
    TlsIdentity tooLong = TlsIdentity.create(Endorser.of(CLIENT, RULE), now, Duration.ofHours(25));
    assertThat(RULE.check(tooLong.certificate(), now))
        .isEqualTo(new PeerCheck.Refused("the endorsement lasts longer than 24 hours"));
  }

  @Test
  void anEndorsementOfAnotherTlsKeyIsRefused() {
    SignedEndorsement stolen =
        Endorser.of(SERVER, RULE).endorse(Bytes32.ofNumber(5), now.plus(DAY));
    TlsIdentity thief = TlsIdentity.create((hash, notAfter) -> stolen, now, DAY);
    assertThat(RULE.check(thief.certificate(), now)).isInstanceOf(PeerCheck.Refused.class);
  }

  @Test
  void anIdentityIsRenewedUnderWayAndNewConnectionsShowIt() {
    clientIs(Role.USER);
    RenewingIdentity identity = identity(CLIENT, RULE, DAY);
    TlsIdentity first = identity.current();
    now = now.plus(Duration.ofHours(17));
    // Both sides are due: the server's own identity is renewed by its thread, a minute later.
    identity.renewNow();
    assertThat(identity.current().notAfter()).isAfter(first.notAfter());
    assertThat(ledger(identity, SERVER).getHead(GetHeadRequest.getDefaultInstance())).isNotNull();
  }

  @Test
  void aRoleOpensOnlyItsMethodsAndARefusalIsCounted() {
    clientIs(Role.USER);
    LedgerGrpc.LedgerBlockingStub ledger = ledger(identity(CLIENT, RULE, DAY), SERVER);
    assertThat(refusal(() -> ledger.derive(DeriveRequest.getDefaultInstance())))
        .isEqualTo(ErrorCode.ERROR_CODE_NOT_ALLOWED);
    assertThat(refused).containsExactly(ErrorCode.ERROR_CODE_NOT_ALLOWED);
  }

  @Test
  void ourOwnKeyIsSelf() {
    LedgerGrpc.LedgerBlockingStub ledger = ledger(identity(SERVER, RULE, DAY), SERVER);
    // Admitted: the method is declared for SELF, and this server has not implemented it.
    assertThatThrownBy(() -> ledger.derive(DeriveRequest.getDefaultInstance()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
  }

  @Test
  void aStrangerIsRefusedByRole() {
    LedgerGrpc.LedgerBlockingStub ledger = ledger(identity(CLIENT, RULE, DAY), SERVER);
    assertThat(refusal(() -> ledger.getHead(GetHeadRequest.getDefaultInstance())))
        .isEqualTo(ErrorCode.ERROR_CODE_STRANGER);
  }

  private static ErrorCode refusal(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException e) {
      return Errors.read(e).orElseThrow().code();
    }
    throw new AssertionError("the call was not refused");
  }

  private static void assertCannotConnect(LedgerGrpc.LedgerBlockingStub ledger) {
    assertThatThrownBy(() -> ledger.getHead(GetHeadRequest.getDefaultInstance()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
  }
}
