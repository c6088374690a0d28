package io.smartnodes.protocol.body;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.attestation.Refutation;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.util.List;

/**
 * The outcome of a jury. refutation is all zero unless the outcome is REFUTED. Its type is in
 * docs/protocol/1-structs.md.
 */
public record Certificate(
    SignedReceipt receipt,
    List<MemberSignature> acks,
    Outcome outcome,
    Refutation refutation,
    List<MemberVerdict> verdicts)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "Certificate(SignedReceipt receipt,MemberSignature[] acks,uint8 outcome,Refutatio"
              + "n refutation,MemberVerdict[] verdicts)JobReceipt(bytes32 jobId,uint64 lease,uint"
              + "64 first,uint64 count,uint64 fuel,bytes32 resultsRoot,uint64 drawHeight)Lease(by"
              + "tes32 jobId,uint64 number,uint64 first,uint64 count,address worker,uint256 unitP"
              + "rice,uint64 deadline)MemberSignature(address operator,bytes signature)MemberVerd"
              + "ict(address operator,uint64 sampleEpoch,bytes32[] traces,bytes signature)Refutat"
              + "ion(bytes32 receiptHash,uint64 unit,bytes32 inputHash,bytes32 claimedOutputHash,"
              + "bytes32 replayedOutputHash,uint64 replayedFuel)SignedReceipt(JobReceipt receipt,"
              + "bytes workerSignature,Lease lease,bytes homeSignature)");

  /** Copies the lists. */
  public Certificate {
    acks = List.copyOf(acks);
    verdicts = List.copyOf(verdicts);
  }

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .struct(receipt)
        .structs(acks)
        .uint8(outcome.code())
        .struct(refutation)
        .structs(verdicts)
        .hash();
  }
}
