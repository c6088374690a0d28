package io.smartnodes.link.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.link.PeerChannels;
import io.smartnodes.link.PeerServer;
import io.smartnodes.link.tls.EndorsementRule;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.link.tls.RenewingIdentity;
import io.smartnodes.proto.peer.v1.PeerRegistryGrpc;
import io.smartnodes.proto.peer.v1.RegisterRequest;
import io.smartnodes.proto.peer.v1.RegisterResponse;
import io.smartnodes.proto.signer.v1.EndorseRequest;
import io.smartnodes.proto.signer.v1.EndorseResponse;
import io.smartnodes.proto.signer.v1.SignerGrpc;
import io.smartnodes.protocol.PeerId;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StrangerLimitsTest {
  private static final EndorsementRule RULE = EndorsementRule.of(31337, Address.of(new byte[20]));
  private static final NodeKey SERVER = NodeKey.of(Bytes32.ofNumber(31));
  private static final PeerId SELF = PeerId.of(SERVER.publicKey());
  private static final InstantSource TIME = InstantSource.system();
  private static final int PER_MINUTE = 5;

  private final List<AutoCloseable> opened = new ArrayList<>();

  private static final class Registry extends PeerRegistryGrpc.PeerRegistryImplBase {
    @Override
    public void register(RegisterRequest request, StreamObserver<RegisterResponse> observer) {
      observer.onNext(RegisterResponse.getDefaultInstance());
      observer.onCompleted();
    }
  }

  private static final class Signer extends SignerGrpc.SignerImplBase {
    @Override
    public void endorse(EndorseRequest request, StreamObserver<EndorseResponse> observer) {
      observer.onNext(EndorseResponse.getDefaultInstance());
      observer.onCompleted();
    }
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

  private RenewingIdentity identity(NodeKey key) {
    return opened(new RenewingIdentity(Endorser.of(key, RULE), Duration.ofHours(1), TIME));
  }

  /** Strangers together: one call, and another one second later. */
  private PeerServer server() {
    Roles strangers = peer -> new RoleCheck.Stranger();
    RefusedCalls unheard = (method, code) -> {};
    return opened(
        PeerServer.start(
            new InetSocketAddress("localhost", 0),
            identity(SERVER),
            RULE,
            TIME,
            List.of(
                new CallerInterceptor(RULE, () -> SELF, strangers, TIME, unheard),
                new StrangerLimits(
                    new StrangerLimits.Limits(PER_MINUTE, 1), () -> SELF, strangers, unheard)),
            List.of(new Registry(), new Signer())));
  }

  private Channel channel(long key, PeerServer server) {
    PeerChannels channels =
        opened(
            new PeerChannels(
                identity(NodeKey.of(Bytes32.ofNumber(key))),
                RULE,
                TIME,
                PeerChannels.Settings.DEFAULT));
    return channels.to(SELF, "localhost:" + server.port());
  }

  private static Status.Code register(Channel channel) {
    try {
      RegisterResponse ignored =
          PeerRegistryGrpc.newBlockingStub(channel).register(RegisterRequest.getDefaultInstance());
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  private static Status.Code endorse(Channel channel) {
    try {
      EndorseResponse ignored =
          SignerGrpc.newBlockingStub(channel).endorse(EndorseRequest.getDefaultInstance());
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  @Test
  void whoComesWithATokenIsNotKeptOutByWhatStrangersUsedUp() {
    PeerServer server = server();
    Channel ours = channel(41, server);
    assertThat(endorse(ours)).isEqualTo(Status.Code.OK);
    Channel stranger = channel(42, server);
    Status.Code last = register(stranger);
    for (int more = 1; last == Status.Code.OK && more < PER_MINUTE; more++) {
      last = register(stranger);
    }
    assertThat(last).as("strangers together").isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(endorse(ours)).isEqualTo(Status.Code.OK);
  }

  @Test
  void oneStrangerTriesNoMoreTokensThanItMayMakeCalls() {
    Channel stranger = channel(43, server());
    for (int call = 0; call < PER_MINUTE; call++) {
      assertThat(endorse(stranger)).isEqualTo(Status.Code.OK);
    }
    assertThat(endorse(stranger)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }
}
