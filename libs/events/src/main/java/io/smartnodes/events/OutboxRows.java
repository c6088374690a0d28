package io.smartnodes.events;

import com.google.protobuf.ByteString;
import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Hex;
import io.smartnodes.quarkus.Tx;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The table {@code outbox_event} in the current transaction. */
final class OutboxRows {
  private OutboxRows() {}

  /** An event with its place in the table. */
  record Row(long id, Event event) {}

  static Uni<Void> insert(UUID id, String topic, String key, String type, byte[] payload) {
    return Tx.current()
        .session()
        .createNativeQuery(
            "insert into {h-schema}outbox_event (event_id, topic, key, type, payload)"
                + " values (:id, :topic, :key, :type, :payload)")
        .setParameter("id", id)
        .setParameter("topic", topic)
        .setParameter("key", key)
        .setParameter("type", type)
        .setParameter("payload", payload)
        .executeUpdate()
        .replaceWithVoid();
  }

  /** Makes this process the one that dispatches; whoever did before stops at its next look. */
  static Uni<Void> takeOver(UUID holder) {
    return Tx.current()
        .session()
        .createNativeQuery(
            "insert into {h-schema}outbox_owner (one, holder) values (1, :holder)"
                + " on conflict (one) do update set holder = excluded.holder, since = now()")
        .setParameter("holder", holder)
        .executeUpdate()
        .replaceWithVoid();
  }

  static Uni<Boolean> isHeldBy(UUID holder) {
    return Tx.current()
        .session()
        .createNativeQuery(
            "select count(*) from {h-schema}outbox_owner where holder = :holder", Long.class)
        .setParameter("holder", holder)
        .getSingleResult()
        .map(count -> count == 1);
  }

  static Uni<List<Row>> after(long id, int limit) {
    return Tx.current()
        .session()
        .createNativeQuery(
            "select id, cast(event_id as text), topic, key, type, encode(payload, 'hex'),"
                + " cast(extract(epoch from created_at) * 1000 as bigint)"
                + " from {h-schema}outbox_event where id > :id order by id limit "
                + limit,
            Object[].class)
        .setParameter("id", id)
        .getResultList()
        .map(rows -> rows.stream().map(OutboxRows::row).toList());
  }

  private static Row row(Object[] columns) {
    return new Row(
        ((Number) columns[0]).longValue(),
        new Event(
            UUID.fromString((String) columns[1]),
            (String) columns[2],
            (String) columns[3],
            (String) columns[4],
            ByteString.copyFrom(Hex.decode((String) columns[5])),
            Instant.ofEpochMilli(((Number) columns[6]).longValue())));
  }

  static Uni<Void> delete(List<Long> ids) {
    return Tx.current()
        .session()
        .createNativeQuery("delete from {h-schema}outbox_event where id in (:ids)")
        .setParameter("ids", ids)
        .executeUpdate()
        .replaceWithVoid();
  }
}
