package io.smartnodes.protocol.peer;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.time.Instant;

/**
 * A node key vouches for the TLS key of one process, for at most 24 hours. Its type is in
 * docs/protocol/1-structs.md.
 */
public record Endorsement(Bytes32 subjectPublicKeyInfoHash, Instant notAfter) implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type("Endorsement(bytes32 subjectPublicKeyInfoHash,uint64 notAfter)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().bytes32(subjectPublicKeyInfoHash).time(notAfter).hash();
  }
}
