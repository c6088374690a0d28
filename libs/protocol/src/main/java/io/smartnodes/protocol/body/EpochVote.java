package io.smartnodes.protocol.body;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/**
 * A vote for the executed digest of the epoch before. Its type is in docs/protocol/1-structs.md.
 */
public record EpochVote(Address operator, int round, Bytes signature) implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type("EpochVote(address operator,uint32 round,bytes signature)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().address(operator).uint32(round).bytes(signature).hash();
  }
}
