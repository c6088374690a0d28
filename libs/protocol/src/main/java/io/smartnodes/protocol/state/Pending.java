package io.smartnodes.protocol.state;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.util.List;

/**
 * Leaf 4, key: the receipt hash. A certified receipt that is paid in the epoch after the one that
 * anchored it, unless evidence voids it. Its type is in docs/protocol/1-structs.md.
 */
public record Pending(
    Bytes32 receiptHash,
    Bytes32 jobId,
    Address worker,
    long first,
    long count,
    Address asset,
    Amount amount,
    long anchoredAt,
    List<Address> attesters)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "Pending(bytes32 receiptHash,bytes32 jobId,address worker,uint64 first,uint64 cou"
              + "nt,address asset,uint256 amount,uint64 anchoredAt,address[] attesters)");

  /** Copies the lists. */
  public Pending {
    attesters = List.copyOf(attesters);
  }

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .bytes32(receiptHash)
        .bytes32(jobId)
        .address(worker)
        .uint64(first)
        .uint64(count)
        .address(asset)
        .uint256(amount)
        .uint64(anchoredAt)
        .addresses(attesters)
        .hash();
  }
}
