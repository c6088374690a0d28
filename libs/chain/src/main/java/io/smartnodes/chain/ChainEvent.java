package io.smartnodes.chain;

import io.smartnodes.chain.abi.CoreAbi;
import io.smartnodes.chain.abi.MultisigAbi;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.InboxKind;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

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

  /** Reads a log of the contracts; empty for events that the protocol does not follow. */
  static Optional<ChainEvent> read(ChainLog log, Address core, Address multisig) {
    if (log.topics().isEmpty()) {
      return Optional.empty();
    }
    Bytes32 topic = log.topics().getFirst();
    try {
      if (log.contract().equals(core) && topic.equals(Topics.ITEM_QUEUED)) {
        return Optional.of(queued(log, CoreAbi.InboxItemQueued.read(log.topics(), log.data())));
      }
      if (log.contract().equals(multisig) && topic.equals(Topics.UPDATE_EXECUTED)) {
        return Optional.of(executed(log, MultisigAbi.EpochExecuted.read(log.topics(), log.data())));
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException unreadable) {
      throw new ChainFailure("a log in block " + log.blockNumber() + " is unreadable", unreadable);
    }
    return Optional.empty();
  }

  private static ItemQueued queued(ChainLog log, CoreAbi.InboxItemQueued event) {
    InboxKind kind =
        InboxKind.of((int) event.kind())
            .orElseThrow(() -> new ChainFailure("unknown kind of inbox item: " + event.kind()));
    InboxItem item =
        new InboxItem(
            event.index(),
            kind,
            event.account(),
            event.asset(),
            new Amount(event.amount()),
            event.target(),
            event.data());
    return new ItemQueued(item, event.inboxHash(), log);
  }

  private static UpdateExecuted executed(ChainLog log, MultisigAbi.EpochExecuted event) {
    return new UpdateExecuted(
        event.epoch(),
        (int) event.round(),
        event.digest(),
        event.stateRoot(),
        event.bodyHash(),
        event.seed(),
        event.bitmap(),
        event.inboxCount(),
        Instant.ofEpochSecond(event.asOf()),
        log);
  }

  /** Hashes of the events' signatures. */
  final class Topics {
    private static final Bytes32 ITEM_QUEUED = Keccak.text(CoreAbi.InboxItemQueued.SIGNATURE);
    private static final Bytes32 UPDATE_EXECUTED = Keccak.text(MultisigAbi.EpochExecuted.SIGNATURE);

    private Topics() {}
  }
}
