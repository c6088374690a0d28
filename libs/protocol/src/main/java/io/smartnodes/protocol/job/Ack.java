package io.smartnodes.protocol.job;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/**
 * A witness saw the receipt while its head was 1 to 32 blocks below drawHeight; signed by its node
 * key. Its type is in docs/protocol/1-structs.md.
 */
public record Ack(Bytes32 jobId, long lease, Bytes32 receiptHash) implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type("Ack(bytes32 jobId,uint64 lease,bytes32 receiptHash)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().bytes32(jobId).uint64(lease).bytes32(receiptHash).hash();
  }
}
