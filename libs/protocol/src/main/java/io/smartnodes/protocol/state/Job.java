package io.smartnodes.protocol.state;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.time.Instant;

/**
 * Leaf 3, key: the job id. settled is a bit per unit (bit i % 8 of byte i / 8), set while a
 * certificate for it is pending or paid. closingAt is zero, or the epoch that frees the remainder.
 * Its type is in docs/protocol/1-structs.md.
 */
public record Job(
    Bytes32 jobId,
    Address user,
    Address home,
    Address asset,
    Amount held,
    long unitCount,
    Instant deadline,
    long anchoredAt,
    long closingAt,
    long settledCount,
    Bytes settled)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "Job(bytes32 jobId,address user,address home,address asset,uint256 held,uint64 un"
              + "itCount,uint64 deadline,uint64 anchoredAt,uint64 closingAt,uint64 settledCount,b"
              + "ytes settled)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .bytes32(jobId)
        .address(user)
        .address(home)
        .address(asset)
        .uint256(held)
        .uint64(unitCount)
        .time(deadline)
        .uint64(anchoredAt)
        .uint64(closingAt)
        .uint64(settledCount)
        .bytes(settled)
        .hash();
  }
}
