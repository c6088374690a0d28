package io.smartnodes.events.forward;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.events.TestNode;
import io.smartnodes.link.PeerChannels;
import io.smartnodes.link.calls.RoleCheck;
import io.smartnodes.link.calls.Roles;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.link.tls.RenewingIdentity;
import io.smartnodes.proto.epoch.v1.BodyChunk;
import io.smartnodes.proto.epoch.v1.EpochsGrpc;
import io.smartnodes.proto.epoch.v1.FetchBodyRequest;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.reputation.v1.GetHeadRequest;
import io.smartnodes.proto.reputation.v1.GetLeafRequest;
import io.smartnodes.proto.reputation.v1.GetLeafResponse;
import io.smartnodes.proto.reputation.v1.LedgerGrpc;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.quarkus.NodeIdentity;
import io.smartnodes.quarkus.RoleDirectory;
import io.smartnodes.quarkus.SelfChannel;
import io.smartnodes.wire.Errors;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestNode.class)
class ForwardingTest {
  private static final long PATIENCE_SECONDS = 300;
  private static final NodeKey USER = NodeKey.of(Bytes32.ofNumber(51));
  private static final NodeKey STRANGER = NodeKey.of(Bytes32.ofNumber(52));
  private static final ByteString FAR = ByteString.copyFromUtf8("far");

  @Inject SelfChannel siblings;
  @Inject NodeIdentity identity;
  @Inject RoleDirectory roles;
  @Inject Roles rolesOfCalls;
  @Inject TestOwner owner;

  private OtherInstance other;

  @BeforeEach
  void anotherInstanceOwnsWhatIsFar() {
    other = new OtherInstance(identity.rule(), rolesOfCalls);
    owner.addresses.put(FAR, other.address());
    roles.put(PeerId.of(USER.publicKey()), new RoleCheck.Member(Set.of(Role.USER)));
  }

  @AfterEach
  void end() {
    owner.addresses.clear();
    other.close();
  }

  @Test
  void theOwnerAnswersTheOriginalCallerInTheTimeThatIsLeft() {
    try (Client user = new Client(USER)) {
      GetLeafResponse answer =
          LedgerGrpc.newBlockingStub(user.channel())
              .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .getLeaf(leaf(0));
      assertThat(answer.getStateRoot().toByteArray()).isEqualTo(USER.peerId().toArray());
      assertThat(answer.getEpoch()).isBetween(1L, PATIENCE_SECONDS * 1_000);
      GetLeafResponse near =
          LedgerGrpc.newBlockingStub(user.channel()).getLeaf(GetLeafRequest.getDefaultInstance());
      assertThat(near.getEpoch()).as("answered here, on a virtual thread").isEqualTo(1);
    }
    GetLeafResponse toSibling =
        LedgerGrpc.newBlockingStub(siblings.to("reputation-ledger")).getLeaf(leaf(0));
    assertThat(toSibling.getStateRoot().toByteArray()).isEqualTo(TestNode.KEY.peerId().toArray());
  }

  @Test
  void aRefusalOfTheOwnerKeepsItsDetails() {
    try (Client user = new Client(USER)) {
      LedgerGrpc.LedgerBlockingStub ledger = LedgerGrpc.newBlockingStub(user.channel());
      StatusRuntimeException refusal = failure(() -> ledger.getLeaf(leaf(OtherInstance.REFUSED)));
      Errors.Refusal read = Errors.read(refusal).orElseThrow(() -> refusal);
      assertThat(read.code()).isEqualTo(ErrorCode.ERROR_CODE_NOT_FOUND);
      assertThat(read.field()).isEqualTo("key");
      other.close();
      assertThat(failure(() -> ledger.getLeaf(leaf(0))).getStatus().getCode())
          .isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  @Test
  void aCancelledCallEndsAtTheOwner() throws Exception {
    try (Client user = new Client(USER)) {
      ListenableFuture<GetLeafResponse> hanging =
          LedgerGrpc.newFutureStub(user.channel())
              .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .getLeaf(leaf(OtherInstance.HANGING));
      other.hanging.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      hanging.cancel(true);
      other.cancelled.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Test
  void aStreamArrivesWholeAndNoFasterThanItIsRead() {
    try (Client user = new Client(USER)) {
      Iterator<BodyChunk> chunks =
          EpochsGrpc.newBlockingStub(user.channel())
              .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .fetchBody(FetchBodyRequest.newBuilder().setDigest(FAR).build());
      int read = 0;
      while (chunks.hasNext()) {
        assertThat(chunks.next().getData().size()).isEqualTo(256 * 1024);
        read++;
        assertThat(other.chunksSent.get() - read).as("chunks under way").isLessThan(60);
      }
      assertThat(read).isEqualTo(OtherInstance.CHUNKS);
      assertThat(
              EpochsGrpc.newBlockingStub(user.channel())
                  .fetchBody(FetchBodyRequest.getDefaultInstance()))
          .toIterable()
          .hasSize(2);
    }
  }

  @Test
  void aStreamEndsWhenItsReaderHasGone() throws Exception {
    try (Client user = new Client(USER)) {
      Iterator<BodyChunk> chunks =
          EpochsGrpc.newBlockingStub(user.channel())
              .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .fetchBody(FetchBodyRequest.newBuilder().setDigest(NearEpochs.ENDLESS).build());
      assertThat(chunks.next().getData()).isEqualTo(NearEpochs.DATA);
      assertThat(NearEpochs.GIVEN_UP).isNotDone();
    }
    NearEpochs.GIVEN_UP.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void whatWasPassedOnIsNotPassedOnAgain() {
    LedgerGrpc.LedgerBlockingStub passedOn =
        LedgerGrpc.newBlockingStub(siblings.to("reputation-ledger"))
            .withInterceptors(naming(USER.peerId().toString()));
    assertThat(failure(() -> passedOn.getLeaf(leaf(0))).getStatus().getCode())
        .isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(passedOn.getHead(GetHeadRequest.getDefaultInstance()).getStateRoot().toByteArray())
        .isEqualTo(USER.peerId().toArray());
  }

  @Test
  void theRuleHoldsForTheOriginalCallerAtTheOwnerToo() {
    LedgerGrpc.LedgerBlockingStub passedOn =
        LedgerGrpc.newBlockingStub(siblings.to("reputation-ledger"))
            .withInterceptors(naming(STRANGER.peerId().toString()));
    assertThat(code(failure(() -> passedOn.getHead(GetHeadRequest.getDefaultInstance()))))
        .isEqualTo(ErrorCode.ERROR_CODE_STRANGER);
    LedgerGrpc.LedgerBlockingStub broken =
        LedgerGrpc.newBlockingStub(siblings.to("reputation-ledger"))
            .withInterceptors(naming("nobody"));
    assertThat(code(failure(() -> broken.getHead(GetHeadRequest.getDefaultInstance()))))
        .isEqualTo(ErrorCode.ERROR_CODE_UNAUTHENTICATED);
  }

  @Test
  void aStrangerThatNamesAnotherCallerStaysAStranger() {
    for (PeerId claimed :
        Set.of(PeerId.of(TestNode.KEY.publicKey()), PeerId.of(USER.publicKey()))) {
      try (Client stranger = new Client(STRANGER)) {
        LedgerGrpc.LedgerBlockingStub ledger =
            LedgerGrpc.newBlockingStub(stranger.channel())
                .withInterceptors(naming(claimed.toString()));
        assertThat(code(failure(() -> ledger.getHead(GetHeadRequest.getDefaultInstance()))))
            .isEqualTo(ErrorCode.ERROR_CODE_STRANGER);
      }
    }
  }

  @Test
  void aUserThatNamesAnotherCallerIsPassedOnAsItself() {
    try (Client user = new Client(USER)) {
      GetLeafResponse answer =
          LedgerGrpc.newBlockingStub(user.channel())
              .withInterceptors(naming(TestNode.KEY.peerId().toString()))
              .getLeaf(leaf(0));
      assertThat(answer.getStateRoot().toByteArray()).isEqualTo(USER.peerId().toArray());
    }
  }

  private static GetLeafRequest leaf(int type) {
    return GetLeafRequest.newBuilder().setKey(FAR).setType(type).build();
  }

  private static ClientInterceptor naming(String caller) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("smartnodes-caller", Metadata.ASCII_STRING_MARSHALLER), caller);
    headers.put(Metadata.Key.of("smartnodes-hop", Metadata.ASCII_STRING_MARSHALLER), "1");
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  private static ErrorCode code(StatusRuntimeException failure) {
    return Errors.read(failure).orElseThrow(() -> failure).code();
  }

  private static StatusRuntimeException failure(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException e) {
      return e;
    }
    throw new AssertionError("the call did not fail");
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

    ManagedChannel channel() {
      return channels.to(identity.peerId(), siblings.address("reputation-ledger"));
    }

    @Override
    public void close() {
      channels.close();
      tls.close();
    }
  }
}
