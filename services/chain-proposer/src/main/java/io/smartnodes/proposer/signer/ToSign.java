package io.smartnodes.proposer.signer;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.signer.v1.AckToSign;
import io.smartnodes.proto.signer.v1.Signable;
import io.smartnodes.protocol.attestation.Confirmed;
import io.smartnodes.protocol.attestation.Refutation;
import io.smartnodes.protocol.attestation.Silent;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.job.Ack;
import io.smartnodes.protocol.job.Hold;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.signing.Guard;
import io.smartnodes.protocol.signing.Guard.Rule;
import io.smartnodes.protocol.signing.SignerStart.Mark;
import io.smartnodes.wire.AttestationStructs;
import io.smartnodes.wire.EpochStructs;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.Malformed;
import io.smartnodes.wire.PeerStructs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One item to sign: the struct that the signer hashed itself, and the guards of its purpose.
 *
 * @param struct what is signed
 * @param guards rows to be committed before
 * @param vote set for votes
 * @param binding whether it may contradict something that was signed before a loss of the database
 */
record ToSign(Struct struct, List<Guard> guards, Optional<Mark> vote, boolean binding) {
  private static final int MAX_UNITS = 1_024;
  private static final int MAX_VOIDED = 64;

  /** Guards' places of votes start so. */
  static final String VOTES = "VOTE/";

  /** Decodes an item; {@link Malformed} names the field at fault. */
  static ToSign of(Signable item, String field) {
    return switch (item.getDataCase()) {
      case NODE_RECORD -> free(PeerStructs.fromProto(item.getNodeRecord(), field));
      case INTRODUCTION -> free(PeerStructs.fromProto(item.getIntroduction(), field));
      case STORE_RECEIPT -> free(PeerStructs.fromProto(item.getStoreReceipt(), field));
      case HOLD -> hold(JobStructs.fromProto(item.getHold(), field));
      case LEASE -> lease(JobStructs.fromProto(item.getLease(), field));
      case ACK -> ack(item.getAck(), field);
      case CONFIRMED -> confirmed(AttestationStructs.fromProto(item.getConfirmed(), field));
      case REFUTATION -> refuted(AttestationStructs.fromProto(item.getRefutation(), field));
      case SILENT -> silent(AttestationStructs.fromProto(item.getSilent(), field));
      case VOTE -> vote(EpochStructs.fromProto(item.getVote(), field));
      case DATA_NOT_SET -> throw new Malformed(field, "empty");
    };
  }

  private static ToSign free(Struct struct) {
    return new ToSign(struct, List.of(), Optional.empty(), false);
  }

  private static ToSign bound(Struct struct, Guard... guards) {
    return new ToSign(struct, List.of(guards), Optional.empty(), true);
  }

  private static ToSign hold(Hold hold) {
    return bound(
        hold,
        new Guard("HOLD/" + hold.jobId(), hold.hashStruct(), hold.stateEpoch(), new Rule.Later()));
  }

  private static ToSign lease(Lease lease) {
    return bound(
        lease,
        new Guard(
            "LEASE/" + lease.jobId() + "/" + lease.number(),
            lease.hashStruct(),
            0,
            new Rule.Once()));
  }

  /** One row per unit, since another lease may cover another range. */
  private static ToSign ack(AckToSign message, String field) {
    Ack ack = JobStructs.fromProto(message.getAck(), field + ".ack");
    long first = Fields.uint64(message.getFirst(), field + ".first");
    long count = Fields.uint64(message.getCount(), field + ".count");
    if (count == 0 || count > MAX_UNITS) {
      throw new Malformed(ErrorCode.ERROR_CODE_TOO_LARGE, field + ".count", "1 to " + MAX_UNITS);
    }
    Set<Bytes32> voided =
        Set.copyOf(
            Fields.list(
                message.getVoidedReceiptsList(),
                MAX_VOIDED,
                field + ".voided_receipts",
                Fields::bytes32));
    List<Guard> guards = new ArrayList<>();
    for (long unit = first; unit < first + count; unit++) {
      guards.add(
          new Guard(
              "ACK/" + ack.jobId() + "/" + unit, ack.receiptHash(), 0, new Rule.AfterVoid(voided)));
    }
    return new ToSign(ack, guards, Optional.empty(), true);
  }

  private static ToSign confirmed(Confirmed confirmed) {
    return bound(
        confirmed, verdict(confirmed.receiptHash(), confirmed.hashStruct(), Guard.CONFIRMED));
  }

  /** Any number of units of a receipt may be refuted, each with one result. */
  private static ToSign refuted(Refutation refutation) {
    return bound(
        refutation,
        verdict(refutation.receiptHash(), Bytes32.ZERO, Guard.REFUTED),
        new Guard(
            "REFUTED/" + refutation.receiptHash() + "/" + refutation.unit(),
            refutation.hashStruct(),
            0,
            new Rule.Once()));
  }

  private static ToSign silent(Silent silent) {
    return bound(silent, verdict(silent.receiptHash(), silent.hashStruct(), Guard.SILENT));
  }

  private static Guard verdict(Bytes32 receiptHash, Bytes32 digest, long outcome) {
    return new Guard("VERDICT/" + receiptHash, digest, outcome, new Rule.Verdict());
  }

  private static ToSign vote(Vote vote) {
    Mark mark = new Mark(vote.epoch(), vote.round());
    return new ToSign(
        vote,
        List.of(new Guard(place(mark), vote.digest(), 0, new Rule.Once())),
        Optional.of(mark),
        false);
  }

  /** The place of a vote. */
  static String place(Mark mark) {
    return VOTES + "%020d/%010d".formatted(mark.epoch(), mark.round());
  }

  /** Reads a place of a vote back. */
  static Mark mark(String place) {
    String[] parts = place.split("/", -1);
    return new Mark(Long.parseLong(parts[1]), Integer.parseInt(parts[2]));
  }
}
