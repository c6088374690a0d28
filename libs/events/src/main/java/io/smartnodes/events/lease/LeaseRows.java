package io.smartnodes.events.lease;

import io.smallrye.mutiny.Uni;
import io.smartnodes.quarkus.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * The tables {@code unit_lease} and {@code unit_instance} in the current transaction.
 *
 * <p>Locks: a check takes {@code for key share}. A renewal changes no key and passes it; a takeover
 * takes {@code for update} first and so waits for every transaction that checked. A holder that
 * stops in the middle of such a transaction is thrown out by PostgreSQL after five idle seconds,
 * wherever its machine went.
 */
final class LeaseRows {
  private LeaseRows() {}

  /** A lease as the database has it; the holder is empty text if nobody holds it now. */
  record Row(String holder, String address) {}

  /** What the unit looks like: leases by name, ids of live instances. */
  record View(Map<String, Row> leases, List<String> instances) {}

  /** Whether the tenure is ours still; if so, nobody takes it over before this commits. */
  static Uni<Boolean> confirm(Tenure tenure) {
    return Tx.current()
        .session()
        .createNativeQuery(
            "select fence, set_config('idle_in_transaction_session_timeout', '5000', true)"
                + " from {h-schema}unit_lease where name = :name and holder = :holder"
                + " and fence = :fence and until > clock_timestamp() for key share",
            Object[].class)
        .setParameter("name", tenure.name())
        .setParameter("holder", tenure.holder())
        .setParameter("fence", tenure.fence())
        .getResultList()
        .map(rows -> rows.size() == 1);
  }

  /** Says that this instance lives. */
  static Uni<Void> beat(UUID me, String address, Duration life) {
    return Tx.current()
        .session()
        .createNativeQuery(
            "with gone as (delete from {h-schema}unit_instance"
                + " where until < clock_timestamp() - interval '1 minute' and id <> :me)"
                + " insert into {h-schema}unit_instance (id, address, until)"
                + " values (:me, :address, "
                + end(life)
                + ") on conflict (id) do update"
                + " set address = excluded.address, until = excluded.until")
        .setParameter("me", me)
        .setParameter("address", address)
        .executeUpdate()
        .replaceWithVoid();
  }

  /** Renews all that is held and has not ended; the names that are ours still, with fences. */
  static Uni<Map<String, Long>> renew(
      UUID me, String address, Duration life, Map<String, Long> held) {
    List<Map.Entry<String, Long>> entries = List.copyOf(held.entrySet());
    return Tx.current()
        .session()
        .createNativeQuery(
            "update {h-schema}unit_lease l set address = :address, until = "
                + end(life)
                + " from unnest(string_to_array(:names, ','),"
                + " cast(string_to_array(:fences, ',') as bigint[])) as h(name, fence)"
                + " where l.name = h.name and l.holder = :me and l.fence = h.fence"
                + " and l.until > clock_timestamp() returning l.name, l.fence",
            Object[].class)
        .setParameter("address", address)
        .setParameter("names", entries.stream().map(Map.Entry::getKey).collect(joined()))
        .setParameter(
            "fences", entries.stream().map(entry -> entry.getValue().toString()).collect(joined()))
        .setParameter("me", me)
        .getResultList()
        .map(LeaseRows::fences);
  }

  /** Makes rows for leases that nobody ever held. */
  static Uni<Void> create(Collection<String> names) {
    return Tx.current()
        .session()
        .createNativeQuery(
            "insert into {h-schema}unit_lease (name)"
                + " select unnest(string_to_array(:names, ',')) on conflict do nothing")
        .setParameter("names", names.stream().sorted().collect(joined()))
        .executeUpdate()
        .replaceWithVoid();
  }

  /** Takes those that have ended, none that a transaction under way has checked. */
  static Uni<Map<String, Long>> take(
      UUID me, String address, Duration life, Collection<String> names) {
    return Tx.current()
        .session()
        .createNativeQuery(
            "with free as (select name from {h-schema}unit_lease"
                + " where name = any(string_to_array(:names, ','))"
                + " and (until <= clock_timestamp() or holder = :me)"
                + " for update skip locked)"
                + " update {h-schema}unit_lease l set holder = :me, fence = l.fence + 1,"
                + " address = :address, until = "
                + end(life)
                + " from free where l.name = free.name returning l.name, l.fence",
            Object[].class)
        .setParameter("names", names.stream().collect(joined()))
        .setParameter("me", me)
        .setParameter("address", address)
        .getResultList()
        .map(LeaseRows::fences);
  }

  /** Gives one back: the next may take it at once. */
  static Uni<Void> release(Tenure tenure) {
    return Tx.current()
        .session()
        .createNativeQuery(
            "update {h-schema}unit_lease set holder = null, address = '', until = '-infinity'"
                + " where name = :name and holder = :holder and fence = :fence")
        .setParameter("name", tenure.name())
        .setParameter("holder", tenure.holder())
        .setParameter("fence", tenure.fence())
        .executeUpdate()
        .replaceWithVoid();
  }

  /** This instance takes part no more. */
  static Uni<Void> leave(UUID me) {
    return Tx.current()
        .session()
        .createNativeQuery("delete from {h-schema}unit_instance where id = :me")
        .setParameter("me", me)
        .executeUpdate()
        .replaceWithVoid();
  }

  static Uni<View> view() {
    return Tx.current()
        .session()
        .createNativeQuery(
            "select name, coalesce(case when until > clock_timestamp()"
                + " then cast(holder as text) end, ''), address from {h-schema}unit_lease"
                + " union all select '', cast(id as text), address from {h-schema}unit_instance"
                + " where until > clock_timestamp()",
            Object[].class)
        .getResultList()
        .map(LeaseRows::view);
  }

  private static View view(List<Object[]> rows) {
    Map<String, Row> leases = new HashMap<>();
    List<String> instances = new ArrayList<>();
    for (Object[] row : rows) {
      String name = (String) row[0];
      if (name.isEmpty()) {
        instances.add((String) row[1]);
      } else {
        leases.put(name, new Row((String) row[1], (String) row[2]));
      }
    }
    return new View(Map.copyOf(leases), instances.stream().sorted().toList());
  }

  private static Map<String, Long> fences(List<Object[]> rows) {
    return rows.stream()
        .collect(Collectors.toMap(row -> (String) row[0], row -> ((Number) row[1]).longValue()));
  }

  private static String end(Duration life) {
    return "clock_timestamp() + interval '" + life.toSeconds() + " seconds'";
  }

  private static Collector<CharSequence, ?, String> joined() {
    return Collectors.joining(",");
  }
}
