package io.smartnodes.protocol.peer;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.time.Instant;

/**
 * An account takes the roles of worker or user with a node key; signed by both keys. The highest
 * sequence wins, then the lowest hash. Its type is in docs/protocol/1-structs.md.
 */
public record Registration(
    Address account, Bytes publicKey, int roles, Address payout, long sequence, Instant expiry)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "Registration(address account,bytes publicKey,uint32 roles,address payout,uint64 "
              + "sequence,uint64 expiry)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .address(account)
        .bytes(publicKey)
        .uint32(roles)
        .address(payout)
        .uint64(sequence)
        .time(expiry)
        .hash();
  }
}
