package io.smartnodes.events.state;

import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.Event;
import io.smartnodes.events.EventConsumer;
import io.smartnodes.events.signal.Signals;
import io.smartnodes.proto.reputation.v1.Leaf;
import io.smartnodes.proto.reputation.v1.LeafChange;
import io.smartnodes.proto.reputation.v1.StateAdvanced;
import io.smartnodes.protocol.state.set.Validators;
import io.smartnodes.quarkus.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The replicated state in the schema of one service and in memory, folded from {@code
 * StateAdvanced}. A service makes one for its unit, as a bean with a qualifier of its own:
 *
 * <pre>{@code
 * @Produces @Singleton @Identifier("job-router")
 * StateView state(Tx tx) { return new StateView("router", tx); }
 * }</pre>
 *
 * <p>It is loaded before events are dispatched. Epochs are folded in order, each in one
 * transaction; a gap is a failure, which is tried again and never skipped. Among several processes
 * of a service one folds an epoch, and the others read it from the database, where a signal
 * ({@value #SIGNAL}) or, without one, a look every few seconds tells them to ({@link RoleFeed}).
 */
public final class StateView implements EventConsumer {
  static final String SIGNAL = "state";

  private final String unit;
  private final Tx tx;
  private final List<Consumer<Advance>> listeners = new CopyOnWriteArrayList<>();
  private volatile StateSnapshot snapshot = StateSnapshot.EMPTY;
  private volatile Known known = new Known(-1, StateSnapshot.EMPTY.validators());

  /**
   * A step of the state, of one epoch or, where other processes folded some, of several.
   *
   * @param state after the step
   * @param changes leaves that changed; where a key stands twice, the last counts
   */
  public record Advance(StateSnapshot state, List<LeafChange> changes) {}

  private record Known(long epoch, Validators validators) {}

  /** The view of a unit, whose Flyway locations include {@code db/events}. */
  public StateView(String unit, Tx tx) {
    this.unit = unit;
    this.tx = tx;
  }

  @Override
  public String name() {
    return "state-view";
  }

  @Override
  public String unit() {
    return unit;
  }

  @Override
  public Set<String> topics() {
    return Set.of("reputation.v1");
  }

  /** The whole state at this moment, for reads that belong together. */
  public StateSnapshot snapshot() {
    return snapshot;
  }

  /** One leaf of the current state. */
  public Optional<Leaf> leaf(int type, Bytes32 key) {
    return snapshot.leaf(type, key);
  }

  /** All leaves of a type in the current state. */
  public Map<Bytes32, Leaf> leaves(int type) {
    return snapshot.leaves(type);
  }

  /** The validators of the current state, whatever their status; decoded once per epoch. */
  public Validators validators() {
    StateSnapshot now = snapshot;
    Known before = known;
    if (before.epoch() != now.epoch()) {
      before = new Known(now.epoch(), now.validators());
      known = before;
    }
    return before.validators();
  }

  /** Where the current state stands, empty before genesis. */
  public Optional<StateSnapshot.Head> head() {
    return snapshot.head();
  }

  /** The last executed epoch, −1 before genesis. */
  public long epoch() {
    return snapshot.epoch();
  }

  /**
   * The epoch that is stored, −1 before genesis; within the current {@code Tx.run}. Other processes
   * may have acted on it before {@link #snapshot()} shows it here: who decides by what they stored
   * reads this after that, and {@link #refresh() catches up} if the snapshot is older.
   */
  public static Uni<Long> storedEpoch() {
    return StateRows.head().map(head -> head.map(StateSnapshot.Head::epoch).orElse(-1L));
  }

  /**
   * Is called after every committed step, in order, perhaps on an event loop: it must not block.
   * What was stored before this start is in {@link #snapshot()} and not repeated.
   */
  public void onAdvance(Consumer<Advance> listener) {
    listeners.add(listener);
  }

  /** Reads what is stored, without telling the listeners; for worker and virtual threads. */
  synchronized void load() {
    snapshot =
        tx.runAndAwait(
            unit,
            session ->
                StateRows.lockedHead()
                    .chain(head ->
                        head.isEmpty()
                            ? Uni.createFrom().item(StateSnapshot.EMPTY)
                            : StateRows.leaves().map(leaves -> new StateSnapshot(head, leaves))));
  }

  /**
   * Learns what other processes of the service have folded; returns when this one knows all that
   * was committed before the call. For worker and virtual threads.
   */
  public void refresh() {
    long stored =
        tx.runAndAwait(unit, session -> StateRows.head())
            .map(StateSnapshot.Head::epoch)
            .orElse(-1L);
    while (snapshot.epoch() < stored) {
      StateSnapshot before = snapshot;
      tx.runAndAwait(unit, session -> read(before)).ifPresent(step -> follow(before, step));
    }
  }

  private static Uni<Optional<Advance>> read(StateSnapshot before) {
    return StateRows.lockedHead()
        .chain(head -> {
          if (head.isEmpty() || head.get().epoch() <= before.epoch()) {
            return Uni.createFrom().item(Optional.empty());
          }
          long from = head.get().epoch() - before.epoch() > StateRows.KEPT ? -1 : before.epoch();
          boolean anew = before.head().isEmpty() || from < 0;
          StateSnapshot base = anew ? StateSnapshot.EMPTY : before;
          return StateRows.changesSince(anew ? -1 : from)
              .map(changes -> Optional.of(new Advance(base.with(head.get(), changes), changes)));
        });
  }

  private synchronized void follow(StateSnapshot before, Advance step) {
    if (snapshot.epoch() == before.epoch()) {
      tell(step);
    }
  }

  @Override
  public Uni<Void> on(Event event) {
    if (!event.is(StateAdvanced.getDefaultInstance())) {
      return Uni.createFrom().voidItem();
    }
    StateAdvanced part = event.parse(StateAdvanced.parser());
    return StateRows.head()
        .chain(head -> {
          long epoch = head.map(StateSnapshot.Head::epoch).orElse(-1L);
          if (part.getEpoch() <= epoch) {
            return Uni.createFrom().voidItem();
          }
          if (head.isPresent() && part.getEpoch() != epoch + 1) {
            throw new IllegalStateException(
                unit + " holds the state of epoch " + epoch + ", not before " + part.getEpoch());
          }
          return part.getLastPart() ? complete(epoch, part) : StateRows.storePart(part);
        });
  }

  private Uni<Void> complete(long before, StateAdvanced last) {
    if (last.getPart() == 0) {
      return apply(before, last, last.getChangesList());
    }
    return StateRows.parts(last.getEpoch())
        .chain(parts -> {
          if (parts.size() != last.getPart()) {
            throw new IllegalStateException(
                "epoch %d has %d parts, %d are here"
                    .formatted(last.getEpoch(), last.getPart() + 1, parts.size() + 1));
          }
          List<LeafChange> changes = new ArrayList<>();
          parts.forEach(part -> changes.addAll(part.getChangesList()));
          changes.addAll(last.getChangesList());
          return apply(before, last, changes).chain(() -> StateRows.dropParts(last.getEpoch()));
        });
  }

  private Uni<Void> apply(long before, StateAdvanced last, List<LeafChange> all) {
    StateSnapshot.Head head =
        new StateSnapshot.Head(
            last.getEpoch(),
            Bytes32.of(last.getStateRoot().toByteArray()),
            Bytes32.of(last.getSeed().toByteArray()),
            Instant.ofEpochSecond(last.getAsOf()));
    List<LeafChange> changes = lastPerKey(all);
    Tx.afterCommit(() -> advance(before, head, changes));
    return StateRows.storeChanges(last.getEpoch(), changes)
        .chain(() -> StateRows.storeHead(head))
        .chain(() -> Signals.emit(SIGNAL, Long.toString(last.getEpoch())));
  }

  private static List<LeafChange> lastPerKey(List<LeafChange> all) {
    record Place(int type, Bytes32 key) {}
    Map<Place, LeafChange> last = new LinkedHashMap<>();
    for (LeafChange change : all) {
      last.put(new Place(change.getType(), Bytes32.of(change.getKey().toByteArray())), change);
    }
    return List.copyOf(last.values());
  }

  /** Folds in memory too; where memory is behind the database, the signal makes it catch up. */
  private synchronized void advance(
      long before, StateSnapshot.Head head, List<LeafChange> changes) {
    if (snapshot.epoch() == before) {
      tell(new Advance(snapshot.with(head, changes), changes));
    }
  }

  private void tell(Advance step) {
    snapshot = step.state();
    listeners.forEach(listener -> listener.accept(step));
  }
}
