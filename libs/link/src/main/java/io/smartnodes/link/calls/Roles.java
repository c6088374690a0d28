package io.smartnodes.link.calls;

import io.smartnodes.protocol.PeerId;

/** Port to the roles of peers; answers at once, from memory. */
@FunctionalInterface
public interface Roles {
  /** What the state says about the peer. */
  RoleCheck roleOf(PeerId peer);
}
