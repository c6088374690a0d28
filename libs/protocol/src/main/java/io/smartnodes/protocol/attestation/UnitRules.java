package io.smartnodes.protocol.attestation;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.Fuel;

/**
 * What every machine must do alike when it runs a unit (docs/protocol/5-attestation.md, 5.1): the
 * worker first, then whoever replays it.
 */
public final class UnitRules {
  /** The most bytes of an input. */
  public static final int MAX_INPUT_BYTES = 4 << 20;

  /** The most bytes of an output; a program that writes more is stopped (5.1.3). */
  public static final int MAX_OUTPUT_BYTES = 4 << 20;

  /** The most linear memory, in pages of 64 KiB: 256 MiB. */
  public static final int MAX_MEMORY_PAGES = 4_096;

  /** What every unit costs until instructions are counted. */
  public static final Fuel FUEL_PER_UNIT = new Fuel(1);

  private UnitRules() {}

  /** The 32 bytes from which the randomness of a unit follows (5.1.2). */
  public static Bytes32 seed(Bytes32 jobId, long index) {
    return Keccak.words(jobId, Bytes32.ofNumber(index));
  }
}
