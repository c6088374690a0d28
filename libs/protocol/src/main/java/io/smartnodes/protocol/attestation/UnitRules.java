package io.smartnodes.protocol.attestation;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.Fuel;

/**
 * What every machine must do alike when it runs a unit (docs/protocol/5-attestation.md, 5.1): the
 * worker first, then whoever replays it. The limits are {@link io.smartnodes.protocol.UnitLimits}.
 */
public final class UnitRules {
  /** What every unit costs until instructions are counted. */
  public static final Fuel FUEL_PER_UNIT = new Fuel(1);

  private UnitRules() {}

  /** The 32 bytes from which the randomness of a unit follows (5.1.2). */
  public static Bytes32 seed(Bytes32 jobId, long index) {
    return Keccak.words(jobId, Bytes32.ofNumber(index));
  }
}
