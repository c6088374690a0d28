package io.smartnodes.worker;

import io.smartnodes.link.calls.RoleCheck;
import io.smartnodes.link.calls.Roles;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.sdk.NetworkClient;
import java.util.Set;

/** Whom a worker serves: the validators of the active set, and the users of its leases. */
final class WorkerRoles implements Roles {
  private final Set<PeerId> validators = java.util.concurrent.ConcurrentHashMap.newKeySet();
  private final LeaseDesk desk;

  WorkerRoles(LeaseDesk desk) {
    this.desk = desk;
  }

  /** Takes the active set over. */
  void refresh(NetworkClient network) {
    var current = network.validators().stream().map(v -> v.peer()).toList();
    validators.addAll(current);
    validators.retainAll(Set.copyOf(current));
  }

  @Override
  public RoleCheck roleOf(PeerId peer) {
    if (validators.contains(peer)) {
      return new RoleCheck.Member(Set.of(Role.VALIDATOR));
    }
    return desk.isUser(peer) ? new RoleCheck.Member(Set.of(Role.USER)) : new RoleCheck.Stranger();
  }
}
