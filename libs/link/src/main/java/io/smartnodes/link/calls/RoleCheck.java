package io.smartnodes.link.calls;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Role;
import java.util.Set;

/** What the state says about a peer. */
public sealed interface RoleCheck {
  /** It has these roles, all of them open. */
  record Member(Set<Role> roles) implements RoleCheck {
    /** Copies the set. */
    public Member {
      roles = Set.copyOf(roles);
    }
  }

  /**
   * Its role of worker is closed (suspended or banned); the others stay open.
   *
   * @param open roles that it keeps, never {@link Role#WORKER}
   * @param reason for people, for instance "banned"
   * @param evidenceId what proves it
   */
  record Barred(Set<Role> open, String reason, Bytes32 evidenceId) implements RoleCheck {
    /** Copies the set. */
    public Barred {
      open = Set.copyOf(open);
      if (open.contains(Role.WORKER)) {
        throw new IllegalArgumentException("a barred peer is no worker");
      }
    }
  }

  /** Nobody knows it. */
  record Stranger() implements RoleCheck {}
}
