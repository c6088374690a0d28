package io.smartnodes.protocol.state;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/**
 * Leaf 5, key: keccak256(abi.encode(account, asset)). What an account has earned in all, never
 * decreasing; Core pays the difference to what was claimed. Its type is in
 * docs/protocol/1-structs.md.
 */
public record Payout(Address account, Address asset, Address payout, Amount cumulative)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type("Payout(address account,address asset,address payout,uint256 cumulative)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().address(account).address(asset).address(payout).uint256(cumulative).hash();
  }
}
