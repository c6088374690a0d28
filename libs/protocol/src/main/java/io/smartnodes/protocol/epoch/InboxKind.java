package io.smartnodes.protocol.epoch;

import java.util.Optional;

/** What an inbox item is about. The codes stand in docs/protocol/1-structs.md. */
public enum InboxKind {
  DEPOSIT(1),
  RELEASE(2),
  JOIN(3),
  EXIT(4),
  ROTATION(5),
  PARAMETER(6),
  ESCAPE(7),
  NETWORK(8);

  private final int code;

  InboxKind(int code) {
    this.code = code;
  }

  /** The code in structs and messages. */
  public int code() {
    return code;
  }

  /** The value of a code, empty for an unknown one. */
  public static Optional<InboxKind> of(int code) {
    for (InboxKind value : values()) {
      if (value.code == code) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }
}
