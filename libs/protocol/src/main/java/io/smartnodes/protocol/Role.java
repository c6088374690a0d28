package io.smartnodes.protocol;

import java.util.EnumSet;
import java.util.Set;

/** What a node may be. Worker and user come from registrations, validator from the active set. */
public enum Role {
  /** Sells verified work; bit 1. */
  WORKER(1),
  /** Buys work; bit 2. */
  USER(2),
  /** Serves in the active set; never part of a registration. */
  VALIDATOR(4);

  private final int bit;

  Role(int bit) {
    this.bit = bit;
  }

  /** The bit in masks of roles. */
  public int bit() {
    return bit;
  }

  /** The roles of a mask; unknown bits are ignored. */
  public static Set<Role> of(int mask) {
    EnumSet<Role> roles = EnumSet.noneOf(Role.class);
    for (Role role : values()) {
      if ((mask & role.bit) != 0) {
        roles.add(role);
      }
    }
    return roles;
  }
}
