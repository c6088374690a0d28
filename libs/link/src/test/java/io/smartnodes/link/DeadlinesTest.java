package io.smartnodes.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.link.tls.EndorsementRule;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.link.tls.RenewingIdentity;
import io.smartnodes.proto.reputation.v1.GetHeadRequest;
import io.smartnodes.proto.reputation.v1.GetHeadResponse;
import io.smartnodes.proto.reputation.v1.LedgerGrpc;
import io.smartnodes.protocol.PeerId;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long a call may last: as long as its caller says, and not for ever if he says nothing. */
class DeadlinesTest {
  private static final EndorsementRule RULE = EndorsementRule.of(31337, Address.of(new byte[20]));
  private static final NodeKey KEY = NodeKey.of(Bytes32.ofNumber(21));
  private static final InstantSource TIME = InstantSource.system();
  private static final Duration USUAL = Duration.ofMillis(300);

  /** Answers when the test wants it. */
  private static final class Silent extends LedgerGrpc.LedgerImplBase {
    final BlockingQueue<StreamObserver<GetHeadResponse>> waiting = new LinkedBlockingQueue<>();

    @Override
    public void getHead(GetHeadRequest request, StreamObserver<GetHeadResponse> observer) {
      waiting.add(observer);
    }
  }

  @Test
  void aCallOutlivesTheUsualDeadlineIfItsCallerSaysSoAndOnlyThen() throws Exception {
    Silent ledger = new Silent();
    try (RenewingIdentity identity =
            new RenewingIdentity(Endorser.of(KEY, RULE), Duration.ofHours(1), TIME);
        PeerServer server =
            PeerServer.start(
                new InetSocketAddress("localhost", 0),
                identity,
                RULE,
                TIME,
                List.of(),
                List.of(ledger));
        PeerChannels channels =
            new PeerChannels(
                identity,
                RULE,
                TIME,
                new PeerChannels.Settings(USUAL, 1 << 20, 10, Duration.ofMinutes(1)))) {
      LedgerGrpc.LedgerFutureStub stub =
          LedgerGrpc.newFutureStub(
              channels.to(PeerId.of(KEY.publicKey()), "localhost:" + server.port()));
      ListenableFuture<GetHeadResponse> patient =
          stub.withDeadlineAfter(1, TimeUnit.MINUTES).getHead(GetHeadRequest.getDefaultInstance());
      StreamObserver<GetHeadResponse> held =
          Objects.requireNonNull(ledger.waiting.poll(30, TimeUnit.SECONDS), "no call");

      // Begins later than the patient one and is over: so the usual time has passed for both.
      assertThatThrownBy(
              () -> stub.getHead(GetHeadRequest.getDefaultInstance()).get(30, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));

      assertThat(patient.isDone()).isFalse();
      GetHeadResponse answer = GetHeadResponse.newBuilder().setEpoch(7).build();
      held.onNext(answer);
      held.onCompleted();
      assertThat(patient.get(30, TimeUnit.SECONDS)).isEqualTo(answer);
    }
  }
}
