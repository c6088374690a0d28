package io.smartnodes.protocol.state;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.util.List;

/**
 * Leaf 8, key: zero. Values in the order of docs/protocol/parameters.md. Its type is in
 * docs/protocol/1-structs.md.
 */
public record Parameters(long version, List<Amount> values) implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type("Parameters(uint64 version,uint256[] values)");

  /** Copies the lists. */
  public Parameters {
    values = List.copyOf(values);
  }

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().uint64(version).uint256s(values).hash();
  }
}
