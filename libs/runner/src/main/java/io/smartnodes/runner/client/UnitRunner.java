package io.smartnodes.runner.client;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import java.time.Duration;
import java.util.Optional;

/** Runs units. Blocking: for virtual or worker threads, never an event loop; calls may overlap. */
public interface UnitRunner extends AutoCloseable {

  /** Brings a module to the runner and hears whether it can be run. */
  ModuleVerdict check(Program program);

  /**
   * Runs one unit in a fresh instance, within the limits of the protocol. An interrupt of the
   * calling thread ends the run as {@code Unavailable} and stays set.
   *
   * @param seed from which the unit's randomness follows
   * @param wallClock from the start of the run, not counting the wait for a free place
   */
  UnitOutcome run(Program program, Bytes input, Bytes32 seed, Duration wallClock);

  /** What the runner is doing; empty if it does not answer at once. */
  Optional<RunnerStatus> status();

  @Override
  void close();
}
