package io.smartnodes.protocol.attestation;

import io.smartnodes.crypto.Bytes;
import java.nio.charset.StandardCharsets;

/**
 * The output of a unit whose program failed as it fails on every machine: such a unit is done, is
 * paid and is compared like any other (docs/protocol/5-attestation.md). The bytes are ASCII, {@code
 * smartnodes.trap:CAUSE:EXIT_CODE}; the output hash is their Keccak-256, as of every output.
 */
public final class TrapOutput {
  private static final String PREFIX = "smartnodes.trap:";

  private TrapOutput() {}

  /** The output that stands for a failure. */
  public static Bytes of(String cause, int exitCode) {
    return Bytes.of((PREFIX + cause + ":" + exitCode).getBytes(StandardCharsets.US_ASCII));
  }
}
