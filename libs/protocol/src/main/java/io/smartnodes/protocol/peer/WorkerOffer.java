package io.smartnodes.protocol.peer;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.time.Instant;

/**
 * What a worker offers in one network, signed by its node key. Its type is in
 * docs/protocol/1-structs.md.
 */
public record WorkerOffer(
    PeerId peerId,
    Address account,
    String network,
    int slots,
    Amount unitPrice,
    long sequence,
    Instant expiry)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "WorkerOffer(bytes32 peerId,address account,string network,uint32 slots,uint256 u"
              + "nitPrice,uint64 sequence,uint64 expiry)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .peer(peerId)
        .address(account)
        .string(network)
        .uint32(slots)
        .uint256(unitPrice)
        .uint64(sequence)
        .time(expiry)
        .hash();
  }
}
