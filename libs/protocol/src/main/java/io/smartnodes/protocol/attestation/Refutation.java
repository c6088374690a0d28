package io.smartnodes.protocol.attestation;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/**
 * A jury member replayed one unit and got another result; signed by its node key; its hash is the
 * evidence id. Its type is in docs/protocol/1-structs.md.
 */
public record Refutation(
    Bytes32 receiptHash,
    long unit,
    Bytes32 inputHash,
    Bytes32 claimedOutputHash,
    Bytes32 replayedOutputHash,
    Fuel replayedFuel)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "Refutation(bytes32 receiptHash,uint64 unit,bytes32 inputHash,bytes32 claimedOutp"
              + "utHash,bytes32 replayedOutputHash,uint64 replayedFuel)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .bytes32(receiptHash)
        .uint64(unit)
        .bytes32(inputHash)
        .bytes32(claimedOutputHash)
        .bytes32(replayedOutputHash)
        .fuel(replayedFuel)
        .hash();
  }
}
