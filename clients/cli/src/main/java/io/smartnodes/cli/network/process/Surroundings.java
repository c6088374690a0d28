package io.smartnodes.cli.network.process;

import io.smartnodes.embedded.ChildProcess;
import io.smartnodes.wire.deployment.Deployment;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What all processes of a network share.
 *
 * @param programs that they run
 * @param deploymentFile {@code deployment.json}
 * @param deployment what it says
 * @param password file with the password of all keystores
 * @param rpc address of the chain
 * @param host address of this machine at which everybody listens and is found
 * @param adopt is told of every process that was started
 */
public record Surroundings(
    Programs programs,
    Path deploymentFile,
    Deployment deployment,
    Path password,
    URI rpc,
    String host,
    Consumer<ChildProcess> adopt) {
  /** The name of the loopback interface, where networks are unless told otherwise. */
  public static final String LOOPBACK = "localhost";

  /** The same address as a number where the loopback's name would not do. */
  String bindAddress() {
    return bindAddress(host);
  }

  /** The address to listen on for a host name. */
  public static String bindAddress(String host) {
    return host.equals(LOOPBACK) ? "127.0.0.1" : host;
  }
}
