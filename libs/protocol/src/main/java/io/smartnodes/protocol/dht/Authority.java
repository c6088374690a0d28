package io.smartnodes.protocol.dht;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import java.util.Set;

/** What the state says about authors of records. */
@FunctionalInterface
public interface Authority {
  /** The open roles that the node holds for the account; empty for strangers and the barred. */
  Set<Role> rolesOf(PeerId peer, Address account);
}
