package io.smartnodes.protocol.merkle;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.Fuel;

/** What a worker claims of one unit: a leaf of the results tree (2.1.2). */
public record UnitResult(long index, Bytes32 inputHash, Bytes32 outputHash, Fuel fuel) {
  Bytes32 leaf() {
    return Keccak.words(
        Keccak.words(
            Bytes32.ofNumber(index), inputHash, outputHash, Bytes32.ofNumber(fuel.value())));
  }
}
