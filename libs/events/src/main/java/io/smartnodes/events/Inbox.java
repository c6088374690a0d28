package io.smartnodes.events;

import io.smallrye.mutiny.Uni;
import io.smartnodes.quarkus.Tx;
import java.util.UUID;

/** What has been processed, in the current transaction. */
final class Inbox {
  private Inbox() {}

  /** Marks the event as processed by the consumer; false if it was marked before. */
  static Uni<Boolean> mark(String consumer, UUID event) {
    return Tx.current()
        .session()
        .createNativeQuery(
            "insert into {h-schema}inbox_event (consumer, event_id) values (:consumer, :event)"
                + " on conflict do nothing")
        .setParameter("consumer", consumer)
        .setParameter("event", event)
        .executeUpdate()
        .map(inserted -> inserted == 1);
  }

  /** Forgets marks older than a week: no event waits that long between delivery and deletion. */
  static Uni<Integer> forgetOld() {
    return Tx.current()
        .session()
        .createNativeQuery(
            "delete from {h-schema}inbox_event where processed_at < now() - interval '7 days'")
        .executeUpdate();
  }
}
