package io.smartnodes.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.link.calls.CallerInterceptor;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.peer.v1.FindNodeRequest;
import io.smartnodes.proto.peer.v1.FindNodeResponse;
import io.smartnodes.proto.peer.v1.FindValueRequest;
import io.smartnodes.proto.peer.v1.FindValueResponse;
import io.smartnodes.proto.peer.v1.ListValidatorsRequest;
import io.smartnodes.proto.peer.v1.ListValidatorsResponse;
import io.smartnodes.proto.peer.v1.PeerRegistry;
import io.smartnodes.proto.peer.v1.PingRequest;
import io.smartnodes.proto.peer.v1.PingResponse;
import io.smartnodes.proto.peer.v1.PublishRequest;
import io.smartnodes.proto.peer.v1.PublishResponse;
import io.smartnodes.proto.peer.v1.RegisterRequest;
import io.smartnodes.proto.peer.v1.RegisterResponse;
import io.smartnodes.proto.peer.v1.ResolveRequest;
import io.smartnodes.proto.peer.v1.ResolveResponse;
import io.smartnodes.proto.peer.v1.SignedNodeRecord;
import io.smartnodes.proto.peer.v1.StoreRequest;
import io.smartnodes.proto.peer.v1.StoreResponse;
import io.smartnodes.proto.peer.v1.ValidatorEntry;
import io.smartnodes.proto.signer.v1.Signable;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.dht.DhtRecord;
import io.smartnodes.protocol.dht.KBucket;
import io.smartnodes.protocol.peer.RegistrationRule;
import io.smartnodes.protocol.peer.StoreReceipt;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.quarkus.BlockingCalls;
import io.smartnodes.quarkus.SignerClient;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.PeerStructs;
import java.time.Duration;

/** The registry on the wire. Who may call what is declared in the proto and checked before. */
@GrpcService
public class PeerRegistryEndpoint implements PeerRegistry {
  private static final int REMEMBERED = 10_000;

  private final Contacts contacts;
  private final Members members;
  private final Dht dht;
  private final PeerCaller caller;
  private final Registrations registrations;
  private final SignerClient signer;
  private final int recordsPerMinute;
  private final Cache<PeerId, Bucket> buckets =
      Caffeine.newBuilder()
          .maximumSize(REMEMBERED)
          .expireAfterAccess(Duration.ofMinutes(2))
          .build();

  /** Called by the container. */
  public PeerRegistryEndpoint(
      Contacts contacts,
      Members members,
      Dht dht,
      PeerCaller caller,
      Registrations registrations,
      SignerClient signer,
      RegistryConfig config) {
    this.contacts = contacts;
    this.members = members;
    this.dht = dht;
    this.caller = caller;
    this.registrations = registrations;
    this.signer = signer;
    this.recordsPerMinute = config.recordsPerMinute();
  }

  @Override
  public Uni<PingResponse> ping(PingRequest request) {
    PeerId peer = CallerInterceptor.caller();
    return BlockingCalls.answer(() -> {
      if (request.hasSender()) {
        shown(peer, request.getSender());
      }
      PingResponse.Builder response = PingResponse.newBuilder();
      contacts.own().ifPresent(own -> response.setResponder(Records.toProto(own)));
      return response.build();
    });
  }

  @Override
  public Uni<FindNodeResponse> findNode(FindNodeRequest request) {
    PeerId peer = CallerInterceptor.caller();
    return BlockingCalls.answer(() -> {
      Bytes32 target = Fields.bytes32(request.getTarget(), "target");
      if (request.hasSender()) {
        shown(peer, request.getSender());
      }
      FindNodeResponse.Builder response = FindNodeResponse.newBuilder();
      contacts
          .closest(target, KBucket.SIZE)
          .forEach(node -> response.addNodes(Records.toProto(node)));
      return response.build();
    });
  }

  private void shown(PeerId peer, SignedNodeRecord message) {
    DhtRecord.OfNode sender = Records.fromProto(message, "sender");
    Records.require(caller.check(sender, sender.author().value()));
    if (!sender.author().equals(peer) && !contacts.isSelf(peer)) {
      throw Errors.status(
          ErrorCode.ERROR_CODE_NOT_ALLOWED, "sender", "it is the record of another node");
    }
    if (caller.isServer(sender) && !contacts.isSelf(sender.author())) {
      dht.shown(sender);
    }
  }

  @Override
  public Uni<FindValueResponse> findValue(FindValueRequest request) {
    return BlockingCalls.answer(() -> {
      Bytes32 key = Fields.bytes32(request.getKey(), "key");
      FindValueResponse.Builder response = FindValueResponse.newBuilder();
      dht.held(key)
          .ifPresentOrElse(
              record -> response.setRecord(Records.toProto(record)),
              () ->
                  contacts
                      .closest(key, KBucket.SIZE)
                      .forEach(node -> response.addNodes(Records.toProto(node))));
      return response.build();
    });
  }

  @Override
  public Uni<StoreResponse> store(StoreRequest request) {
    PeerId peer = CallerInterceptor.caller();
    return BlockingCalls.answer(() -> {
      Bytes32 key = Fields.bytes32(request.getKey(), "key");
      DhtRecord record = Records.fromProto(request.getRecord(), "record");
      admit(peer, record);
      Records.require(caller.check(record, key));
      DhtRecord standing = dht.keep(record);
      StoreReceipt receipt = new StoreReceipt(key, standing.hash(), standing.expiry());
      Bytes signature =
          signer.sign(Signable.newBuilder().setStoreReceipt(PeerStructs.toProto(receipt)).build());
      return StoreResponse.newBuilder()
          .setReceipt(PeerStructs.toProto(receipt))
          .setSignature(Fields.bytes(signature))
          .build();
    });
  }

  @Override
  public Uni<PublishResponse> publish(PublishRequest request) {
    PeerId peer = CallerInterceptor.caller();
    return BlockingCalls.answer(() -> {
      DhtRecord record = Records.fromProto(request.getRecord(), "record");
      admit(peer, record);
      Records.require(caller.check(record, record.keys().getFirst()));
      return PublishResponse.newBuilder().setStored(dht.publish(record)).build();
    });
  }

  /** Validators hand on what others said; workers and users speak for themselves, in measure. */
  private void admit(PeerId peer, DhtRecord record) {
    if (contacts.isSelf(peer) || members.isValidator(peer)) {
      return;
    }
    if (!record.author().equals(peer)) {
      throw Errors.status(
          ErrorCode.ERROR_CODE_NOT_ALLOWED, "record", "it is the record of another node");
    }
    Bucket bucket =
        buckets.get(
            peer,
            ignored ->
                Bucket.builder()
                    .addLimit(limit ->
                        limit
                            .capacity(recordsPerMinute)
                            .refillGreedy(recordsPerMinute, Duration.ofMinutes(1)))
                    .build());
    if (!bucket.tryConsume(1)) {
      throw Errors.status(
          ErrorCode.ERROR_CODE_RATE_LIMITED,
          "caller",
          "at most " + recordsPerMinute + " records a minute");
    }
  }

  @Override
  public Uni<ResolveResponse> resolve(ResolveRequest request) {
    return BlockingCalls.answer(() -> {
      PeerId wanted = Fields.peerId(request.getPeerId(), "peer_id");
      return dht.resolve(wanted)
          .map(node -> ResolveResponse.newBuilder().setNode(Records.toProto(node)).build())
          .orElseThrow(() ->
              Errors.status(
                  ErrorCode.ERROR_CODE_NOT_FOUND,
                  "peer_id",
                  "nobody knows where " + wanted + " listens"));
    });
  }

  @Override
  public Uni<ListValidatorsResponse> listValidators(ListValidatorsRequest request) {
    return BlockingCalls.answer(() -> {
      ListValidatorsResponse.Builder response = ListValidatorsResponse.newBuilder();
      members.active().forEach(one -> response.addValidators(entry(one)));
      members.left().forEach(one -> response.addLeft(entry(one)));
      return response.build();
    });
  }

  private ValidatorEntry entry(Validator validator) {
    PeerId peer = Members.peerOf(validator);
    ValidatorEntry.Builder entry =
        ValidatorEntry.newBuilder()
            .setOperator(Fields.bytes(validator.operator()))
            .setPeerId(Fields.bytes(peer));
    validator.keys().stream()
        .skip(1)
        .forEach(former -> entry.setFormerPeerId(Fields.bytes(PeerId.of(former))));
    if (validator.isActive()) {
      contacts.record(peer).ifPresent(node -> entry.setNode(Records.toProto(node)));
    }
    return entry.build();
  }

  @Override
  public Uni<RegisterResponse> register(RegisterRequest request) {
    PeerId peer = CallerInterceptor.caller();
    return BlockingCalls.answer(() -> {
      Fields.known(request, "request");
      Registrations.Introduced introduced =
          registrations.register(
              new RegistrationRule.Request(
                  PeerStructs.fromProto(request.getRegistration(), "registration"),
                  Fields.opaque(request.getAccountSignature(), "account_signature"),
                  Fields.opaque(request.getNodeSignature(), "node_signature"),
                  peer));
      return RegisterResponse.newBuilder()
          .setRegistrationHash(Fields.bytes(introduced.hash()))
          .setIntroducer(Fields.bytes(introduced.introducer()))
          .build();
    });
  }
}
