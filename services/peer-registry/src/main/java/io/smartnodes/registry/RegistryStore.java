package io.smartnodes.registry;

import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.Outbox;
import io.smartnodes.proto.peer.v1.RegistrationAccepted;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.body.SignedRegistration;
import io.smartnodes.protocol.dht.DhtRecord;
import io.smartnodes.protocol.dht.RecordSelector;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.wire.BodyStructs;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** What the registry keeps; every method is a transaction and waits for its commit. */
@ApplicationScoped
public class RegistryStore {
  /** The persistence unit, datasource and schema. */
  static final String UNIT = "registry";

  private final Tx tx;
  private final Outbox outbox;

  /** Called by the container. */
  public RegistryStore(Tx tx, Outbox outbox) {
    this.tx = tx;
    this.outbox = outbox;
  }

  /** What we introduced for an account. */
  record Introduced(Address account, PeerId node, long sequence, Bytes32 hash) {}

  /** Keeps the better of the record and what is stored, and returns the one that stands. */
  DhtRecord keep(DhtRecord record, Instant now) {
    return tx.runAndAwait(
        UNIT,
        session ->
            locked(session, record)
                .chain(row -> {
                  if (row.sequence > 0) {
                    DhtRecord old = Records.stored(row.payload);
                    if (!RecordSelector.replaces(record, old)) {
                      row.refreshedAt = now;
                      return Uni.createFrom().item(old);
                    }
                  }
                  row.set(record, now);
                  return Uni.createFrom().item(record);
                }));
  }

  /** The row of the record's author and kind, locked; made if there is none. */
  private static Uni<RecordRow> locked(Mutiny.Session session, DhtRecord record) {
    byte[] author = record.author().value().toArray();
    return session
        .createNativeQuery(
            "insert into {h-schema}dht_record"
                + " (author, kind, key, sequence, hash, expiry, refreshed_at, payload)"
                + " values (:author, :kind, '', 0, '', now(), now(), '') on conflict do nothing")
        .setParameter("author", author)
        .setParameter("kind", record.kind())
        .executeUpdate()
        .chain(ignored ->
            session.find(
                RecordRow.class,
                new RecordRow.Key(author, record.kind()),
                jakarta.persistence.LockModeType.PESSIMISTIC_WRITE));
  }

  /** The record under a key, if it has not ended. */
  Optional<DhtRecord> find(Bytes32 key, Instant now) {
    return all(
            "from RecordRow where (key = ?1 or (author = ?1 and kind = 1)) and expiry > ?2",
            1,
            key.toArray(),
            now)
        .stream()
        .findFirst();
  }

  /** The node record of a peer, also one that has ended. */
  Optional<DhtRecord> last(PeerId peer) {
    return all("from RecordRow where author = ?1 and kind = 1", 1, (Object) peer.value().toArray())
        .stream()
        .findFirst();
  }

  /** Records that have not ended, the newest first. */
  List<DhtRecord> live(Instant now, int limit) {
    return all("from RecordRow where expiry > ?1 order by expiry desc", limit, now);
  }

  /** Live records that nobody has refreshed since then, the oldest first. */
  List<DhtRecord> unrefreshedSince(Instant then, Instant now, int limit) {
    return all(
        "from RecordRow where refreshedAt <= ?1 and expiry > ?2 order by refreshedAt",
        limit,
        then,
        now);
  }

  private List<DhtRecord> all(String query, int limit, Object... parameters) {
    return tx.runAndAwait(
        UNIT,
        session -> {
          Mutiny.SelectionQuery<RecordRow> selection =
              session.createSelectionQuery(query, RecordRow.class).setMaxResults(limit);
          for (int i = 0; i < parameters.length; i++) {
            selection.setParameter(i + 1, parameters[i]);
          }
          return selection
              .getResultList()
              .map(rows -> rows.stream().map(row -> Records.stored(row.payload)).toList());
        });
  }

  /** Deletes what has ended, except the records of one author. */
  int deleteEnded(Instant now, PeerId except) {
    return tx.runAndAwait(
        UNIT,
        session ->
            session
                .createMutationQuery("delete from RecordRow where expiry <= ?1 and author <> ?2")
                .setParameter(1, now)
                .setParameter(2, except.value().toArray())
                .executeUpdate());
  }

  /** What we introduced for an account. */
  Optional<Introduced> introduced(Address account) {
    return tx.runAndAwait(
        UNIT,
        session ->
            session
                .find(IntroductionRow.class, account.toArray())
                .map(row -> Optional.ofNullable(row).map(RegistryStore::introduced)));
  }

  /** The account for which we introduced a node key last. */
  Optional<Introduced> introducedFor(PeerId node) {
    return tx.runAndAwait(
        UNIT,
        session ->
            session
                .createSelectionQuery(
                    "from IntroductionRow where node = ?1 order by introducedAt desc",
                    IntroductionRow.class)
                .setParameter(1, node.value().toArray())
                .setMaxResults(1)
                .getResultList()
                .map(rows -> rows.stream().findFirst().map(RegistryStore::introduced)));
  }

  private static Introduced introduced(IntroductionRow row) {
    return new Introduced(
        Address.of(row.account),
        new PeerId(Bytes32.of(row.node)),
        row.sequence,
        Bytes32.of(row.hash));
  }

  /**
   * Remembers an introduction and publishes it, in one transaction.
   *
   * @return false if a sequence at least as high was introduced in the meantime
   */
  boolean introduce(SignedRegistration registration, PeerId node, Instant now) {
    return tx.runAndAwait(
        UNIT,
        session ->
            upsert(session, registration, node, now)
                .chain(changed ->
                    changed == 0
                        ? Uni.createFrom().item(false)
                        : publish(registration).replaceWith(true)));
  }

  private Uni<Void> publish(SignedRegistration registration) {
    return outbox.publish(
        "peer.v1",
        registration.registration().account().toString(),
        RegistrationAccepted.newBuilder()
            .setRegistration(BodyStructs.toProto(registration))
            .build());
  }

  private static Uni<Integer> upsert(
      Mutiny.Session session, SignedRegistration registration, PeerId node, Instant now) {
    return session
        .createNativeQuery(
            "insert into {h-schema}introduction (account, node, sequence, hash, introduced_at)"
                + " values (:account, :node, :sequence, :hash, :now) on conflict (account)"
                + " do update set node = excluded.node, sequence = excluded.sequence,"
                + " hash = excluded.hash, introduced_at = excluded.introduced_at"
                + " where introduction.sequence < excluded.sequence")
        .setParameter("account", registration.registration().account().toArray())
        .setParameter("node", node.value().toArray())
        .setParameter("sequence", registration.registration().sequence())
        .setParameter("hash", registration.registration().hashStruct().toArray())
        .setParameter("now", now.atOffset(java.time.ZoneOffset.UTC))
        .executeUpdate();
  }
}
