package io.smartnodes.protocol.attestation;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/**
 * A jury member asked the worker for outputs that the user claims not to have got, and got none;
 * signed by its node key. Its type is in docs/protocol/1-structs.md.
 */
public record Undelivered(Bytes32 receiptHash) implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type("Undelivered(bytes32 receiptHash)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().bytes32(receiptHash).hash();
  }
}
