package io.smartnodes.protocol.state;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.time.Instant;

/**
 * Leaf 1, key: the account. A worker or user. roles: 1 worker, 2 user. alpha and beta in
 * micro-units. Its type is in docs/protocol/1-structs.md.
 */
public record Account(
    Address account,
    Bytes publicKey,
    int roles,
    Address payout,
    long sequence,
    Status status,
    long alpha,
    long beta,
    long certified,
    int suspensions,
    Instant statusUntil,
    Bytes32 evidenceId,
    long since)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "Account(address account,bytes publicKey,uint32 roles,address payout,uint64 seque"
              + "nce,uint8 status,uint64 alpha,uint64 beta,uint64 certified,uint32 suspensions,ui"
              + "nt64 statusUntil,bytes32 evidenceId,uint64 since)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .address(account)
        .bytes(publicKey)
        .uint32(roles)
        .address(payout)
        .uint64(sequence)
        .uint8(status.code())
        .uint64(alpha)
        .uint64(beta)
        .uint64(certified)
        .uint32(suspensions)
        .time(statusUntil)
        .bytes32(evidenceId)
        .uint64(since)
        .hash();
  }
}
