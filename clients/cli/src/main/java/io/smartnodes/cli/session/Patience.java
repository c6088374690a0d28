package io.smartnodes.cli.session;

import io.grpc.StatusRuntimeException;
import io.smartnodes.chain.ChainFailure;
import io.smartnodes.wire.Malformed;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Asks those who may be busy again and again, for some minutes in all: whether something holds is
 * no question of how fast a machine is.
 */
public final class Patience {
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final long end;

  /** Begins now. */
  public Patience(Duration all) {
    this.end = System.nanoTime() + all.toNanos();
  }

  /**
   * What is answered in the end.
   *
   * @throws RuntimeException the last failure, when the time is over
   */
  public <T> T ask(Supplier<T> question) {
    while (true) {
      try {
        return question.get();
      } catch (StatusRuntimeException | Malformed | ChainFailure busy) {
        if (System.nanoTime() > end) {
          throw busy;
        }
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", interrupted);
      }
    }
  }
}
