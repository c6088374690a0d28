package io.smartnodes.wasm;

/** Runs units. Blocking: call it from virtual or worker threads, never from an event loop. */
public interface Runner {

  /**
   * Runs one unit in a fresh instance and returns when it has ended. Calls may overlap; a call
   * waits while all places are taken. An interrupt of the calling thread ends the run as {@code
   * Unavailable} and stays set.
   *
   * @param input stdin; not copied, leave it unchanged during the run
   */
  RunOutcome run(CompiledModule module, byte[] input, UnitSeed seed, RunLimits limits);
}
