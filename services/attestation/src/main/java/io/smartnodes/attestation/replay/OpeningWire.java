package io.smartnodes.attestation.replay;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.proto.worker.v1.SumSibling;
import io.smartnodes.protocol.UnitLimits;
import io.smartnodes.protocol.attestation.Opening;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.Malformed;

/** Openings: protobuf to records and back, bounded. */
public final class OpeningWire {
  private static final int DEEPEST = 32;

  private OpeningWire() {}

  /** Decodes within bounds. */
  static Opening fromProto(io.smartnodes.proto.worker.v1.Opening message, String field) {
    if (message.getInput().size() > UnitLimits.MAX_INPUT_BYTES
        || message.getOutput().size() > UnitLimits.MAX_OUTPUT_BYTES) {
      throw new Malformed(field, "larger than a unit may be");
    }
    return new Opening(
        Fields.uint64(message.getIndex(), field + ".index"),
        Bytes.of(message.getInput().toByteArray()),
        Fields.list(message.getInputProofList(), DEEPEST, field + ".input_proof", Fields::bytes32),
        Bytes.of(message.getOutput().toByteArray()),
        Fields.fuel(message.getFuel(), field + ".fuel"),
        Fields.list(message.getProofList(), DEEPEST, field + ".proof", OpeningWire::sibling));
  }

  /** Encodes. */
  public static io.smartnodes.proto.worker.v1.Opening toProto(Opening opening) {
    io.smartnodes.proto.worker.v1.Opening.Builder message =
        io.smartnodes.proto.worker.v1.Opening.newBuilder()
            .setIndex(opening.index())
            .setInput(Fields.bytes(opening.input()))
            .setOutput(Fields.bytes(opening.output()))
            .setFuel(opening.fuel().value());
    opening.inputProof().forEach(hash -> message.addInputProof(Fields.bytes(hash)));
    opening
        .proof()
        .forEach(sibling ->
            message.addProof(
                SumSibling.newBuilder()
                    .setHash(Fields.bytes(sibling.hash()))
                    .setSum(sibling.sum().value())));
    return message.build();
  }

  private static io.smartnodes.protocol.merkle.SumSibling sibling(
      SumSibling message, String field) {
    return new io.smartnodes.protocol.merkle.SumSibling(
        Fields.bytes32(message.getHash(), field + ".hash"),
        Fields.fuel(message.getSum(), field + ".sum"));
  }
}
