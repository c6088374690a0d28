package io.smartnodes.wire;

import io.smartnodes.protocol.peer.Endorsement;
import io.smartnodes.protocol.peer.Endpoint;
import io.smartnodes.protocol.peer.Introduction;
import io.smartnodes.protocol.peer.NodeKeyProof;
import io.smartnodes.protocol.peer.NodeRecord;
import io.smartnodes.protocol.peer.Registration;
import io.smartnodes.protocol.peer.StoreReceipt;
import io.smartnodes.protocol.peer.WorkerOffer;

/** Structs of peer: records to protobuf and back, bounded. */
public final class PeerStructs {
  private PeerStructs() {}

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Endorsement toProto(Endorsement value) {
    io.smartnodes.proto.types.v1.Endorsement.Builder builder =
        io.smartnodes.proto.types.v1.Endorsement.newBuilder();
    builder.setSubjectPublicKeyInfoHash(Fields.bytes(value.subjectPublicKeyInfoHash()));
    builder.setNotAfter(value.notAfter().getEpochSecond());
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Endorsement fromProto(
      io.smartnodes.proto.types.v1.Endorsement message, String field) {
    Fields.known(message, field);
    return new Endorsement(
        Fields.bytes32(
            message.getSubjectPublicKeyInfoHash(), field + ".subject_public_key_info_hash"),
        Fields.time(message.getNotAfter(), field + ".not_after"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Endpoint toProto(Endpoint value) {
    io.smartnodes.proto.types.v1.Endpoint.Builder builder =
        io.smartnodes.proto.types.v1.Endpoint.newBuilder();
    builder.setService(value.service());
    builder.setHost(value.host());
    builder.setPort(value.port());
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Endpoint fromProto(io.smartnodes.proto.types.v1.Endpoint message, String field) {
    Fields.known(message, field);
    return new Endpoint(
        Fields.text(message.getService(), field + ".service"),
        Fields.text(message.getHost(), field + ".host"),
        Fields.uint32(message.getPort(), field + ".port"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.NodeRecord toProto(NodeRecord value) {
    io.smartnodes.proto.types.v1.NodeRecord.Builder builder =
        io.smartnodes.proto.types.v1.NodeRecord.newBuilder();
    builder.setPeerId(Fields.bytes(value.peerId()));
    builder.setAccount(Fields.bytes(value.account()));
    builder.setRoles(value.roles());
    value.endpoints().forEach(item -> builder.addEndpoints(toProto(item)));
    value.networks().forEach(item -> builder.addNetworks(item));
    builder.setSequence(value.sequence());
    builder.setExpiry(value.expiry().getEpochSecond());
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static NodeRecord fromProto(
      io.smartnodes.proto.types.v1.NodeRecord message, String field) {
    Fields.known(message, field);
    return new NodeRecord(
        Fields.peerId(message.getPeerId(), field + ".peer_id"),
        Fields.address(message.getAccount(), field + ".account"),
        Fields.uint32(message.getRoles(), field + ".roles"),
        Fields.list(message.getEndpointsList(), 16, field + ".endpoints", PeerStructs::fromProto),
        Fields.list(message.getNetworksList(), 16, field + ".networks", Fields::text),
        Fields.uint64(message.getSequence(), field + ".sequence"),
        Fields.time(message.getExpiry(), field + ".expiry"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.WorkerOffer toProto(WorkerOffer value) {
    io.smartnodes.proto.types.v1.WorkerOffer.Builder builder =
        io.smartnodes.proto.types.v1.WorkerOffer.newBuilder();
    builder.setPeerId(Fields.bytes(value.peerId()));
    builder.setAccount(Fields.bytes(value.account()));
    builder.setNetwork(value.network());
    builder.setSlots(value.slots());
    builder.setUnitPrice(Fields.bytes(value.unitPrice()));
    builder.setSequence(value.sequence());
    builder.setExpiry(value.expiry().getEpochSecond());
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static WorkerOffer fromProto(
      io.smartnodes.proto.types.v1.WorkerOffer message, String field) {
    Fields.known(message, field);
    return new WorkerOffer(
        Fields.peerId(message.getPeerId(), field + ".peer_id"),
        Fields.address(message.getAccount(), field + ".account"),
        Fields.text(message.getNetwork(), field + ".network"),
        Fields.uint32(message.getSlots(), field + ".slots"),
        Fields.amount(message.getUnitPrice(), field + ".unit_price"),
        Fields.uint64(message.getSequence(), field + ".sequence"),
        Fields.time(message.getExpiry(), field + ".expiry"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Registration toProto(Registration value) {
    io.smartnodes.proto.types.v1.Registration.Builder builder =
        io.smartnodes.proto.types.v1.Registration.newBuilder();
    builder.setAccount(Fields.bytes(value.account()));
    builder.setPublicKey(Fields.bytes(value.publicKey()));
    builder.setRoles(value.roles());
    builder.setPayout(Fields.bytes(value.payout()));
    builder.setSequence(value.sequence());
    builder.setExpiry(value.expiry().getEpochSecond());
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Registration fromProto(
      io.smartnodes.proto.types.v1.Registration message, String field) {
    Fields.known(message, field);
    return new Registration(
        Fields.address(message.getAccount(), field + ".account"),
        Fields.opaque(message.getPublicKey(), field + ".public_key"),
        Fields.uint32(message.getRoles(), field + ".roles"),
        Fields.address(message.getPayout(), field + ".payout"),
        Fields.uint64(message.getSequence(), field + ".sequence"),
        Fields.time(message.getExpiry(), field + ".expiry"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Introduction toProto(Introduction value) {
    io.smartnodes.proto.types.v1.Introduction.Builder builder =
        io.smartnodes.proto.types.v1.Introduction.newBuilder();
    builder.setRegistrationHash(Fields.bytes(value.registrationHash()));
    builder.setOperator(Fields.bytes(value.operator()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Introduction fromProto(
      io.smartnodes.proto.types.v1.Introduction message, String field) {
    Fields.known(message, field);
    return new Introduction(
        Fields.bytes32(message.getRegistrationHash(), field + ".registration_hash"),
        Fields.address(message.getOperator(), field + ".operator"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.StoreReceipt toProto(StoreReceipt value) {
    io.smartnodes.proto.types.v1.StoreReceipt.Builder builder =
        io.smartnodes.proto.types.v1.StoreReceipt.newBuilder();
    builder.setKey(Fields.bytes(value.key()));
    builder.setRecordHash(Fields.bytes(value.recordHash()));
    builder.setExpiry(value.expiry().getEpochSecond());
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static StoreReceipt fromProto(
      io.smartnodes.proto.types.v1.StoreReceipt message, String field) {
    Fields.known(message, field);
    return new StoreReceipt(
        Fields.bytes32(message.getKey(), field + ".key"),
        Fields.bytes32(message.getRecordHash(), field + ".record_hash"),
        Fields.time(message.getExpiry(), field + ".expiry"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.NodeKeyProof toProto(NodeKeyProof value) {
    io.smartnodes.proto.types.v1.NodeKeyProof.Builder builder =
        io.smartnodes.proto.types.v1.NodeKeyProof.newBuilder();
    builder.setOperator(Fields.bytes(value.operator()));
    builder.setNodeKeyX(Fields.bytes(value.nodeKeyX()));
    builder.setNodeKeyY(Fields.bytes(value.nodeKeyY()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static NodeKeyProof fromProto(
      io.smartnodes.proto.types.v1.NodeKeyProof message, String field) {
    Fields.known(message, field);
    return new NodeKeyProof(
        Fields.address(message.getOperator(), field + ".operator"),
        Fields.bytes32(message.getNodeKeyX(), field + ".node_key_x"),
        Fields.bytes32(message.getNodeKeyY(), field + ".node_key_y"));
  }
}
