package io.smartnodes.wasm;

/** What the engine makes of a binary. */
public sealed interface ModuleCheck {

  /** It can be run. */
  record Accepted(CompiledModule module) implements ModuleCheck {}

  /**
   * It is not a WASI preview 1 command module within the limits.
   *
   * @param reason for its author, one line
   */
  record Unreadable(String reason) implements ModuleCheck {}
}
