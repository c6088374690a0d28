package io.smartnodes.runner.client;

/** What the runner makes of a module. */
public sealed interface ModuleVerdict {

  /** It can be run. */
  record Accepted() implements ModuleVerdict {}

  /** It is none that anybody could run; the reason is for its author. */
  record Unreadable(String reason) implements ModuleVerdict {}

  /** This machine cannot say: the runner does not answer, or shuns the module. */
  record Unavailable(String reason) implements ModuleVerdict {}
}
