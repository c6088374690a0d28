package io.smartnodes.cli.network.process;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.embedded.ChildProcess;
import io.smartnodes.sdk.Bootstrap;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A validator of a local network, running or not. It keeps its folder, its database and its
 * addresses while it is stopped and started again.
 */
public sealed interface LocalValidator
    permits OneProcessValidator, SplitValidator, ExternalValidator {
  /**
   * One of its processes on this machine.
   *
   * @param name unique in the network
   * @param health address of its readiness, empty for what has none
   * @param process the process that was started last
   */
  record Part(String name, Optional<URI> health, ChildProcess process) {}

  /** Who it is. */
  Founder founder();

  /** Its node, and where it is asked for everything else. */
  Bootstrap bootstrap();

  /**
   * Begins to start it; see {@link #awaitReady()}.
   *
   * @param others where it starts from
   */
  void start(Surroundings around, List<Bootstrap> others) throws IOException;

  /** Serves with another node key from its next start on. */
  void rotate(NodeKey node);

  /** Whether it was started and not stopped since. */
  boolean isAlive();

  /**
   * Waits until it is ready to serve.
   *
   * @throws IllegalStateException if it does not come up; the message says what is known
   */
  void awaitReady();

  /** Ends it without warning, as a power cut would. */
  void killHard();

  /** Ends it orderly; what stands beside it stays. */
  void stop();

  /** Its processes on this machine; none before the first start and for one that is elsewhere. */
  List<Part> parts();

  /** {@code validator-1} and so on. */
  default String name() {
    return founder().name();
  }

  /** Its account. */
  default Address operator() {
    return founder().account();
  }
}
