package io.smartnodes.protocol.epoch;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import java.time.Instant;

/** What an epoch's state machine asks for; the new state is kept before any of it is done. */
public sealed interface RoundEffect {
  /** Build a proposal for a round from the items held. */
  record BuildProposal(int round) implements RoundEffect {}

  /** Announce a proposal to all validators. */
  record Announce(int round, Bytes32 digest) implements RoundEffect {}

  /** Get the body of a proposal from a validator that has it. */
  record Fetch(Bytes32 digest, Address from) implements RoundEffect {}

  /** Derive the update from the body and try its execution. */
  record Check(Bytes32 digest) implements RoundEffect {}

  /** Sign a vote, past the guard, and send it to all validators. */
  record CastVote(int round, Bytes32 digest) implements RoundEffect {}

  /** Send the execution with the votes of a round to the chain. */
  record Submit(int round, Bytes32 digest) implements RoundEffect {}

  /** Tick at this chain time at the latest. */
  record WakeAt(Instant time) implements RoundEffect {}
}
