package io.smartnodes.protocol.peer;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/**
 * A validator's node key proves on the chain that it wants to serve this operator; signed by the
 * node key. nodeKeyX and nodeKeyY are its point. Its type is in docs/protocol/1-structs.md.
 */
public record NodeKeyProof(Address operator, Bytes32 nodeKeyX, Bytes32 nodeKeyY) implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type("NodeKeyProof(address operator,bytes32 nodeKeyX,bytes32 nodeKeyY)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().address(operator).bytes32(nodeKeyX).bytes32(nodeKeyY).hash();
  }
}
