package io.smartnodes.proposer;

import io.smartnodes.crypto.Bytes32;

/** What came of building or checking a proposal. */
sealed interface Judgement {
  /** It is valid, and the chain would take it. */
  record Valid(Bytes32 digest, int effectiveItems) implements Judgement {}

  /** It is invalid for good. */
  record Refused(String item, String reason) implements Judgement {}

  /** It cannot be judged now: more of the chain must be confirmed, or a sibling does not answer. */
  record Undecided(String reason) implements Judgement {}
}
