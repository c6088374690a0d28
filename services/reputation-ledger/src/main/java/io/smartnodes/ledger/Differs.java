package io.smartnodes.ledger;

import java.util.function.Supplier;

/** What was executed, or what another process stored, is not what follows from the state. */
final class Differs extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private Differs(RuntimeException cause) {
    super(cause.getMessage(), cause);
  }

  /**
   * Judges an epoch.
   *
   * @throws Differs if the work finds it to be wrong
   */
  static <T> T judged(Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalStateException | IllegalArgumentException differs) {
      throw new Differs(differs);
    }
  }
}
