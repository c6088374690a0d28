package io.smartnodes.registry;

import io.grpc.stub.StreamObserver;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.link.PeerServer;
import io.smartnodes.link.calls.CallerInterceptor;
import io.smartnodes.link.calls.RoleCheck;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.link.tls.RenewingIdentity;
import io.smartnodes.proto.peer.v1.FindNodeRequest;
import io.smartnodes.proto.peer.v1.FindNodeResponse;
import io.smartnodes.proto.peer.v1.PeerRegistryGrpc;
import io.smartnodes.proto.peer.v1.PingRequest;
import io.smartnodes.proto.peer.v1.PingResponse;
import io.smartnodes.proto.peer.v1.StoreRequest;
import io.smartnodes.proto.peer.v1.StoreResponse;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.dht.DhtRecord;
import io.smartnodes.protocol.peer.Endpoint;
import io.smartnodes.protocol.peer.NodeRecord;
import io.smartnodes.protocol.peer.StoreReceipt;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.PeerStructs;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A second validator over real mutual TLS; it answers pings and takes what is stored. */
final class OtherValidator implements PeerRegistryGrpc.AsyncService, AutoCloseable {
  final BlockingQueue<DhtRecord> stored = new LinkedBlockingQueue<>();
  private final DhtRecord.OfNode own;
  private final RenewingIdentity identity;
  private final PeerServer server;

  OtherValidator() {
    NodeRecord record =
        new NodeRecord(
            PeerId.of(TestKeys.OTHER.publicKey()),
            TestKeys.OTHER_OPERATOR,
            Role.VALIDATOR.bit(),
            List.of(new Endpoint("peer-registry", "localhost", TestKeys.otherPort())),
            List.of(),
            1,
            Instant.now().plus(Duration.ofMinutes(30)).truncatedTo(ChronoUnit.SECONDS));
    own =
        new DhtRecord.OfNode(
            record,
            TestKeys.OTHER.publicKey(),
            TestKeys.RULE.domain().sign(record, TestKeys.OTHER));
    identity =
        new RenewingIdentity(
            Endorser.of(TestKeys.OTHER, TestKeys.RULE),
            Duration.ofHours(1),
            InstantSource.system());
    server =
        PeerServer.start(
            new InetSocketAddress("localhost", TestKeys.otherPort()),
            identity,
            TestKeys.RULE,
            InstantSource.system(),
            List.of(
                new CallerInterceptor(
                    TestKeys.RULE,
                    () -> own.author(),
                    peer -> new RoleCheck.Member(Set.of(Role.VALIDATOR)),
                    InstantSource.system(),
                    (method, code) -> {})),
            // A bindable class would take the place of the service under test.
            List.of(() -> PeerRegistryGrpc.bindService(this)));
  }

  @Override
  public void ping(PingRequest request, StreamObserver<PingResponse> response) {
    response.onNext(PingResponse.newBuilder().setResponder(Records.toProto(own)).build());
    response.onCompleted();
  }

  @Override
  public void findNode(FindNodeRequest request, StreamObserver<FindNodeResponse> response) {
    response.onNext(FindNodeResponse.getDefaultInstance());
    response.onCompleted();
  }

  @Override
  public void store(StoreRequest request, StreamObserver<StoreResponse> response) {
    DhtRecord record = Records.fromProto(request.getRecord(), "record");
    stored.add(record);
    StoreReceipt receipt =
        new StoreReceipt(Fields.bytes32(request.getKey(), "key"), record.hash(), record.expiry());
    Bytes signature = TestKeys.RULE.domain().sign(receipt, TestKeys.OTHER);
    response.onNext(
        StoreResponse.newBuilder()
            .setReceipt(PeerStructs.toProto(receipt))
            .setSignature(Fields.bytes(signature))
            .build());
    response.onCompleted();
  }

  @Override
  public void close() {
    server.close();
    identity.close();
  }
}
