package io.smartnodes.protocol.epoch;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/**
 * A vote for a digest in one round of one epoch; signed by the node key of a validator, at most one
 * per epoch and round. Its type is in docs/protocol/1-structs.md.
 */
public record Vote(long epoch, int round, Bytes32 digest) implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type("Vote(uint64 epoch,uint32 round,bytes32 digest)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().uint64(epoch).uint32(round).bytes32(digest).hash();
  }
}
