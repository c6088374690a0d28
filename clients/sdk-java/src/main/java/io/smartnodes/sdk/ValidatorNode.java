package io.smartnodes.sdk;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.peer.Endpoint;
import java.util.List;
import java.util.Optional;

/**
 * A validator of the active set and where its services listen.
 *
 * @param operator its account
 * @param peer its node
 * @param endpoints empty while it has not been found
 */
public record ValidatorNode(Address operator, PeerId peer, List<Endpoint> endpoints) {
  /** Copies the list. */
  public ValidatorNode {
    endpoints = List.copyOf(endpoints);
  }

  /** {@code host:port} of a service, empty while the validator has not been found. */
  public Optional<String> address(String service) {
    return endpoints.stream()
        .filter(endpoint -> endpoint.service().equals(service))
        .map(endpoint -> endpoint.host() + ":" + endpoint.port())
        .findFirst();
  }
}
