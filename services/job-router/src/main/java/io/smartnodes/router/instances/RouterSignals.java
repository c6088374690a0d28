package io.smartnodes.router.instances;

import io.quarkus.runtime.StartupEvent;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.signal.Signals;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.router.Board;
import io.smartnodes.router.JobWatch;
import io.smartnodes.router.RouterState;
import io.smartnodes.router.RouterStore;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Hears from all instances of the service what one of them has stored: an event is processed by one
 * instance, but every instance has to know of it.
 */
@Singleton
public class RouterSignals {
  /** The newest block's number. */
  public static final String HEAD = "head";

  /** A certificate was stored: the key of its row. */
  public static final String CERTIFICATE = "certificate";

  /** A seed was stored: its epoch. */
  public static final String SEED = "seed";

  /** Something happened to a job: its id. */
  public static final String JOB = "job";

  private final Signals signals;
  private final RouterState state;
  private final RouterStore store;
  private final Board board;
  private final JobWatch watch;

  /** Called by the container. */
  public RouterSignals(
      Signals signals, RouterState state, RouterStore store, Board board, JobWatch watch) {
    this.signals = signals;
    this.state = state;
    this.store = store;
    this.board = board;
    this.watch = watch;
  }

  void start(@Observes @Priority(500) StartupEvent event) {
    signals.on(RouterState.UNIT, HEAD, number -> state.seen(Long.parseLong(number)));
    signals.on(RouterState.UNIT, CERTIFICATE, id -> store.certificate(id).ifPresent(this::judged));
    signals.on(
        RouterState.UNIT,
        SEED,
        epoch -> {
          store.seeds().forEach(state::learned);
          board.wake();
        });
    signals.on(RouterState.UNIT, JOB, id -> watch.signal(Bytes32.fromHex(id)));
  }

  private void judged(Certificate made) {
    if (made.outcome() == Outcome.REFUTED) {
      board.refuted().add(made.receipt().lease().worker());
    }
    if (board.has(made.receipt().receipt().jobId())) {
      board.judged().add(made);
    }
    board.wake();
  }
}
