package io.smartnodes.protocol.attestation;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.merkle.SumSibling;
import io.smartnodes.protocol.merkle.UnitResult;
import java.util.List;

/**
 * What a worker shows of one unit: its input and output with the proofs that they belong to the job
 * and to the receipt.
 *
 * @param inputProof of the inputs tree, from the leaf upwards
 * @param output as committed: of a failed program the bytes of {@link TrapOutput}
 * @param proof of the results tree, from the leaf upwards
 */
public record Opening(
    long index,
    Bytes input,
    List<Bytes32> inputProof,
    Bytes output,
    Fuel fuel,
    List<SumSibling> proof) {
  /** Copies the lists. */
  public Opening {
    inputProof = List.copyOf(inputProof);
    proof = List.copyOf(proof);
  }

  /** The leaf that it claims. */
  public UnitResult claimed() {
    return new UnitResult(index, input.keccak(), output.keccak(), fuel);
  }
}
