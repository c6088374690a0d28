package io.smartnodes.protocol.job;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/**
 * The home promises money of its allotment to a job; signed by its node key. It counts in bodies
 * stateEpoch + 1 and + 2. Its type is in docs/protocol/1-structs.md.
 */
public record Hold(Bytes32 jobId, Address home, Amount amount, long stateEpoch) implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type("Hold(bytes32 jobId,address home,uint256 amount,uint64 stateEpoch)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().bytes32(jobId).address(home).uint256(amount).uint64(stateEpoch).hash();
  }
}
