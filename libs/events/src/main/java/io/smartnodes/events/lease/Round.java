package io.smartnodes.events.lease;

import io.smallrye.mutiny.Uni;
import io.smartnodes.events.signal.Signals;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * What a process does with its leases of one unit in one transaction: says that it lives, gives
 * back, renews, looks around and takes.
 *
 * @param here our address
 * @param life of a row from now
 * @param held fences of what is renewed, by name
 * @param release what is given back
 */
record Round(
    UUID me,
    String here,
    Duration life,
    Presence presence,
    Map<String, Long> held,
    List<Tenure> release) {
  /** Hint to the other instances that there is something to take or to give. */
  static final String SIGNAL = "lease";

  /** Our place among the instances that share the unit's shards. */
  enum Presence {
    /** No shards wanted. */
    NONE,
    /** We come: the others give us our share at once instead of at their next renewal. */
    JOINS,
    /** The others know us. */
    STAYS,
    /** We go. */
    LEAVES
  }

  /** Fences of what is ours still and of what is ours now, and what was seen in between. */
  record Found(Map<String, Long> renewed, Map<String, Long> taken, LeaseRows.View view) {}

  /**
   * Within the current transaction.
   *
   * @param wanted names to take, by what is seen
   */
  Uni<Found> run(Function<LeaseRows.View, List<String>> wanted) {
    Uni<Void> start = present();
    for (Tenure tenure : release) {
      start = start.chain(() -> LeaseRows.release(tenure));
    }
    if (!release.isEmpty()) {
      start = start.chain(() -> Signals.emit(SIGNAL, ""));
    }
    return start
        .chain(() ->
            held.isEmpty()
                ? Uni.createFrom().item(Map.<String, Long>of())
                : LeaseRows.renew(me, here, life, held))
        .chain(renewed ->
            LeaseRows.view()
                .chain(view ->
                    take(wanted.apply(view), view).map(taken -> new Found(renewed, taken, view))));
  }

  private Uni<Void> present() {
    return switch (presence) {
      case NONE -> Uni.createFrom().voidItem();
      case JOINS -> LeaseRows.beat(me, here, life).chain(() -> Signals.emit(SIGNAL, ""));
      case STAYS -> LeaseRows.beat(me, here, life);
      case LEAVES -> LeaseRows.leave(me);
    };
  }

  private Uni<Map<String, Long>> take(List<String> names, LeaseRows.View view) {
    if (names.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    List<String> unknown = names.stream().filter(name -> !view.leases().containsKey(name)).toList();
    Uni<Void> create = unknown.isEmpty() ? Uni.createFrom().voidItem() : LeaseRows.create(unknown);
    return create
        .chain(() -> LeaseRows.take(me, here, life, names))
        .call(taken -> taken.isEmpty() ? Uni.createFrom().voidItem() : Signals.emit(SIGNAL, ""));
  }
}
