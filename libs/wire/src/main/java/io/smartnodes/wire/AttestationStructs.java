package io.smartnodes.wire;

import io.smartnodes.protocol.attestation.Confirmed;
import io.smartnodes.protocol.attestation.Refutation;
import io.smartnodes.protocol.attestation.Silent;
import io.smartnodes.protocol.attestation.Undelivered;

/** Structs of attestation: records to protobuf and back, bounded. */
public final class AttestationStructs {
  private AttestationStructs() {}

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Confirmed toProto(Confirmed value) {
    io.smartnodes.proto.types.v1.Confirmed.Builder builder =
        io.smartnodes.proto.types.v1.Confirmed.newBuilder();
    builder.setReceiptHash(Fields.bytes(value.receiptHash()));
    builder.setSampleEpoch(value.sampleEpoch());
    value.traces().forEach(item -> builder.addTraces(Fields.bytes(item)));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Confirmed fromProto(io.smartnodes.proto.types.v1.Confirmed message, String field) {
    Fields.known(message, field);
    return new Confirmed(
        Fields.bytes32(message.getReceiptHash(), field + ".receipt_hash"),
        Fields.uint64(message.getSampleEpoch(), field + ".sample_epoch"),
        Fields.list(message.getTracesList(), 64, field + ".traces", Fields::bytes32));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Refutation toProto(Refutation value) {
    io.smartnodes.proto.types.v1.Refutation.Builder builder =
        io.smartnodes.proto.types.v1.Refutation.newBuilder();
    builder.setReceiptHash(Fields.bytes(value.receiptHash()));
    builder.setUnit(value.unit());
    builder.setInputHash(Fields.bytes(value.inputHash()));
    builder.setClaimedOutputHash(Fields.bytes(value.claimedOutputHash()));
    builder.setReplayedOutputHash(Fields.bytes(value.replayedOutputHash()));
    builder.setReplayedFuel(value.replayedFuel().value());
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Refutation fromProto(
      io.smartnodes.proto.types.v1.Refutation message, String field) {
    Fields.known(message, field);
    return new Refutation(
        Fields.bytes32(message.getReceiptHash(), field + ".receipt_hash"),
        Fields.uint64(message.getUnit(), field + ".unit"),
        Fields.bytes32(message.getInputHash(), field + ".input_hash"),
        Fields.bytes32(message.getClaimedOutputHash(), field + ".claimed_output_hash"),
        Fields.bytes32(message.getReplayedOutputHash(), field + ".replayed_output_hash"),
        Fields.fuel(message.getReplayedFuel(), field + ".replayed_fuel"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Silent toProto(Silent value) {
    io.smartnodes.proto.types.v1.Silent.Builder builder =
        io.smartnodes.proto.types.v1.Silent.newBuilder();
    builder.setReceiptHash(Fields.bytes(value.receiptHash()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Silent fromProto(io.smartnodes.proto.types.v1.Silent message, String field) {
    Fields.known(message, field);
    return new Silent(Fields.bytes32(message.getReceiptHash(), field + ".receipt_hash"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Undelivered toProto(Undelivered value) {
    io.smartnodes.proto.types.v1.Undelivered.Builder builder =
        io.smartnodes.proto.types.v1.Undelivered.newBuilder();
    builder.setReceiptHash(Fields.bytes(value.receiptHash()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Undelivered fromProto(
      io.smartnodes.proto.types.v1.Undelivered message, String field) {
    Fields.known(message, field);
    return new Undelivered(Fields.bytes32(message.getReceiptHash(), field + ".receipt_hash"));
  }
}
