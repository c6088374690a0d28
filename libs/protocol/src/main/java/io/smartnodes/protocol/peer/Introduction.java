package io.smartnodes.protocol.peer;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/**
 * A validator introduces a registration into a body, within its quota; signed by its node key. Its
 * type is in docs/protocol/1-structs.md.
 */
public record Introduction(Bytes32 registrationHash, Address operator) implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type("Introduction(bytes32 registrationHash,address operator)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().bytes32(registrationHash).address(operator).hash();
  }
}
