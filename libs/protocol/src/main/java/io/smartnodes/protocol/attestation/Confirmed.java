package io.smartnodes.protocol.attestation;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.util.List;

/**
 * A jury member replayed its sample of the receipt and found every unit equal; signed by its node
 * key. sampleEpoch and traces are zero and empty until sample secrets are registered. Its type is
 * in docs/protocol/1-structs.md.
 */
public record Confirmed(Bytes32 receiptHash, long sampleEpoch, List<Bytes32> traces)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type("Confirmed(bytes32 receiptHash,uint64 sampleEpoch,bytes32[] traces)");

  /** Copies the lists. */
  public Confirmed {
    traces = List.copyOf(traces);
  }

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().bytes32(receiptHash).uint64(sampleEpoch).bytes32s(traces).hash();
  }
}
