package io.smartnodes.protocol.peer;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.time.Instant;

/**
 * A node acknowledges that it stores a DHT record; signed by its node key. Its type is in
 * docs/protocol/1-structs.md.
 */
public record StoreReceipt(Bytes32 key, Bytes32 recordHash, Instant expiry) implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type("StoreReceipt(bytes32 key,bytes32 recordHash,uint64 expiry)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().bytes32(key).bytes32(recordHash).time(expiry).hash();
  }
}
