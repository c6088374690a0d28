package io.smartnodes.registry;

import io.grpc.StatusRuntimeException;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.link.PeerChannels;
import io.smartnodes.proto.peer.v1.FindNodeRequest;
import io.smartnodes.proto.peer.v1.FindValueRequest;
import io.smartnodes.proto.peer.v1.FindValueResponse;
import io.smartnodes.proto.peer.v1.PeerRegistryGrpc;
import io.smartnodes.proto.peer.v1.PingRequest;
import io.smartnodes.proto.peer.v1.PingResponse;
import io.smartnodes.proto.peer.v1.SignedNodeRecord;
import io.smartnodes.proto.peer.v1.StoreRequest;
import io.smartnodes.proto.peer.v1.StoreResponse;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.dht.DhtRecord;
import io.smartnodes.protocol.dht.KBucket;
import io.smartnodes.protocol.dht.RecordValidator;
import io.smartnodes.protocol.peer.Endpoint;
import io.smartnodes.protocol.peer.StoreReceipt;
import io.smartnodes.quarkus.NodeIdentity;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.Malformed;
import io.smartnodes.wire.PeerStructs;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Calls the registries of other validators and believes only what is signed. Every method waits: it
 * is for virtual threads. A peer that does not answer leaves the routing table, one that does is in
 * it; an empty result says that there was no usable answer.
 */
@Singleton
public class PeerCaller {
  private static final Logger LOG = Logger.getLogger(PeerCaller.class);
  private static final String SERVICE = "peer-registry";

  private final PeerChannels channels;
  private final Contacts contacts;
  private final RegistryConfig config;
  private final NodeIdentity identity;
  private final RecordValidator validator;
  private final InstantSource time = InstantSource.system();

  /** Called by the container. */
  public PeerCaller(
      PeerChannels channels,
      Contacts contacts,
      RegistryConfig config,
      NodeIdentity identity,
      Members members) {
    this.channels = channels;
    this.contacts = contacts;
    this.config = config;
    this.identity = identity;
    this.validator = new RecordValidator(identity.domain(), members);
  }

  /** What a peer answered to the question for a value. */
  record Answer(Optional<DhtRecord> record, List<DhtRecord.OfNode> closer) {}

  /** Where the registry of a server listens, {@code host:port}. */
  static Optional<String> address(DhtRecord.OfNode node) {
    return node.record().endpoints().stream()
        .filter(endpoint -> endpoint.service().equals(SERVICE))
        .map((Endpoint endpoint) -> endpoint.host() + ":" + endpoint.port())
        .findFirst();
  }

  /** Judges a record. */
  RecordValidator.Check check(DhtRecord record, Bytes32 key) {
    int bytes = Records.toProto(record).getSerializedSize();
    return validator.check(record, key, bytes, time.instant());
  }

  /** Whether a node may serve the DHT: its record is valid and says where it listens. */
  boolean isServer(DhtRecord.OfNode node) {
    return check(node, node.author().value()) instanceof RecordValidator.Check.Valid
        && Role.of(node.record().roles()).contains(Role.VALIDATOR)
        && address(node).isPresent();
  }

  /** Asks whether the peer lives; its record, if it has signed one. */
  Optional<DhtRecord.OfNode> ping(PeerId peer, String address) {
    PingRequest.Builder request = PingRequest.newBuilder();
    contacts.own().ifPresent(own -> request.setSender(Records.toProto(own)));
    try {
      PingResponse response = stub(peer, address).ping(request.build());
      if (!response.hasResponder()) {
        return Optional.empty();
      }
      DhtRecord.OfNode record = Records.fromProto(response.getResponder(), "responder");
      if (!record.author().equals(peer) || !isServer(record)) {
        LOG.infof("%s at %s shows no valid record", peer, address);
        return Optional.empty();
      }
      return Optional.of(record);
    } catch (StatusRuntimeException | Malformed e) {
      LOG.debugf("%s at %s does not answer: %s", peer, address, e.getMessage());
      contacts.failed(peer);
      return Optional.empty();
    }
  }

  /** The nodes that a peer knows closest to a target. */
  Optional<Answer> findNode(DhtRecord.OfNode peer, Bytes32 target) {
    FindNodeRequest.Builder request = FindNodeRequest.newBuilder().setTarget(Fields.bytes(target));
    contacts.own().ifPresent(own -> request.setSender(Records.toProto(own)));
    return asked(
        peer,
        stub ->
            new Answer(Optional.empty(), servers(stub.findNode(request.build()).getNodesList())));
  }

  /** The record under a key, or the nodes closest to it. */
  Optional<Answer> findValue(DhtRecord.OfNode peer, Bytes32 key) {
    return asked(
        peer,
        stub -> {
          FindValueResponse response =
              stub.findValue(FindValueRequest.newBuilder().setKey(Fields.bytes(key)).build());
          return new Answer(
              response.hasRecord()
                  ? Optional.of(Records.fromProto(response.getRecord(), "record"))
                      .filter(r -> check(r, key) instanceof RecordValidator.Check.Valid)
                  : Optional.empty(),
              servers(response.getNodesList()));
        });
  }

  /** Stores a record at a peer; false without a receipt that it signed. */
  boolean store(DhtRecord.OfNode peer, DhtRecord record) {
    Bytes32 key = record.keys().getFirst();
    StoreRequest request =
        StoreRequest.newBuilder()
            .setKey(Fields.bytes(key))
            .setRecord(Records.toProto(record))
            .build();
    return asked(
            peer,
            stub -> {
              StoreResponse response = stub.store(request);
              StoreReceipt receipt = PeerStructs.fromProto(response.getReceipt(), "receipt");
              Bytes signature = Fields.opaque(response.getSignature(), "signature");
              return receipt.key().equals(key)
                  && identity
                      .domain()
                      .signer(receipt, signature)
                      .filter(peer.publicKey()::equals)
                      .isPresent();
            })
        .orElse(false);
  }

  private interface Question<T> {
    T ask(PeerRegistryGrpc.PeerRegistryBlockingStub stub);
  }

  private <T> Optional<T> asked(DhtRecord.OfNode peer, Question<T> question) {
    try {
      T answer = question.ask(stub(peer.author(), address(peer).orElseThrow()));
      contacts.learn(peer);
      contacts.heard(peer.author());
      return Optional.of(answer);
    } catch (StatusRuntimeException | Malformed e) {
      LOG.debugf("%s gives no answer: %s", peer.author(), e.getMessage());
      contacts.failed(peer.author());
      return Optional.empty();
    }
  }

  private List<DhtRecord.OfNode> servers(List<SignedNodeRecord> nodes) {
    return nodes.stream()
        .limit(KBucket.SIZE)
        .map(node -> Records.fromProto(node, "nodes"))
        .filter(this::isServer)
        .toList();
  }

  private PeerRegistryGrpc.PeerRegistryBlockingStub stub(PeerId peer, String address) {
    return PeerRegistryGrpc.newBlockingStub(channels.to(peer, address))
        .withDeadlineAfter(config.patience().toMillis(), TimeUnit.MILLISECONDS);
  }
}
