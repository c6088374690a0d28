package io.smartnodes.runner.client;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Runs units. Blocking: for virtual or worker threads, never an event loop; calls may overlap. */
public interface UnitRunner extends AutoCloseable {
  /** The most units at a time that a runner takes. */
  int MOST_PLACES = 64;

  /** Units at a time for a machine with so many processors: one for two of them. */
  static int placesFor(int processors) {
    return Math.clamp(processors / 2, 1, MOST_PLACES);
  }

  /** Brings a module to the runner and hears whether it can be run. */
  default ModuleVerdict check(Program program) {
    return check(program, Instant.MIN);
  }

  /**
   * The same.
   *
   * @param until how long to wait for a runner that is away, if that is longer than usual: whoever
   *     starts it again may take minutes
   */
  ModuleVerdict check(Program program, Instant until);

  /** Runs one unit; a runner that is away for long is not waited for. */
  default UnitOutcome run(Program program, Bytes input, Bytes32 seed, Duration wallClock) {
    return run(program, input, seed, wallClock, Instant.MIN);
  }

  /**
   * Runs one unit in a fresh instance, within the limits of the protocol. An interrupt of the
   * calling thread ends the run as {@code Unavailable} and stays set.
   *
   * @param seed from which the unit's randomness follows
   * @param wallClock from the start of the run, not counting the wait for a free place
   * @param until how long to wait for a runner that is away, if that is longer than usual
   */
  UnitOutcome run(Program program, Bytes input, Bytes32 seed, Duration wallClock, Instant until);

  /** What the runner is doing; empty if it does not answer at once. */
  Optional<RunnerStatus> status();

  @Override
  void close();
}
