package io.smartnodes.events.lease;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * One wanted lease in this process. Times are of the monotonic clock, in nanoseconds, and compared
 * by their difference.
 */
final class HeldLease implements Lease {
  private static final Logger LOG = Logger.getLogger(HeldLease.class);
  private static final long REST_AFTER_FAILURE = TimeUnit.SECONDS.toNanos(3);
  private static final long LONGEST_FAREWELL = TimeUnit.SECONDS.toNanos(10);

  private final String name;
  private final LongSupplier nanos;
  private final Watch watch;
  private final SerialCalls calls;
  private final List<LeaseListener> listeners = new CopyOnWriteArrayList<>();
  private State state = new State.None();
  private Optional<Long> restUntil = Optional.empty();

  /** What the keeper of the unit knows and hears. */
  interface Watch {
    /** Address of the holder as last read, by name. */
    Optional<String> holderAddress(String name);

    /** Look again at once. */
    void wake();

    /** A term began or ended. */
    void changed();
  }

  private sealed interface State {
    record None() implements State {}

    /** Ours until then; unfit if its listener failed. */
    record Held(Tenure tenure, long deadline, boolean unfit) implements State {}

    /** Kept in the database until the listeners have said good-bye. */
    record Leaving(Tenure tenure, long deadline, long latest, boolean said) implements State {}
  }

  HeldLease(String name, LongSupplier nanos, Watch watch) {
    this.name = name;
    this.nanos = nanos;
    this.watch = watch;
    this.calls = new SerialCalls("lease-" + name);
  }

  String name() {
    return name;
  }

  @Override
  public synchronized Optional<Tenure> tenure() {
    return state instanceof State.Held held && !held.unfit() && isAhead(held.deadline())
        ? Optional.of(held.tenure())
        : Optional.empty();
  }

  @Override
  public Optional<String> holderAddress() {
    return watch.holderAddress(name);
  }

  private boolean isAhead(long deadline) {
    return nanos.getAsLong() - deadline < 0;
  }

  /** Also hears of a term that began before. */
  synchronized void add(LeaseListener listener) {
    listeners.add(listener);
    if (state instanceof State.Held(Tenure tenure, var deadline, var unfit)) {
      calls.then(() -> gained(listener, tenure));
    }
  }

  /** The fence of what must be renewed in the database. */
  synchronized Optional<Long> fenceToRenew() {
    return switch (state) {
      case State.None() -> Optional.empty();
      case State.Held held -> Optional.of(held.tenure().fence());
      case State.Leaving leaving -> Optional.of(leaving.tenure().fence());
    };
  }

  /** Whether it may be taken: nothing held, nothing to say good-bye to, no rest after a failure. */
  synchronized boolean isWanted() {
    return state instanceof State.None
        && calls.idle()
        && restUntil.map(until -> !isAhead(until)).orElse(true);
  }

  synchronized boolean isHeld() {
    return state instanceof State.Held;
  }

  synchronized void renewed(long fence, long deadline) {
    state =
        switch (state) {
          case State.Held held when held.tenure().fence() == fence ->
              new State.Held(held.tenure(), deadline, held.unfit());
          case State.Leaving leaving when leaving.tenure().fence() == fence ->
              new State.Leaving(leaving.tenure(), deadline, leaving.latest(), leaving.said());
          case State.None none -> none;
          case State.Held held -> held;
          case State.Leaving leaving -> leaving;
        };
  }

  synchronized void taken(Tenure tenure, long deadline) {
    state = new State.Held(tenure, deadline, false);
    watch.changed();
    listeners.forEach(listener -> calls.then(() -> gained(listener, tenure)));
  }

  private void gained(LeaseListener listener, Tenure tenure) {
    try {
      listener.gained(tenure);
    } catch (RuntimeException e) {
      LOG.errorf(e, "the lease %s of %s cannot be used and is given back", name, tenure.unit());
      markUnfit(tenure);
    }
  }

  private synchronized void markUnfit(Tenure tenure) {
    if (state instanceof State.Held held && held.tenure().equals(tenure)) {
      state = new State.Held(tenure, held.deadline(), true);
      watch.wake();
    }
  }

  synchronized boolean isUnfit() {
    return state instanceof State.Held held && held.unfit();
  }

  /** The database has another holder, or the row had ended. */
  synchronized void gone(long fence) {
    switch (state) {
      case State.None() -> {}
      case State.Held held -> {
        if (held.tenure().fence() == fence) {
          end(held.tenure());
          state = new State.None();
        }
      }
      case State.Leaving leaving -> {
        if (leaving.tenure().fence() == fence) {
          state = new State.None();
        }
      }
    }
  }

  /** Ends the term if its time is over by our own clock. */
  synchronized void expire() {
    switch (state) {
      case State.None() -> {}
      case State.Held held -> {
        if (!isAhead(held.deadline())) {
          LOG.warnf("the lease %s of %s was not renewed in time", name, held.tenure().unit());
          end(held.tenure());
          state = new State.None();
        }
      }
      case State.Leaving leaving -> {
        if (!isAhead(leaving.deadline())) {
          state = new State.None();
        }
      }
    }
  }

  /** Begins to give it back: no tenure from now on, then the listeners. */
  synchronized void leave() {
    if (state instanceof State.Held held) {
      if (held.unfit()) {
        restUntil = Optional.of(nanos.getAsLong() + REST_AFTER_FAILURE);
      }
      end(held.tenure());
      state =
          new State.Leaving(
              held.tenure(), held.deadline(), nanos.getAsLong() + LONGEST_FAREWELL, false);
    }
  }

  /** What can be released in the database now. */
  synchronized Optional<Tenure> readyToRelease() {
    return state instanceof State.Leaving leaving && (leaving.said() || !isAhead(leaving.latest()))
        ? Optional.of(leaving.tenure())
        : Optional.empty();
  }

  private void end(Tenure tenure) {
    watch.changed();
    List.copyOf(listeners).reversed().forEach(listener -> calls.then(() -> listener.lost(tenure)));
    calls.then(() -> said(tenure));
  }

  private synchronized void said(Tenure tenure) {
    if (state instanceof State.Leaving leaving && leaving.tenure().equals(tenure)) {
      state = new State.Leaving(tenure, leaving.deadline(), leaving.latest(), true);
    }
    watch.wake();
  }

  /** Time left, if it is held. */
  synchronized Optional<Long> deadline() {
    return switch (state) {
      case State.None() -> Optional.empty();
      case State.Held held -> Optional.of(held.deadline());
      case State.Leaving leaving -> Optional.of(leaving.deadline());
    };
  }
}
