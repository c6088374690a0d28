package io.smartnodes.protocol.body;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import io.smartnodes.protocol.job.Hold;
import io.smartnodes.protocol.job.JobSpec;

/** A hold with the job that it pays. Its type is in docs/protocol/1-structs.md. */
public record SignedHold(JobSpec spec, Bytes userSignature, Hold hold, Bytes homeSignature)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "SignedHold(JobSpec spec,bytes userSignature,Hold hold,bytes homeSignature)Hold(b"
              + "ytes32 jobId,address home,uint256 amount,uint64 stateEpoch)JobSpec(address user,"
              + "address home,bytes32 network,bytes32 moduleHash,uint64 unitCount,bytes32 inputsR"
              + "oot,uint64 fuelLimitPerUnit,uint256 maxPrice,address asset,uint64 deadline,uint6"
              + "4 nonce)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().struct(spec).bytes(userSignature).struct(hold).bytes(homeSignature).hash();
  }
}
