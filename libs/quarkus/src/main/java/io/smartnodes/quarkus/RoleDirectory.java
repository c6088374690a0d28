package io.smartnodes.quarkus;

import io.smartnodes.link.calls.RoleCheck;
import io.smartnodes.link.calls.Roles;
import io.smartnodes.protocol.PeerId;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The roles of all peers in memory. Filled from the state and the validator set of the chain; empty
 * until then, so that everybody is a stranger.
 */
@Singleton
public class RoleDirectory implements Roles {
  private final Map<PeerId, RoleCheck> known = new ConcurrentHashMap<>();

  @Override
  public RoleCheck roleOf(PeerId peer) {
    return known.getOrDefault(peer, new RoleCheck.Stranger());
  }

  /** Enters or replaces one peer. */
  public void put(PeerId peer, RoleCheck role) {
    known.put(peer, role);
  }

  /** Forgets one peer: it becomes a stranger. */
  public void remove(PeerId peer) {
    known.remove(peer);
  }

  /** Replaces everything; calls in between see old or new entries, never an absent one. */
  public void replaceAll(Map<PeerId, RoleCheck> all) {
    known.putAll(all);
    known.keySet().retainAll(all.keySet());
  }

  /** A copy of all entries. */
  public Map<PeerId, RoleCheck> all() {
    return Map.copyOf(known);
  }
}
