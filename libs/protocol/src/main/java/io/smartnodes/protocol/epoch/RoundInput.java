package io.smartnodes.protocol.epoch;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;

/** What an epoch's state machine is told. Who said it was checked before. */
public sealed interface RoundInput {
  /** Chain time went on. */
  record Tick() implements RoundInput {}

  /** Our own proposal is ready and kept. */
  record Built(int round, Bytes32 digest, int effectiveItems) implements RoundInput {}

  /** Our own proposal could not be built now. */
  record NotBuilt(int round) implements RoundInput {}

  /** A proposer announced a proposal, which is kept. */
  record Announced(int round, Bytes32 digest, Address proposer) implements RoundInput {}

  /** The body of a proposal is here. */
  record Fetched(Bytes32 digest) implements RoundInput {}

  /** Nobody that was asked gave the body. */
  record NotFetched(Bytes32 digest) implements RoundInput {}

  /** A proposal is valid, so its execution would be accepted. */
  record Checked(Bytes32 digest, int effectiveItems) implements RoundInput {}

  /** A proposal is invalid for good. */
  record Refused(Bytes32 digest) implements RoundInput {}

  /** A proposal cannot be judged before more of the chain is confirmed here. */
  record Undecided(Bytes32 digest) implements RoundInput {}

  /** A validator voted; the signature was checked. */
  record Voted(Address operator, int round, Bytes32 digest) implements RoundInput {}

  /** The execution of the epoch is confirmed. */
  record Executed(Bytes32 digest) implements RoundInput {}
}
