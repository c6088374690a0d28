package io.smartnodes.protocol.attestation;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/**
 * A jury member asked the worker itself and through others, and got no opening; signed by its node
 * key. Its type is in docs/protocol/1-structs.md.
 */
public record Silent(Bytes32 receiptHash) implements Struct {
  private static final StructHasher.Type TYPE = StructHasher.type("Silent(bytes32 receiptHash)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().bytes32(receiptHash).hash();
  }
}
