package io.smartnodes.protocol.body;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.util.List;

/**
 * The verdict of one jury member. For a confirmation the signature is over Confirmed, for a
 * refutation over Refutation, for silence over Silent. Its type is in docs/protocol/1-structs.md.
 */
public record MemberVerdict(
    Address operator, long sampleEpoch, List<Bytes32> traces, Bytes signature) implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "MemberVerdict(address operator,uint64 sampleEpoch,bytes32[] traces,bytes signatu"
              + "re)");

  /** Copies the lists. */
  public MemberVerdict {
    traces = List.copyOf(traces);
  }

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .address(operator)
        .uint64(sampleEpoch)
        .bytes32s(traces)
        .bytes(signature)
        .hash();
  }
}
