package io.smartnodes.cli.terminal;

/** The user asked for something that cannot be; the message says what to do instead. */
public final class UsageProblem extends RuntimeException {
  /** A problem with this message. */
  public UsageProblem(String message) {
    super(message);
  }
}
