package io.smartnodes.chain;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.epoch.InboxItem;
import java.math.BigInteger;
import java.time.Instant;

/** What the contracts emitted that the protocol follows. */
public sealed interface ChainEvent {
  /** The event as it stands in the chain. */
  ChainLog log();

  /** Core queued an item; inboxHash is the rolling hash after it. */
  record ItemQueued(InboxItem item, Bytes32 inboxHash, ChainLog log) implements ChainEvent {}

  /** The multisig executed the update of an epoch; bit i of the bitmap is set position i. */
  record UpdateExecuted(
      long epoch,
      int round,
      Bytes32 digest,
      Bytes32 stateRoot,
      Bytes32 bodyHash,
      Bytes32 seed,
      BigInteger bitmap,
      long inboxCount,
      Instant asOf,
      ChainLog log)
      implements ChainEvent {}
}
