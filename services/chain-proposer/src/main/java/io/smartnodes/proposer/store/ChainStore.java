package io.smartnodes.proposer.store;

import io.smallrye.mutiny.Uni;
import io.smartnodes.chain.Block;
import io.smartnodes.chain.ChainEvent;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.Outbox;
import io.smartnodes.proposer.duty.Duty;
import io.smartnodes.proto.chain.v1.BlockSeen;
import io.smartnodes.proto.chain.v1.InboxItemConfirmed;
import io.smartnodes.proto.epoch.v1.EpochExecuted;
import io.smartnodes.proto.types.v1.InboxItem;
import io.smartnodes.protocol.epoch.InboxKind;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.wire.EpochStructs;
import io.smartnodes.wire.Fields;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Blocks, inbox and executions; every method is a transaction and waits for its commit. Only the
 * process that acts for the validator writes.
 */
@ApplicationScoped
public class ChainStore {
  private static final String EXECUTION =
      "select epoch, round, digest, body_hash, seed, bitmap, inbox_count, as_of, transaction,"
          + " block_number, gas_used from {h-schema}execution ";

  private final Tx tx;
  private final Duty duty;
  private final Outbox outbox;

  /** Called by the container. */
  public ChainStore(Tx tx, Duty duty, Outbox outbox) {
    this.tx = tx;
    this.duty = duty;
    this.outbox = outbox;
  }

  /** A confirmed execution. */
  public record Execution(
      long epoch,
      int round,
      Bytes32 digest,
      Bytes32 bodyHash,
      Bytes32 seed,
      BigInteger bitmap,
      long inboxCount,
      Instant asOf,
      Bytes32 transaction,
      long blockNumber,
      long gasUsed) {}

  /** A confirmed item of the inbox with the rolling hash after it. */
  public record QueuedItem(InboxItem item, Bytes32 inboxHash) {}

  /** Up to which block events were processed; empty at the first start. */
  public Optional<Long> position() {
    return tx
        .runAndAwait(
            Rows.UNIT,
            session ->
                Rows.list(
                    "select confirmed, one from {h-schema}chain_position",
                    Map.of(),
                    row -> row.number(0)))
        .stream()
        .findFirst();
  }

  /** Keeps what a look at the chain found, and publishes the blocks and inbox items. */
  public void keep(
      List<Block> blocks,
      long confirmed,
      List<ChainEvent.ItemQueued> queued,
      List<Execution> executions) {
    duty.write(session -> {
      Uni<Void> all = moveTo(confirmed);
      for (Block block : blocks) {
        all = all.chain(() -> outbox.publish("chain.v1", "chain", seen(block, confirmed)));
      }
      for (ChainEvent.ItemQueued item : queued) {
        all = all.chain(() -> insert(item));
      }
      for (Execution execution : executions) {
        all = all.chain(() -> insert(execution));
      }
      return all;
    });
  }

  private static Uni<Void> moveTo(long confirmed) {
    return Rows.execute(
            "insert into {h-schema}chain_position (confirmed) values (:confirmed)"
                + " on conflict (one) do update set confirmed = excluded.confirmed",
            Map.of("confirmed", confirmed))
        .replaceWithVoid();
  }

  private static BlockSeen seen(Block block, long confirmed) {
    return BlockSeen.newBuilder()
        .setNumber(block.number())
        .setHash(Fields.bytes(block.hash()))
        .setTime(block.time().getEpochSecond())
        .setConfirmedNumber(confirmed)
        .build();
  }

  private Uni<Void> insert(ChainEvent.ItemQueued queued) {
    InboxItem item = EpochStructs.toProto(queued.item());
    return Rows.execute(
            "insert into {h-schema}inbox_item (index, payload, inbox_hash, kind)"
                + " values (:index, :payload, :hash, :kind) on conflict do nothing",
            Map.of(
                "index",
                queued.item().index(),
                "payload",
                item.toByteArray(),
                "hash",
                queued.inboxHash().toString(),
                "kind",
                (short) queued.item().kind().code()))
        .chain(inserted ->
            inserted == 0
                ? Uni.createFrom().voidItem()
                : outbox.publish(
                    "chain.v1",
                    "chain",
                    InboxItemConfirmed.newBuilder()
                        .setItem(item)
                        .setInboxHash(Fields.bytes(queued.inboxHash()))
                        .build()));
  }

  private static Uni<Void> insert(Execution execution) {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("epoch", execution.epoch());
    parameters.put("round", execution.round());
    parameters.put("digest", execution.digest().toString());
    parameters.put("body", execution.bodyHash().toString());
    parameters.put("seed", execution.seed().toString());
    parameters.put("bitmap", execution.bitmap().toString(16));
    parameters.put("inbox", execution.inboxCount());
    parameters.put("asof", execution.asOf().getEpochSecond());
    parameters.put("tx", execution.transaction().toString());
    parameters.put("block", execution.blockNumber());
    parameters.put("gas", execution.gasUsed());
    return Rows.execute(
            "insert into {h-schema}execution (epoch, round, digest, body_hash, seed, bitmap,"
                + " inbox_count, as_of, transaction, block_number, gas_used) values (:epoch, :round,"
                + " :digest, :body, :seed, :bitmap, :inbox, :asof, :tx, :block, :gas)"
                + " on conflict do nothing",
            parameters)
        .replaceWithVoid();
  }

  /** The inbox items from an index up to a count, both as Core counts. */
  public List<QueuedItem> inbox(long from, long count) {
    return tx.runAndAwait(
        Rows.UNIT,
        session ->
            Rows.list(
                "select encode(payload, 'hex'), inbox_hash from {h-schema}inbox_item"
                    + " where index >= :from and index < :count order by index",
                Map.of("from", from, "count", count),
                row ->
                    new QueuedItem(
                        row.message(0, InboxItem.parser()), Bytes32.fromHex(row.text(1)))));
  }

  /** How many items must be consumed before bodies may hold anything; 0 without an escape. */
  public long escapeBarrier() {
    return tx.runAndAwait(
            Rows.UNIT,
            session ->
                Rows.list(
                    "select coalesce(max(index) + 1, 0), 1 from {h-schema}inbox_item"
                        + " where kind = :kind",
                    Map.of("kind", (short) InboxKind.ESCAPE.code()),
                    row -> row.number(0)))
        .getFirst();
  }

  /** The first execution that is not published yet. */
  public Optional<Execution> unpublished() {
    return executions("where not published order by epoch limit 1", Map.of());
  }

  /** The execution of an epoch. */
  public Optional<Execution> execution(long epoch) {
    return executions("where epoch = :epoch", Map.of("epoch", epoch));
  }

  /** The newest published execution. */
  public Optional<Execution> newest() {
    return executions("where published order by epoch desc limit 1", Map.of());
  }

  private Optional<Execution> executions(String where, Map<String, ?> parameters) {
    return tx
        .runAndAwait(
            Rows.UNIT, session -> Rows.list(EXECUTION + where, parameters, ChainStore::execution))
        .stream()
        .findFirst();
  }

  private static Execution execution(Rows.Columns row) {
    return new Execution(
        row.number(0),
        (int) row.number(1),
        Bytes32.fromHex(row.text(2)),
        Bytes32.fromHex(row.text(3)),
        Bytes32.fromHex(row.text(4)),
        new BigInteger(row.text(5), 16),
        row.number(6),
        Instant.ofEpochSecond(row.number(7)),
        Bytes32.fromHex(row.text(8)),
        row.number(9),
        row.number(10));
  }

  /** Publishes an execution, once, and drops the items that its body holds from the pool. */
  public void publish(EpochExecuted executed, Bytes32 digest, List<String> itemHashes) {
    duty.write(session ->
        Rows.execute(
                "update {h-schema}execution set published = true"
                    + " where epoch = :epoch and not published",
                Map.of("epoch", executed.getEpoch()))
            .chain(first ->
                first == 0
                    ? Uni.createFrom().voidItem()
                    : outbox
                        .publish("epoch.v1", "epoch", executed)
                        .chain(() -> ItemStore.drop(itemHashes))
                        .chain(() -> EpochStore.forgetOthers(executed.getEpoch(), digest))
                        .replaceWithVoid()));
  }
}
