package io.smartnodes.protocol.body;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/** The signature of one validator. Its type is in docs/protocol/1-structs.md. */
public record MemberSignature(Address operator, Bytes signature) implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type("MemberSignature(address operator,bytes signature)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().address(operator).bytes(signature).hash();
  }
}
