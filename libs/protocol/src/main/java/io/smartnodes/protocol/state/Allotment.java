package io.smartnodes.protocol.state;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/**
 * Leaf 2, key: keccak256(abi.encode(account, asset, home)). Money that only this home can promise;
 * home zero is free balance. releasing is taken out in epoch releaseAt. Its type is in
 * docs/protocol/1-structs.md.
 */
public record Allotment(
    Address account, Address asset, Address home, Amount amount, Amount releasing, long releaseAt)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "Allotment(address account,address asset,address home,uint256 amount,uint256 rele"
              + "asing,uint64 releaseAt)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .address(account)
        .address(asset)
        .address(home)
        .uint256(amount)
        .uint256(releasing)
        .uint64(releaseAt)
        .hash();
  }
}
