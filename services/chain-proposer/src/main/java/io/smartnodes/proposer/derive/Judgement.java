package io.smartnodes.proposer.derive;

import io.smartnodes.crypto.Bytes32;
import java.time.Duration;

/** What came of building or checking a proposal. */
public sealed interface Judgement {
  /** It is valid, and the chain would take it. */
  record Valid(Bytes32 digest, int effectiveItems) implements Judgement {}

  /** It is invalid for good. */
  record Refused(String item, String reason) implements Judgement {}

  /**
   * It cannot be judged now: more of the chain must be confirmed, a sibling does not answer, or the
   * contracts are paused.
   *
   * @param pause before it is worth another try
   */
  record Undecided(String reason, Duration pause) implements Judgement {
    /** Worth another try at once. */
    public Undecided(String reason) {
      this(reason, Duration.ZERO);
    }
  }
}
