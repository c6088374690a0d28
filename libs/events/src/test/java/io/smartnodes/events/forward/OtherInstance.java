package io.smartnodes.events.forward;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.smartnodes.events.TestNode;
import io.smartnodes.link.PeerServer;
import io.smartnodes.link.calls.CallerInterceptor;
import io.smartnodes.link.calls.Roles;
import io.smartnodes.link.tls.EndorsementRule;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.link.tls.RenewingIdentity;
import io.smartnodes.proto.epoch.v1.BodyChunk;
import io.smartnodes.proto.epoch.v1.EpochsGrpc;
import io.smartnodes.proto.epoch.v1.FetchBodyRequest;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.reputation.v1.GetLeafRequest;
import io.smartnodes.proto.reputation.v1.GetLeafResponse;
import io.smartnodes.proto.reputation.v1.LedgerGrpc;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.wire.Errors;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Another instance of this validator's services: same peer id, another port. */
final class OtherInstance implements AutoCloseable {
  static final int REFUSED = 1;
  static final int HANGING = 2;
  static final int CHUNKS = 200;

  final CompletableFuture<Void> hanging = new CompletableFuture<>();
  final CompletableFuture<Void> cancelled = new CompletableFuture<>();
  final AtomicInteger chunksSent = new AtomicInteger();
  private final RenewingIdentity identity;
  private final PeerServer server;

  OtherInstance(EndorsementRule rule, Roles roles) {
    identity =
        new RenewingIdentity(
            Endorser.of(TestNode.KEY, rule), Duration.ofHours(1), InstantSource.system());
    CallerInterceptor callers =
        new CallerInterceptor(
            rule,
            () -> PeerId.of(TestNode.KEY.publicKey()),
            roles,
            InstantSource.system(),
            (method, code) -> {});
    // No subclass of the generated base: Quarkus would take it for the application's service.
    BindableService ledger = () -> LedgerGrpc.bindService(new FarLedger());
    BindableService epochs = () -> EpochsGrpc.bindService(new FarEpochs());
    server =
        PeerServer.start(
            new InetSocketAddress("localhost", 0),
            identity,
            rule,
            InstantSource.system(),
            List.of(callers),
            List.of(ledger, epochs));
  }

  String address() {
    return "localhost:" + server.port();
  }

  /** Answers with the caller and, as the epoch, with the milliseconds that it has left. */
  private final class FarLedger implements LedgerGrpc.AsyncService {
    @Override
    public void getLeaf(GetLeafRequest request, StreamObserver<GetLeafResponse> observer) {
      if (request.getType() == REFUSED) {
        observer.onError(Errors.status(ErrorCode.ERROR_CODE_NOT_FOUND, "key", "no such leaf"));
        return;
      }
      if (request.getType() == HANGING) {
        Context.current().addListener(context -> cancelled.complete(null), Runnable::run);
        hanging.complete(null);
        return;
      }
      Deadline deadline = Context.current().getDeadline();
      observer.onNext(
          GetLeafResponse.newBuilder()
              .setStateRoot(ByteString.copyFrom(CallerInterceptor.caller().value().toArray()))
              .setEpoch(deadline == null ? 0 : deadline.timeRemaining(TimeUnit.MILLISECONDS))
              .build());
      observer.onCompleted();
    }
  }

  /** Sends as fast as it may. */
  private final class FarEpochs implements EpochsGrpc.AsyncService {
    @Override
    public void fetchBody(FetchBodyRequest request, StreamObserver<BodyChunk> observer) {
      ServerCallStreamObserver<BodyChunk> sink = (ServerCallStreamObserver<BodyChunk>) observer;
      BodyChunk chunk =
          BodyChunk.newBuilder().setData(ByteString.copyFrom(new byte[256 * 1024])).build();
      sink.setOnReadyHandler(() -> {
        while (sink.isReady() && chunksSent.get() < CHUNKS) {
          sink.onNext(chunk);
          if (chunksSent.incrementAndGet() == CHUNKS) {
            sink.onCompleted();
          }
        }
      });
    }
  }

  @Override
  public void close() {
    server.close();
    identity.close();
  }
}
