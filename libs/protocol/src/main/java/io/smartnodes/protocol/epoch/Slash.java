package io.smartnodes.protocol.epoch;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/** Stake taken from an operator. Its type is in docs/protocol/1-structs.md. */
public record Slash(Address operator, Amount amount, Bytes32 evidenceId) implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type("Slash(address operator,uint256 amount,bytes32 evidenceId)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().address(operator).uint256(amount).bytes32(evidenceId).hash();
  }
}
