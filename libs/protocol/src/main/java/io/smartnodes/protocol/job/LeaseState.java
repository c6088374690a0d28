package io.smartnodes.protocol.job;

import java.util.Optional;

/** The states of a lease at its home (docs/protocol/4-jobs.md, 4.4). */
public enum LeaseState {
  /** Signed and offered to its worker. */
  GRANTED(1),
  /** The worker has reported progress. */
  WORKING(2),
  /** A quorum of witnesses has acknowledged its receipt; the jury is at work. */
  ACKNOWLEDGED(3),
  /** Its receipt is certified as confirmed. */
  CERTIFIED(4),
  /** Its worker fell silent, gave up or was late; the units are free again. */
  LAPSED(5),
  /** Its receipt was refuted or unanswered, or another one holds its units. */
  VOIDED(6),
  /** No jury came to a result until the job ended. */
  UNVERIFIED(7);

  private final int code;

  LeaseState(int code) {
    this.code = code;
  }

  /** The code in messages and tables. */
  public int code() {
    return code;
  }

  /** The value of a code, empty for an unknown one. */
  public static Optional<LeaseState> of(int code) {
    for (LeaseState value : values()) {
      if (value.code == code) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** Whether the worker still owes a receipt; such a lease takes one of its slots. */
  public boolean isOpen() {
    return this == GRANTED || this == WORKING;
  }

  /** Whether the units belong to the lease: no other lease may cover them. */
  public boolean isLive() {
    return isOpen() || this == ACKNOWLEDGED || this == CERTIFIED;
  }
}
