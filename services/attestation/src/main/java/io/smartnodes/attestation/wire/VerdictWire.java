package io.smartnodes.attestation.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.attestation.v1.OfferVerdictRequest;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.signer.v1.Signable;
import io.smartnodes.protocol.attestation.Confirmed;
import io.smartnodes.protocol.attestation.Refutation;
import io.smartnodes.protocol.attestation.Silent;
import io.smartnodes.protocol.attestation.jury.SignedVerdict;
import io.smartnodes.protocol.attestation.jury.Verdict;
import io.smartnodes.protocol.body.MemberVerdict;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.wire.AttestationStructs;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.Malformed;
import java.util.List;

/** Verdicts as they travel, are kept and are signed. */
public final class VerdictWire {
  private VerdictWire() {}

  /** As it travels and is stored. */
  public static OfferVerdictRequest toProto(SignedVerdict signed) {
    OfferVerdictRequest.Builder request =
        OfferVerdictRequest.newBuilder()
            .setReceiptHash(Fields.bytes(signed.verdict().receiptHash()))
            .setVerdict(BodyStructs.toProto(signed.toMember()))
            .setOutcome(signed.verdict().outcome().code());
    if (signed.verdict() instanceof Verdict.Refuting(Refutation refutation)) {
      request.setRefutation(AttestationStructs.toProto(refutation));
    }
    return request.build();
  }

  /**
   * Decodes a verdict.
   *
   * @throws Malformed if it is none
   */
  public static SignedVerdict fromProto(OfferVerdictRequest request) {
    Fields.known(request, "request");
    Bytes32 receipt = Fields.bytes32(request.getReceiptHash(), "receipt_hash");
    MemberVerdict member = BodyStructs.fromProto(request.getVerdict(), "verdict");
    if (member.sampleEpoch() != 0 || !member.traces().isEmpty()) {
      throw new Malformed(
          ErrorCode.ERROR_CODE_INVALID_ITEM,
          "verdict.traces",
          "before sample secrets are registered");
    }
    Outcome outcome = Fields.code(Outcome.of(request.getOutcome()), "outcome");
    if (request.hasRefutation() != (outcome == Outcome.REFUTED)) {
      throw new Malformed("refutation", "belongs to a refutation and to nothing else");
    }
    Verdict verdict =
        switch (outcome) {
          case CONFIRMED -> new Verdict.Confirming(receipt);
          case SILENT -> new Verdict.Silence(receipt);
          case REFUTED ->
              new Verdict.Refuting(
                  AttestationStructs.fromProto(request.getRefutation(), "refutation"));
          case UNDELIVERED -> throw new Malformed("outcome", "nobody can claim this yet");
        };
    if (!verdict.receiptHash().equals(receipt)) {
      throw new Malformed("refutation.receipt_hash", "is another receipt");
    }
    return new SignedVerdict(member.operator(), verdict, member.signature());
  }

  /** One that is stored. */
  public static SignedVerdict stored(byte[] body) {
    try {
      return fromProto(OfferVerdictRequest.parseFrom(body));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a stored verdict cannot be read", e);
    }
  }

  /** What the signer is asked for. */
  public static Signable toSign(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Confirming(Bytes32 receipt) ->
          Signable.newBuilder()
              .setConfirmed(AttestationStructs.toProto(new Confirmed(receipt, 0, List.of())))
              .build();
      case Verdict.Refuting(Refutation refutation) ->
          Signable.newBuilder().setRefutation(AttestationStructs.toProto(refutation)).build();
      case Verdict.Silence(Bytes32 receipt) ->
          Signable.newBuilder().setSilent(AttestationStructs.toProto(new Silent(receipt))).build();
    };
  }
}
