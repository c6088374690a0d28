package io.smartnodes.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.link.PeerChannels;
import io.smartnodes.link.calls.RoleCheck;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.link.tls.RenewingIdentity;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.reputation.v1.DeriveRequest;
import io.smartnodes.proto.reputation.v1.GetHeadRequest;
import io.smartnodes.proto.reputation.v1.GetLeafRequest;
import io.smartnodes.proto.reputation.v1.GetLeafResponse;
import io.smartnodes.proto.reputation.v1.LedgerGrpc;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.quarkus.CallCounters;
import io.smartnodes.quarkus.NodeIdentity;
import io.smartnodes.quarkus.RoleDirectory;
import io.smartnodes.quarkus.SelfChannel;
import io.smartnodes.wire.Errors;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestNode.class)
class PeerCallsTest {
  private static final NodeKey USER = NodeKey.of(Bytes32.ofNumber(31));
  private static final NodeKey STRANGER = NodeKey.of(Bytes32.ofNumber(32));

  @Inject SelfChannel siblings;
  @Inject NodeIdentity identity;
  @Inject RoleDirectory roles;
  @Inject MeterRegistry meters;

  @Test
  void aSiblingCallsOverLoopbackAsSelf() {
    LedgerGrpc.LedgerBlockingStub ledger =
        LedgerGrpc.newBlockingStub(siblings.to("reputation-ledger"));
    assertThat(ledger.getHead(GetHeadRequest.getDefaultInstance()).getStateRoot().toByteArray())
        .isEqualTo(TestNode.KEY.peerId().toArray());
    assertThat(ledger.derive(DeriveRequest.getDefaultInstance())).isNotNull();
    GetLeafResponse leaf = ledger.getLeaf(GetLeafRequest.getDefaultInstance());
    assertThat(leaf.getEpoch()).as("ran on a virtual thread").isEqualTo(1);
    assertThat(leaf.getStateRoot().toByteArray()).isEqualTo(TestNode.KEY.peerId().toArray());
  }

  @Test
  void anotherPeerMayCallWhatItsRoleOpens() {
    roles.put(PeerId.of(USER.publicKey()), new RoleCheck.Member(Set.of(Role.USER)));
    try (Client user = new Client(USER)) {
      assertThat(
              user.ledger()
                  .getHead(GetHeadRequest.getDefaultInstance())
                  .getStateRoot()
                  .toByteArray())
          .isEqualTo(USER.peerId().toArray());
      assertThat(refusal(() -> user.ledger().derive(DeriveRequest.getDefaultInstance())))
          .isEqualTo(ErrorCode.ERROR_CODE_NOT_ALLOWED);
    }
  }

  @Test
  void aStrangerIsRefusedAndCounted() {
    try (Client stranger = new Client(STRANGER)) {
      assertThat(refusal(() -> stranger.ledger().getHead(GetHeadRequest.getDefaultInstance())))
          .isEqualTo(ErrorCode.ERROR_CODE_STRANGER);
    }
    assertThat(
            meters
                .get(CallCounters.REFUSED)
                .tag("method", "smartnodes.reputation.v1.Ledger/GetHead")
                .tag("code", "ERROR_CODE_STRANGER")
                .counter()
                .count())
        .isEqualTo(1);
  }

  private final class Client implements AutoCloseable {
    private final RenewingIdentity tls;
    private final PeerChannels channels;

    Client(NodeKey key) {
      tls =
          new RenewingIdentity(
              Endorser.of(key, identity.rule()), Duration.ofHours(1), InstantSource.system());
      channels =
          new PeerChannels(
              tls, identity.rule(), InstantSource.system(), PeerChannels.Settings.DEFAULT);
    }

    LedgerGrpc.LedgerBlockingStub ledger() {
      return LedgerGrpc.newBlockingStub(
          channels.to(identity.peerId(), siblings.address("reputation-ledger")));
    }

    @Override
    public void close() {
      channels.close();
      tls.close();
    }
  }

  private static ErrorCode refusal(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException e) {
      return Errors.read(e).orElseThrow(() -> e).code();
    }
    throw new AssertionError("the call was not refused");
  }
}
