package io.smartnodes.protocol.job;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/**
 * The user moves free balance to a home; signed by its account key. Its type is in
 * docs/protocol/1-structs.md.
 */
public record Allot(Address account, Address asset, Address home, Amount amount, long sequence)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "Allot(address account,address asset,address home,uint256 amount,uint64 sequence)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .address(account)
        .address(asset)
        .address(home)
        .uint256(amount)
        .uint64(sequence)
        .hash();
  }
}
