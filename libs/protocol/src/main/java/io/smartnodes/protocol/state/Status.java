package io.smartnodes.protocol.state;

import java.util.Optional;

/** The status of an account in the worker role. The codes stand in docs/protocol/1-structs.md. */
public enum Status {
  VETTING(1),
  ACTIVE(2),
  WARNED(3),
  SUSPENDED(4),
  BANNED(5);

  private final int code;

  Status(int code) {
    this.code = code;
  }

  /** The code in structs and messages. */
  public int code() {
    return code;
  }

  /** The value of a code, empty for an unknown one. */
  public static Optional<Status> of(int code) {
    for (Status value : values()) {
      if (value.code == code) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }
}
