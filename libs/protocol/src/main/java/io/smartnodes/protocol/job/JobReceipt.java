package io.smartnodes.protocol.job;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/**
 * The worker commits to the results of a lease; signed by its node key. drawHeight names the future
 * block whose hash draws the jury. Its type is in docs/protocol/1-structs.md.
 */
public record JobReceipt(
    Bytes32 jobId,
    long lease,
    long first,
    long count,
    Fuel fuel,
    Bytes32 resultsRoot,
    long drawHeight)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "JobReceipt(bytes32 jobId,uint64 lease,uint64 first,uint64 count,uint64 fuel,byte"
              + "s32 resultsRoot,uint64 drawHeight)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .bytes32(jobId)
        .uint64(lease)
        .uint64(first)
        .uint64(count)
        .fuel(fuel)
        .bytes32(resultsRoot)
        .uint64(drawHeight)
        .hash();
  }
}
