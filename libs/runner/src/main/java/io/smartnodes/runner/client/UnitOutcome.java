package io.smartnodes.runner.client;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.protocol.Fuel;

/** How a unit ended. */
public sealed interface UnitOutcome {

  /** Its program ended with exit code 0. The same on every machine. */
  record Completed(Bytes output, Fuel fuel) implements UnitOutcome {}

  /**
   * Its program failed, and fails so on every machine.
   *
   * @param exitCode its own exit code for {@link Cause#EXIT}, else 0
   * @param detail for people only, never compared
   */
  record Trapped(Cause cause, int exitCode, String detail) implements UnitOutcome {}

  /**
   * Its module is none that anybody could run.
   *
   * @param reason for its author, one line
   */
  record Unreadable(String reason) implements UnitOutcome {}

  /**
   * It did not end here: time, memory, stack, a defect, or the death of the runner. Says nothing
   * about the program, and is never evidence.
   *
   * @param reason for people
   */
  record Unavailable(String reason) implements UnitOutcome {}

  /** What stops a program on every machine; the names are part of the protocol. */
  enum Cause {
    /** It ended itself with an exit code other than 0. */
    EXIT,
    /** A WebAssembly trap. */
    TRAP,
    /** It wrote more than a unit's output may have. */
    OUTPUT_TOO_LARGE
  }
}
