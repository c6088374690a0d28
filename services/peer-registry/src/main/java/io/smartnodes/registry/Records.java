package io.smartnodes.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.peer.v1.SignedNodeRecord;
import io.smartnodes.proto.peer.v1.SignedWorkerOffer;
import io.smartnodes.protocol.dht.DhtRecord;
import io.smartnodes.protocol.dht.RecordValidator.Check;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.Malformed;
import io.smartnodes.wire.PeerStructs;

/** Records of the DHT: to protobuf and back, bounded, and what a refused one is told. */
final class Records {
  private static final int KEY_BYTES = 64;

  private Records() {}

  static SignedNodeRecord toProto(DhtRecord.OfNode node) {
    return SignedNodeRecord.newBuilder()
        .setRecord(PeerStructs.toProto(node.record()))
        .setPublicKey(Fields.bytes(node.publicKey().bytes()))
        .setSignature(Fields.bytes(node.signature()))
        .build();
  }

  static io.smartnodes.proto.peer.v1.DhtRecord toProto(DhtRecord record) {
    io.smartnodes.proto.peer.v1.DhtRecord.Builder builder =
        io.smartnodes.proto.peer.v1.DhtRecord.newBuilder();
    return switch (record) {
      case DhtRecord.OfNode node -> builder.setNode(toProto(node)).build();
      case DhtRecord.OfWorker worker ->
          builder
              .setOffer(
                  SignedWorkerOffer.newBuilder()
                      .setOffer(PeerStructs.toProto(worker.offer()))
                      .setPublicKey(Fields.bytes(worker.publicKey().bytes()))
                      .setSignature(Fields.bytes(worker.signature())))
              .build();
    };
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  static DhtRecord.OfNode fromProto(SignedNodeRecord message, String field) {
    Fields.known(message, field);
    return new DhtRecord.OfNode(
        PeerStructs.fromProto(message.getRecord(), field + ".record"),
        key(message.getPublicKey(), field),
        Fields.opaque(message.getSignature(), field + ".signature"));
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  static DhtRecord fromProto(io.smartnodes.proto.peer.v1.DhtRecord message, String field) {
    Fields.known(message, field);
    return switch (message.getRecordCase()) {
      case NODE -> fromProto(message.getNode(), field + ".node");
      case OFFER -> {
        Fields.known(message.getOffer(), field + ".offer");
        yield new DhtRecord.OfWorker(
            PeerStructs.fromProto(message.getOffer().getOffer(), field + ".offer.offer"),
            key(message.getOffer().getPublicKey(), field + ".offer"),
            Fields.opaque(message.getOffer().getSignature(), field + ".offer.signature"));
      }
      case RECORD_NOT_SET -> throw new Malformed(field, "there is no record");
    };
  }

  /** Reads what we have stored. */
  static DhtRecord stored(byte[] payload) {
    try {
      return fromProto(io.smartnodes.proto.peer.v1.DhtRecord.parseFrom(payload), "stored");
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a stored record cannot be read", e);
    }
  }

  private static PublicKey key(com.google.protobuf.ByteString bytes, String field) {
    if (bytes.size() != KEY_BYTES) {
      throw new Malformed(field + ".public_key", "expected 64 bytes");
    }
    return new PublicKey(io.smartnodes.crypto.Bytes.of(bytes.toByteArray()));
  }

  /** Passes valid records; answers others with the code and field of what is wrong. */
  static void require(Check check) {
    switch (check) {
      case Check.Valid() -> {}
      case Check.TooLarge(int bytes) ->
          throw Errors.status(
              ErrorCode.ERROR_CODE_TOO_LARGE, "record", "the record has " + bytes + " bytes");
      case Check.WrongKey(var key) ->
          throw Errors.status(
              ErrorCode.ERROR_CODE_MALFORMED, "key", "the record does not belong under " + key);
      case Check.BadExpiry(var expiry, var now) ->
          throw Errors.status(
              ErrorCode.ERROR_CODE_EXPIRED,
              "record.expiry",
              "the record ends at %s, it is %s".formatted(expiry, now));
      case Check.BadSequence(long sequence) ->
          throw Errors.status(
              ErrorCode.ERROR_CODE_MALFORMED,
              "record.sequence",
              "the sequence is " + sequence + ", it must be positive");
      case Check.BadField(String field) ->
          throw Errors.status(
              ErrorCode.ERROR_CODE_MALFORMED, "record." + field, "no record may say this");
      case Check.BadSignature() ->
          throw Errors.status(
              ErrorCode.ERROR_CODE_BAD_SIGNATURE,
              "record.signature",
              "the record is not signed by the key of its author");
      case Check.NoAuthority(String claim) ->
          throw Errors.status(ErrorCode.ERROR_CODE_NOT_ALLOWED, "record.roles", claim);
    }
  }
}
