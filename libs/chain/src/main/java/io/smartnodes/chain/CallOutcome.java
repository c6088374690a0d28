package io.smartnodes.chain;

import io.smartnodes.crypto.Bytes;

/** What a call answered. */
public sealed interface CallOutcome {
  /** The contract returned. */
  record Returned(Bytes data) implements CallOutcome {}

  /** The contract refused. */
  record Reverted(ContractError error) implements CallOutcome {}
}
