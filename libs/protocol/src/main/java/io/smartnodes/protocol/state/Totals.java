package io.smartnodes.protocol.state;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/**
 * Leaf 9, key: the asset. Running totals of one asset. Its type is in docs/protocol/1-structs.md.
 */
public record Totals(
    Address asset, Amount balances, Amount payouts, Amount heldBack, Amount burnt, Amount minted)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "Totals(address asset,uint256 balances,uint256 payouts,uint256 heldBack,uint256 b"
              + "urnt,uint256 minted)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .address(asset)
        .uint256(balances)
        .uint256(payouts)
        .uint256(heldBack)
        .uint256(burnt)
        .uint256(minted)
        .hash();
  }
}
