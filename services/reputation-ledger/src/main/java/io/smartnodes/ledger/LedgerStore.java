package io.smartnodes.ledger;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.Outbox;
import io.smartnodes.events.signal.Signals;
import io.smartnodes.proto.chain.v1.BlockSeen;
import io.smartnodes.proto.epoch.v1.EpochExecuted;
import io.smartnodes.proto.reputation.v1.StateAdvanced;
import io.smartnodes.quarkus.Tx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** The tables of the ledger. Methods with a session run in the caller's transaction. */
@ApplicationScoped
public class LedgerStore {
  /** Name of the persistence unit. */
  static final String UNIT = "ledger";

  private static final String TOPIC = "reputation.v1";
  private static final String KEY = "state";

  private final Tx tx;
  private final Outbox outbox;

  /** Called by the container. */
  public LedgerStore(Tx tx, Outbox outbox) {
    this.tx = tx;
    this.outbox = outbox;
  }

  /** The applied epochs after one, in order, at most {@code limit}. */
  List<EpochEntryRow> entriesAfter(long epoch, int limit) {
    return tx.runAndAwait(
        UNIT,
        session ->
            session
                .createQuery(
                    "from EpochEntryRow where epoch > :epoch order by epoch", EpochEntryRow.class)
                .setParameter("epoch", epoch)
                .setMaxResults(limit)
                .getResultList());
  }

  /** What was written of an applied epoch. */
  Uni<Optional<EpochEntryRow>> entry(long epoch) {
    return tx.run(
        UNIT, session -> session.find(EpochEntryRow.class, epoch).map(Optional::ofNullable));
  }

  /** An epoch that was executed and waits to be applied. */
  Optional<EpochExecuted> executed(long epoch) {
    return tx.runAndAwait(
        UNIT,
        session ->
            session
                .createNativeQuery(
                    "select encode(payload, 'hex') from {h-schema}executed_epoch"
                        + " where epoch = :epoch",
                    String.class)
                .setParameter("epoch", epoch)
                .getResultList()
                .map(rows -> rows.stream().findFirst().map(LedgerStore::parse)));
  }

  /**
   * Appends an entry and tells of it, in one transaction; false if another instance has appended
   * its epoch before: nothing is stored then, and nothing told.
   */
  boolean append(EpochEntryRow entry, List<StateAdvanced> parts) {
    return tx.runAndAwait(
        UNIT,
        session ->
            insert(session, entry)
                .chain(inserted ->
                    inserted == 0
                        ? Uni.createFrom().item(false)
                        : session
                            .createNativeQuery(
                                "delete from {h-schema}executed_epoch where epoch <= :epoch")
                            .setParameter("epoch", entry.epoch)
                            .executeUpdate()
                            .chain(() -> publish(parts))
                            .chain(() ->
                                Signals.emit(StateLedger.APPENDED, Long.toString(entry.epoch)))
                            .replaceWith(true)));
  }

  private static Uni<Integer> insert(Mutiny.Session session, EpochEntryRow entry) {
    return session
        .createNativeQuery(
            "insert into {h-schema}epoch_entry"
                + " (epoch, payload, state_root, seed, digest, entry_hash, applied_at)"
                + " values (:epoch, :payload, :root, :seed, :digest, :hash, :at)"
                + " on conflict do nothing")
        .setParameter("epoch", entry.epoch)
        .setParameter("payload", entry.payload)
        .setParameter("root", entry.stateRoot)
        .setParameter("seed", entry.seed)
        .setParameter("digest", entry.digest)
        .setParameter("hash", entry.entryHash)
        .setParameter("at", entry.appliedAt)
        .executeUpdate();
  }

  private Uni<Void> publish(List<StateAdvanced> parts) {
    Uni<Void> all = Uni.createFrom().voidItem();
    for (StateAdvanced part : parts) {
      all = all.chain(() -> outbox.publish(TOPIC, KEY, part));
    }
    return all;
  }

  /** Keeps an executed epoch until it is applied; one that is known stays as it is. */
  static Uni<Void> keep(Mutiny.Session session, EpochExecuted executed) {
    return session
        .createNativeQuery(
            "insert into {h-schema}executed_epoch (epoch, payload) select :epoch, :payload"
                + " where not exists"
                + " (select 1 from {h-schema}epoch_entry where epoch = :epoch)"
                + " on conflict do nothing")
        .setParameter("epoch", executed.getEpoch())
        .setParameter("payload", executed.toByteArray())
        .executeUpdate()
        .replaceWithVoid();
  }

  /** Keeps the hash of a block; a reorganisation replaces it. */
  static Uni<Void> keep(Mutiny.Session session, BlockSeen block) {
    return session
        .createNativeQuery(
            "insert into {h-schema}block (number, hash) values (:number, :hash)"
                + " on conflict (number) do update set hash = excluded.hash")
        .setParameter("number", block.getNumber())
        .setParameter("hash", hex(block.getHash()))
        .executeUpdate()
        .chain(() ->
            session
                .createNativeQuery(
                    "insert into {h-schema}chain_head (one, confirmed) values (1, :confirmed)"
                        + " on conflict (one) do update set confirmed ="
                        + " greatest({h-schema}chain_head.confirmed, excluded.confirmed)")
                .setParameter("confirmed", block.getConfirmedNumber())
                .executeUpdate())
        .replaceWithVoid();
  }

  /** The hashes of those blocks that are at confirmation depth. */
  Uni<Map<Long, Bytes32>> confirmedBlocks(Collection<Long> numbers) {
    if (numbers.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    return tx.run(
        UNIT,
        session ->
            session
                .createNativeQuery(
                    "select number, hash from {h-schema}block where number in (:numbers)"
                        + " and number <= (select confirmed from {h-schema}chain_head)",
                    Object[].class)
                .setParameter("numbers", numbers)
                .getResultList()
                .map(rows ->
                    rows.stream()
                        .collect(
                            Collectors.toMap(
                                row -> ((Number) row[0]).longValue(),
                                row -> Bytes32.fromHex((String) row[1])))));
  }

  private static String hex(ByteString hash) {
    return Bytes32.of(hash.toByteArray()).toString();
  }

  private static EpochExecuted parse(String hex) {
    return parse(io.smartnodes.crypto.Bytes.fromHex(hex).toArray());
  }

  /** Reads a stored payload. */
  static EpochExecuted parse(byte[] payload) {
    try {
      return EpochExecuted.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a stored epoch cannot be read", e);
    }
  }
}
