package io.smartnodes.protocol;

/**
 * Bounds of one unit in the built-in network: part of the protocol, equal for all who run or judge
 * a job (docs/protocol/4-jobs.md). An opening carries input and output in one message.
 */
public final class UnitLimits {
  /** The largest module, in bytes. */
  public static final int MAX_MODULE_BYTES = 32 << 20;

  /** The largest input of a unit, in bytes. */
  public static final int MAX_INPUT_BYTES = 1 << 20;

  /** The largest output of a unit, in bytes; more traps. */
  public static final int MAX_OUTPUT_BYTES = 2 << 20;

  /** The largest linear memory, in pages of 64 KiB; more is refused to the program. */
  public static final int MAX_MEMORY_PAGES = 4096;

  private UnitLimits() {}
}
