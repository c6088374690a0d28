package io.smartnodes.quarkus;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.smartnodes.link.PeerChannels;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;

/**
 * Channels to the other services of the same validator, wherever they run: the address is {@code
 * smartnodes.services.NAME.address} ({@code host:port}), by default this very process over
 * loopback. The other side must prove our own peer id. Ask at every call, see {@link PeerChannels}.
 */
@Singleton
public class SelfChannel {
  private final PeerChannels channels;
  private final NodeIdentity identity;
  private final Config config;

  /** Called by the container. */
  public SelfChannel(PeerChannels channels, NodeIdentity identity, Config config) {
    this.channels = channels;
    this.identity = identity;
    this.config = config;
  }

  /**
   * The channel to a sibling.
   *
   * @param service for instance {@code peer-registry}
   */
  public ManagedChannel to(String service) {
    return channels.to(identity.peerId(), address(service));
  }

  /**
   * Whether a connection to the sibling stands, with both sides known to each other; begins one if
   * none does, and never waits: for readiness.
   */
  public boolean reaches(String service) {
    return to(service).getState(true) == ConnectivityState.READY;
  }

  /** Where the sibling listens. Read at each call: a test's port is known after the start only. */
  public String address(String service) {
    return config
        .getOptionalValue("smartnodes.services." + service + ".address", String.class)
        .orElseGet(() -> "localhost:" + config.getValue("quarkus.http.ssl-port", Integer.class));
  }
}
