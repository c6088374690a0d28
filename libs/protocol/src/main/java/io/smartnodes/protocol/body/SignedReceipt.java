package io.smartnodes.protocol.body;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.Lease;

/** A receipt with the lease that it fulfils. Its type is in docs/protocol/1-structs.md. */
public record SignedReceipt(
    JobReceipt receipt, Bytes workerSignature, Lease lease, Bytes homeSignature) implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "SignedReceipt(JobReceipt receipt,bytes workerSignature,Lease lease,bytes homeSig"
              + "nature)JobReceipt(bytes32 jobId,uint64 lease,uint64 first,uint64 count,uint64 fu"
              + "el,bytes32 resultsRoot,uint64 drawHeight)Lease(bytes32 jobId,uint64 number,uint6"
              + "4 first,uint64 count,address worker,uint256 unitPrice,uint64 deadline)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .struct(receipt)
        .bytes(workerSignature)
        .struct(lease)
        .bytes(homeSignature)
        .hash();
  }
}
