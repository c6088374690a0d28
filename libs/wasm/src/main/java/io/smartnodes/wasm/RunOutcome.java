package io.smartnodes.wasm;

/** How a run ended. */
public sealed interface RunOutcome {

  /**
   * The program ended with exit code 0. The same on every machine.
   *
   * @param output all of stdout
   * @param fuel what the run cost; 1 as long as instructions are not counted
   */
  record Completed(Blob output, long fuel) implements RunOutcome {}

  /**
   * The program failed, and fails so on every machine.
   *
   * @param cause what stopped it
   * @param exitCode its own exit code for {@link Cause#EXIT}, else 0
   * @param detail for people only, never compared: its wording may differ between machines
   */
  record Trapped(Cause cause, int exitCode, String detail) implements RunOutcome {}

  /**
   * This machine could not run it to its end: time, memory, stack or a defect. Says nothing about
   * the program, and is never evidence.
   *
   * @param reason for people
   */
  record Unavailable(String reason) implements RunOutcome {}

  /** What stops a program on every machine. */
  enum Cause {
    /** It ended itself with an exit code other than 0. */
    EXIT,
    /** A WebAssembly trap: unreachable code, a bad address, a division by zero. */
    TRAP,
    /** It wrote more than a unit's output may have. */
    OUTPUT_TOO_LARGE
  }
}
