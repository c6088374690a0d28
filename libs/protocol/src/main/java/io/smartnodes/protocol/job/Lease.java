package io.smartnodes.protocol.job;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.time.Instant;

/**
 * A contiguous range of units of a job, granted to a worker; signed by the node key of the home;
 * the ticket between user and worker. Its type is in docs/protocol/1-structs.md.
 */
public record Lease(
    Bytes32 jobId,
    long number,
    long first,
    long count,
    Address worker,
    Amount unitPrice,
    Instant deadline)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "Lease(bytes32 jobId,uint64 number,uint64 first,uint64 count,address worker,uint2"
              + "56 unitPrice,uint64 deadline)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .bytes32(jobId)
        .uint64(number)
        .uint64(first)
        .uint64(count)
        .address(worker)
        .uint256(unitPrice)
        .time(deadline)
        .hash();
  }
}
