package io.smartnodes.sdk;

import io.grpc.Status;
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
import io.smartnodes.proto.job.v1.JobEvent;
import io.smartnodes.proto.job.v1.JobRouterGrpc;
import io.smartnodes.proto.job.v1.WatchJobRequest;
import io.smartnodes.proto.peer.v1.ListValidatorsRequest;
import io.smartnodes.proto.peer.v1.ListValidatorsResponse;
import io.smartnodes.proto.peer.v1.PeerRegistryGrpc;
import io.smartnodes.proto.peer.v1.SignedNodeRecord;
import io.smartnodes.proto.peer.v1.ValidatorEntry;
import io.smartnodes.proto.worker.v1.ProcessRequest;
import io.smartnodes.proto.worker.v1.ProcessResponse;
import io.smartnodes.proto.worker.v1.TicketAccepted;
import io.smartnodes.proto.worker.v1.WorkerGrpc;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.peer.Endpoint;
import io.smartnodes.protocol.peer.NodeRecord;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.PeerStructs;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A network of one node, home and worker at once, behind real connections; a test says what the
 * home tells and how the worker answers.
 */
final class SmallNetwork implements AutoCloseable {
  static final Domain DOMAIN = new Domain(31_337, Address.of(new byte[20]));
  static final NodeKey NODE = NodeKey.of(Bytes32.ofNumber(11));
  static final PeerId PEER = PeerId.of(NODE.publicKey());
  static final Address OPERATOR = Address.fromWord(NODE.peerId());

  private static final NodeKey USER = NodeKey.of(Bytes32.ofNumber(12));

  /** The transfers that users have begun, to be answered by the test. */
  final BlockingQueue<Transfer> transfers = new LinkedBlockingQueue<>();

  /** What the worker does with a ticket that it accepted, before it reads anything else. */
  volatile Consumer<Transfer> onAccepted = transfers::add;

  final NetworkClient client;
  private final Home home = new Home();
  private final RenewingIdentity identity;
  private final PeerServer server;

  SmallNetwork(InstantSource time) {
    EndorsementRule rule = new EndorsementRule(DOMAIN);
    this.identity = new RenewingIdentity(Endorser.of(NODE, rule), Duration.ofHours(12), time);
    RoleCheck user = new RoleCheck.Member(Set.of(Role.USER));
    this.server =
        PeerServer.start(
            new InetSocketAddress("localhost", 0),
            identity,
            rule,
            time,
            List.of(
                new CallerInterceptor(rule, () -> PEER, peer -> user, time, (method, code) -> {})),
            List.of(new Registry(), home, new Worker()));
    this.client =
        new NetworkClient(
            DOMAIN,
            new Identity(USER, USER),
            List.of(new Bootstrap(PEER, "localhost:" + server.port())),
            time);
  }

  Endpoint endpoint(String service) {
    return new Endpoint(service, "localhost", server.port());
  }

  /** The home tells its watchers of an event, and keeps it for later ones. */
  void tell(JobEvent.Builder event) {
    home.tell(event);
  }

  /** The home loses its watcher, and tells the next one everything from the beginning. */
  void tellAllAgain() {
    home.lose();
  }

  @Override
  public void close() {
    client.close();
    server.close();
    identity.close();
  }

  /** A call of a user whose ticket was accepted. */
  record Transfer(StreamObserver<ProcessResponse> answers) {
    void answer(ProcessResponse.Builder answer) {
      answers.onNext(answer.build());
    }

    /** As when the connection is lost. */
    void cut() {
      answers.onError(Status.UNAVAILABLE.withDescription("cut").asRuntimeException());
    }
  }

  private static final class Home extends JobRouterGrpc.JobRouterImplBase {
    private final List<JobEvent> told = new ArrayList<>();
    private @Nullable StreamObserver<JobEvent> watcher;

    synchronized void tell(JobEvent.Builder event) {
      JobEvent next = event.setSequence(told.size() + 1).build();
      told.add(next);
      if (watcher != null) {
        watcher.onNext(next);
      }
    }

    synchronized void lose() {
      if (watcher != null) {
        watcher.onError(Status.UNAVAILABLE.withDescription("lost").asRuntimeException());
        watcher = null;
      }
    }

    @Override
    public synchronized void watchJob(WatchJobRequest request, StreamObserver<JobEvent> observer) {
      told.forEach(observer::onNext);
      watcher = observer;
    }
  }

  private final class Registry extends PeerRegistryGrpc.PeerRegistryImplBase {
    @Override
    public void listValidators(
        ListValidatorsRequest request, StreamObserver<ListValidatorsResponse> observer) {
      NodeRecord record =
          new NodeRecord(
              PEER,
              OPERATOR,
              Role.VALIDATOR.bit(),
              List.of(endpoint(NetworkClient.REGISTRY), endpoint(NetworkClient.ROUTER)),
              List.of(),
              1,
              client.time().instant());
      observer.onNext(
          ListValidatorsResponse.newBuilder()
              .addValidators(
                  ValidatorEntry.newBuilder()
                      .setOperator(Fields.bytes(OPERATOR))
                      .setPeerId(Fields.bytes(PEER))
                      .setNode(
                          SignedNodeRecord.newBuilder().setRecord(PeerStructs.toProto(record))))
              .build());
      observer.onCompleted();
    }
  }

  private final class Worker extends WorkerGrpc.WorkerImplBase {
    @Override
    public StreamObserver<ProcessRequest> process(StreamObserver<ProcessResponse> answers) {
      Transfer transfer = new Transfer(answers);
      return new StreamObserver<>() {
        @Override
        public void onNext(ProcessRequest request) {
          if (request.hasTicket()) {
            transfer.answer(
                ProcessResponse.newBuilder().setAccepted(TicketAccepted.getDefaultInstance()));
            onAccepted.accept(transfer);
          }
        }

        @Override
        public void onError(Throwable lost) {}

        @Override
        public void onCompleted() {}
      };
    }
  }
}
