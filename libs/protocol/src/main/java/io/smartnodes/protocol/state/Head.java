package io.smartnodes.protocol.state;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.time.Instant;

/**
 * Leaf 10, key: zero. Where the state stands. drainedAt is the last epoch that only drained the
 * inbox, zero if none did. Its type is in docs/protocol/1-structs.md.
 */
public record Head(long epoch, Instant asOf, long inboxCount, Bytes32 inboxHash, long drainedAt)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "Head(uint64 epoch,uint64 asOf,uint64 inboxCount,bytes32 inboxHash,uint64 drainedAt)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .uint64(epoch)
        .time(asOf)
        .uint64(inboxCount)
        .bytes32(inboxHash)
        .uint64(drainedAt)
        .hash();
  }
}
