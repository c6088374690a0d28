package io.smartnodes.protocol.body;

import java.util.Optional;

/** What a jury found. The codes stand in docs/protocol/1-structs.md. */
public enum Outcome {
  CONFIRMED(1),
  REFUTED(2),
  SILENT(3),
  UNDELIVERED(4);

  private final int code;

  Outcome(int code) {
    this.code = code;
  }

  /** The code in structs and messages. */
  public int code() {
    return code;
  }

  /** The value of a code, empty for an unknown one. */
  public static Optional<Outcome> of(int code) {
    for (Outcome value : values()) {
      if (value.code == code) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }
}
