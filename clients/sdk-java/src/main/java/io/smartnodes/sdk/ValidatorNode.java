package io.smartnodes.sdk;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.peer.Endpoint;
import java.util.List;
import java.util.Optional;

/**
 * A validator and where its services listen.
 *
 * @param operator its account
 * @param peer its node
 * @param formerPeer its node before the last rotation of its key, whose signatures count too
 * @param endpoints empty while it has not been found
 */
public record ValidatorNode(
    Address operator, PeerId peer, Optional<PeerId> formerPeer, List<Endpoint> endpoints) {
  /** Copies the list. */
  public ValidatorNode {
    endpoints = List.copyOf(endpoints);
  }

  /** One that never rotated its key. */
  public ValidatorNode(Address operator, PeerId peer, List<Endpoint> endpoints) {
    this(operator, peer, Optional.empty(), endpoints);
  }

  /** Whether a node is, or was before the last rotation, the one of this validator. */
  public boolean is(PeerId node) {
    return peer.equals(node) || formerPeer.filter(node::equals).isPresent();
  }

  /** Whether a key is one whose signatures count as this validator's. */
  public boolean isBy(PublicKey key) {
    return is(PeerId.of(key));
  }

  /** {@code host:port} of a service, empty while the validator has not been found. */
  public Optional<String> address(String service) {
    return endpoints.stream()
        .filter(endpoint -> endpoint.service().equals(service))
        .map(endpoint -> endpoint.host() + ":" + endpoint.port())
        .findFirst();
  }
}
