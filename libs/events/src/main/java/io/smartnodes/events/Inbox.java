package io.smartnodes.events;

import io.smallrye.mutiny.Uni;
import io.smartnodes.quarkus.Tx;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** What has been processed, in the current transaction. */
final class Inbox {
  private Inbox() {}

  /** Marks the events as processed by the consumer; the ids that were not marked before. */
  static Uni<Set<UUID>> mark(String consumer, List<UUID> events) {
    return Tx.current()
        .session()
        .createNativeQuery(
            "insert into {h-schema}inbox_event (consumer, event_id)"
                + " select :consumer, id from"
                + " unnest(cast(string_to_array(:events, ',') as uuid[])) id"
                + " on conflict do nothing returning cast(event_id as text)",
            String.class)
        .setParameter("consumer", consumer)
        .setParameter(
            "events", events.stream().map(UUID::toString).collect(Collectors.joining(",")))
        .getResultList()
        .map(ids -> ids.stream().map(UUID::fromString).collect(Collectors.toUnmodifiableSet()));
  }

  /** Forgets marks that are older than any event that a broker still keeps for replaying. */
  static Uni<Integer> forgetOld() {
    return Tx.current()
        .session()
        .createNativeQuery(
            "delete from {h-schema}inbox_event where processed_at < now() - interval '8 days'")
        .executeUpdate();
  }
}
