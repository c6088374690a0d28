package io.smartnodes.quarkus;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;

/**
 * Where this very process is reached by its siblings, one of several instances of a service
 * perhaps: {@code smartnodes.instance.address} ({@code host:port}), by default {@code localhost}
 * and the service port.
 */
@Singleton
public class InstanceAddress {
  private final Config config;

  /** Called by the container. */
  public InstanceAddress(Config config) {
    this.config = config;
  }

  /** {@code host:port}. Read at each use: a test's port is known after the start only. */
  public String value() {
    return config
        .getOptionalValue("smartnodes.instance.address", String.class)
        .orElseGet(() -> "localhost:" + config.getValue("quarkus.http.ssl-port", Integer.class));
  }
}
