package io.smartnodes.events;

import com.google.protobuf.ByteString;
import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Hex;
import io.smartnodes.quarkus.Tx;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** The table {@code outbox_event} in the current transaction. */
final class OutboxRows {
  private OutboxRows() {}

  /** An event with its place in the table. */
  record Row(long id, Event event) {}

  /**
   * How much waits.
   *
   * @param rows number of events
   * @param ageSeconds age of the oldest, 0 if there is none
   */
  record Backlog(long rows, double ageSeconds) {
    static final Backlog NONE = new Backlog(0, 0);
  }

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

  /**
   * The next events.
   *
   * @param id those behind this place
   * @param limit at most so many
   * @param bytes no further event once there are so many bytes of payload
   */
  static Uni<List<Row>> after(long id, int limit, long bytes) {
    return Tx.current()
        .session()
        .createNativeQuery(
            "select id, cast(event_id as text), topic, key, type, encode(payload, 'hex'),"
                + " cast(extract(epoch from created_at) * 1000 as bigint) from ("
                + "select *, sum(octet_length(payload)) over (order by id)"
                + " - octet_length(payload) as before from ("
                + "select * from {h-schema}outbox_event where id > :id order by id limit "
                + limit
                + ") found) sized where before < :bytes order by id",
            Object[].class)
        .setParameter("id", id)
        .setParameter("bytes", bytes)
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
        .createNativeQuery(
            "delete from {h-schema}outbox_event"
                + " where id = any(cast(string_to_array(:ids, ',') as bigint[]))")
        .setParameter("ids", ids.stream().map(String::valueOf).collect(Collectors.joining(",")))
        .executeUpdate()
        .replaceWithVoid();
  }

  static Uni<Backlog> backlog() {
    return Tx.current()
        .session()
        .createNativeQuery(
            "select count(*), cast(coalesce(extract(epoch from now() - min(created_at)), 0) as"
                + " double precision) from {h-schema}outbox_event",
            Object[].class)
        .getSingleResult()
        .map(row -> new Backlog(((Number) row[0]).longValue(), ((Number) row[1]).doubleValue()));
  }
}
