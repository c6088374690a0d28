package io.smartnodes.router.instances;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.signal.Signals;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.router.Board;
import io.smartnodes.router.JobWatch;
import io.smartnodes.router.RouterState;
import io.smartnodes.router.heard.HeardStore;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Hears from all instances of the service what one of them has stored: an event is processed by one
 * instance, but every instance has to know of it.
 */
@Singleton
public class RouterSignals {
  private static final Logger LOG = Logger.getLogger(RouterSignals.class);
  private static final Duration LOOK = Duration.ofSeconds(3);

  /** Seeds that are read again, should one have been stored after its successor. */
  private static final long SEEDS_AGAIN = 8;

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
  private final HeardStore heard;
  private final Board board;
  private final JobWatch watch;
  private long newestSeed = -1;
  private volatile Optional<Thread> thread = Optional.empty();

  /** Called by the container. */
  public RouterSignals(
      Signals signals, RouterState state, HeardStore heard, Board board, JobWatch watch) {
    this.signals = signals;
    this.state = state;
    this.heard = heard;
    this.board = board;
    this.watch = watch;
  }

  void start(@Observes @Priority(500) StartupEvent event) {
    signals.on(RouterState.UNIT, HEAD, number -> state.seen(Long.parseLong(number)));
    signals.on(RouterState.UNIT, CERTIFICATE, id -> heard.certificate(id).ifPresent(this::judged));
    signals.on(
        RouterState.UNIT,
        SEED,
        epoch -> {
          heard.seeds(Long.parseLong(epoch) - 1).forEach(state::learned);
          board.wake();
        });
    signals.on(RouterState.UNIT, JOB, id -> watch.signal(Bytes32.fromHex(id)));
    thread = Optional.of(Thread.ofVirtual().name("router-heard").start(this::look));
  }

  private void look() {
    try {
      while (true) {
        Thread.sleep(LOOK);
        try {
          lookOnce();
        } catch (RuntimeException e) {
          LOG.debugf(e, "what others have stored cannot be read; trying again");
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("stopped");
    }
  }

  /** Learns without a signal, which may be lost, or swallowed by a pooler of connections. */
  void lookOnce() {
    state.seen(heard.head());
    heard
        .seeds(newestSeed - SEEDS_AGAIN)
        .forEach((epoch, seed) -> {
          state.learned(epoch, seed);
          newestSeed = Math.max(newestSeed, epoch);
        });
  }

  void stop(@Observes ShutdownEvent event) {
    thread.ifPresent(Thread::interrupt);
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
