package io.smartnodes.worker;

import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.link.PeerServer;
import io.smartnodes.link.calls.CallerInterceptor;
import io.smartnodes.link.calls.RoleCheck;
import io.smartnodes.link.tls.EndorsementRule;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.link.tls.RenewingIdentity;
import io.smartnodes.proto.job.v1.AcknowledgeRequest;
import io.smartnodes.proto.job.v1.AcknowledgeResponse;
import io.smartnodes.proto.job.v1.CommitReceiptRequest;
import io.smartnodes.proto.job.v1.CommitReceiptResponse;
import io.smartnodes.proto.job.v1.JobRouterGrpc;
import io.smartnodes.proto.peer.v1.ListValidatorsRequest;
import io.smartnodes.proto.peer.v1.ListValidatorsResponse;
import io.smartnodes.proto.peer.v1.PeerRegistryGrpc;
import io.smartnodes.proto.peer.v1.SignedNodeRecord;
import io.smartnodes.proto.peer.v1.ValidatorEntry;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.job.Ack;
import io.smartnodes.protocol.peer.Endpoint;
import io.smartnodes.protocol.peer.NodeRecord;
import io.smartnodes.sdk.Bootstrap;
import io.smartnodes.sdk.Identity;
import io.smartnodes.sdk.NetworkClient;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.PeerStructs;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A validator, a worker and a user behind real connections. The validator is home and only witness;
 * it acknowledges every receipt.
 */
final class SmallNetwork implements AutoCloseable {
  static final NodeKey VALIDATOR = NodeKey.of(Bytes32.ofNumber(11));
  static final NodeKey WORKER = NodeKey.of(Bytes32.ofNumber(12));
  static final NodeKey USER = NodeKey.of(Bytes32.ofNumber(13));

  private static final Domain DOMAIN = new Domain(31_337, Address.of(new byte[20]));
  private static final EndorsementRule RULE = new EndorsementRule(DOMAIN);

  private final InstantSource time;
  private final List<Runnable> opened = new ArrayList<>();
  private final PeerServer validator;

  SmallNetwork(InstantSource time) {
    this.time = time;
    this.validator = serve(VALIDATOR, List.of(new Registry(), new Router()));
  }

  PeerServer serve(NodeKey key, List<BindableService> services) {
    RenewingIdentity identity =
        new RenewingIdentity(Endorser.of(key, RULE), Duration.ofHours(12), time);
    opened.add(identity::close);
    RoleCheck any = new RoleCheck.Member(Set.of(Role.USER, Role.WORKER));
    CallerInterceptor callers =
        new CallerInterceptor(
            RULE, () -> PeerId.of(key.publicKey()), peer -> any, time, (method, code) -> {});
    PeerServer server =
        PeerServer.start(
            new InetSocketAddress("localhost", 0),
            identity,
            RULE,
            time,
            List.of(callers),
            services);
    opened.add(server::close);
    return server;
  }

  NetworkClient client(NodeKey key) {
    Bootstrap bootstrap =
        new Bootstrap(PeerId.of(VALIDATOR.publicKey()), "localhost:" + validator.port());
    NetworkClient client =
        new NetworkClient(DOMAIN, new Identity(key, key), List.of(bootstrap), time);
    opened.add(client::close);
    return client;
  }

  @Override
  public void close() {
    opened.reversed().forEach(Runnable::run);
  }

  private final class Registry extends PeerRegistryGrpc.PeerRegistryImplBase {
    @Override
    public void listValidators(
        ListValidatorsRequest request, StreamObserver<ListValidatorsResponse> observer) {
      PeerId peer = PeerId.of(VALIDATOR.publicKey());
      NodeRecord record =
          new NodeRecord(
              peer,
              Address.fromWord(VALIDATOR.peerId()),
              Role.VALIDATOR.bit(),
              List.of(new Endpoint(NetworkClient.ROUTER, "localhost", validator.port())),
              List.of(),
              1,
              time.instant());
      observer.onNext(
          ListValidatorsResponse.newBuilder()
              .addValidators(
                  ValidatorEntry.newBuilder()
                      .setOperator(Fields.bytes(record.account()))
                      .setPeerId(Fields.bytes(peer))
                      .setNode(
                          SignedNodeRecord.newBuilder().setRecord(PeerStructs.toProto(record))))
              .build());
      observer.onCompleted();
    }
  }

  private static final class Router extends JobRouterGrpc.JobRouterImplBase {
    @Override
    public void acknowledge(
        AcknowledgeRequest request, StreamObserver<AcknowledgeResponse> observer) {
      SignedReceipt receipt = BodyStructs.fromProto(request.getReceipt(), "receipt");
      Ack ack =
          new Ack(
              receipt.receipt().jobId(), receipt.receipt().lease(), receipt.receipt().hashStruct());
      AcknowledgeResponse.Builder answer = AcknowledgeResponse.newBuilder();
      if (!request.getJudgeOnly()) {
        answer.setSignature(Fields.bytes(DOMAIN.sign(ack, VALIDATOR)));
      }
      observer.onNext(answer.build());
      observer.onCompleted();
    }

    @Override
    public void commitReceipt(
        CommitReceiptRequest request, StreamObserver<CommitReceiptResponse> observer) {
      observer.onNext(CommitReceiptResponse.getDefaultInstance());
      observer.onCompleted();
    }
  }
}
