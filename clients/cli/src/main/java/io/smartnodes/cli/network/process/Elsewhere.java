package io.smartnodes.cli.network.process;

import io.smartnodes.sdk.Bootstrap;
import java.io.IOException;
import java.util.List;

/**
 * Runs a validator that is no process of ours, for instance a release on a cluster. Its methods may
 * wait; they are called from virtual threads.
 */
public interface Elsewhere {
  /** {@code host:port} at which the others reach its peer-registry; known before it starts. */
  String address();

  /**
   * Starts it; called again after it was stopped or killed.
   *
   * @param founder its keys; {@link Founder#write} makes files of them
   * @param around chain, contracts and the address of this machine
   * @param others where it starts from
   */
  void start(Founder founder, Surroundings around, List<Bootstrap> others)
      throws IOException, InterruptedException;

  /** Whether it is ready to serve; an {@link IOException} means "not yet". */
  boolean isReady() throws IOException, InterruptedException;

  /** Ends it without warning. */
  void killHard();

  /** Ends it orderly; does nothing if it was never started. */
  void stop();
}
