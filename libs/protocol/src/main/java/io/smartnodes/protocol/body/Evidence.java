package io.smartnodes.protocol.body;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/**
 * Proof of an offence; no kind is defined yet, so that a body with evidence of its own is invalid.
 * Its type is in docs/protocol/1-structs.md.
 */
public record Evidence(int kind, Bytes32 subject, Bytes data) implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type("Evidence(uint8 kind,bytes32 subject,bytes data)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().uint8(kind).bytes32(subject).bytes(data).hash();
  }
}
