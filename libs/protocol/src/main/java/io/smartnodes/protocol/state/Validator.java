package io.smartnodes.protocol.state;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/** Leaf 6, key: the operator. status: 1 active. Its type is in docs/protocol/1-structs.md. */
public record Validator(
    Address operator,
    Bytes publicKey,
    Address payout,
    Bytes32 seat,
    long since,
    Bytes32 sampleCommitment,
    int status)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "Validator(address operator,bytes publicKey,address payout,bytes32 seat,uint64 si"
              + "nce,bytes32 sampleCommitment,uint32 status)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .address(operator)
        .bytes(publicKey)
        .address(payout)
        .bytes32(seat)
        .uint64(since)
        .bytes32(sampleCommitment)
        .uint32(status)
        .hash();
  }
}
