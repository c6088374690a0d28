package io.smartnodes.protocol.state.tree;

import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Head;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Network;
import io.smartnodes.protocol.state.Parameters;
import io.smartnodes.protocol.state.Payout;
import io.smartnodes.protocol.state.Pending;
import io.smartnodes.protocol.state.Totals;
import io.smartnodes.protocol.state.Validator;
import java.util.Optional;

/**
 * The kinds of leaves, with their codes in paths and messages (docs/protocol/1-structs.md, 1.8).
 */
public enum LeafType {
  ACCOUNT(1, Account.class),
  ALLOTMENT(2, Allotment.class),
  JOB(3, Job.class),
  PENDING(4, Pending.class),
  PAYOUT(5, Payout.class),
  VALIDATOR(6, Validator.class),
  NETWORK(7, Network.class),
  PARAMETERS(8, Parameters.class),
  TOTALS(9, Totals.class),
  HEAD(10, Head.class);

  private final int code;
  private final Class<? extends Struct> struct;

  LeafType(int code, Class<? extends Struct> struct) {
    this.code = code;
    this.struct = struct;
  }

  /** The code in paths and messages. */
  public int code() {
    return code;
  }

  /** The struct that leaves of this type hold. */
  public Class<? extends Struct> struct() {
    return struct;
  }

  /** The type of a code, empty for an unknown one. */
  public static Optional<LeafType> of(int code) {
    for (LeafType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /**
   * The type of a leaf's value.
   *
   * @throws IllegalArgumentException if the struct is no leaf
   */
  public static LeafType of(Struct value) {
    for (LeafType type : values()) {
      if (type.struct.isInstance(value)) {
        return type;
      }
    }
    throw new IllegalArgumentException(value.getClass() + " is no leaf of the state");
  }
}
