package io.smartnodes.chain;

import io.smartnodes.chain.Abi.Words;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
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
    Words words = Words.of(log.data());
    if (log.contract().equals(core) && topic.equals(Topics.ITEM_QUEUED)) {
      return Optional.of(queued(log, words));
    }
    if (log.contract().equals(multisig) && topic.equals(Topics.UPDATE_EXECUTED)) {
      return Optional.of(executed(log, words));
    }
    return Optional.empty();
  }

  private static ItemQueued queued(ChainLog log, Words words) {
    InboxKind kind =
        InboxKind.of(words.number(0).intValueExact())
            .orElseThrow(() -> new ChainFailure("unknown kind of inbox item"));
    InboxItem item =
        new InboxItem(
            log.topics().get(1).toNumber().longValueExact(),
            kind,
            Address.fromWord(log.topics().get(2)),
            words.address(1),
            words.amount(2),
            words.address(3),
            words.word(4));
    return new ItemQueued(item, words.word(5), log);
  }

  private static UpdateExecuted executed(ChainLog log, Words words) {
    return new UpdateExecuted(
        log.topics().get(1).toNumber().longValueExact(),
        words.number(0).intValueExact(),
        log.topics().get(2),
        words.word(1),
        words.word(2),
        words.word(3),
        words.number(4),
        words.int64(5),
        Instant.ofEpochSecond(words.int64(6)),
        log);
  }

  /** Hashes of the events' signatures. */
  final class Topics {
    private static final Bytes32 ITEM_QUEUED =
        Abi.hash("InboxItemQueued(uint64,uint8,address,address,uint256,address,bytes32,bytes32)");
    private static final Bytes32 UPDATE_EXECUTED =
        Abi.hash(
            "EpochExecuted(uint64,uint32,bytes32,bytes32,bytes32,bytes32,uint256,uint64,uint64)");

    private Topics() {}
  }
}
