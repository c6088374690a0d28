package io.smartnodes.protocol.job;

import java.time.Instant;
import java.util.Optional;

/** The states of a job and what moves it (docs/protocol/4-jobs.md, 4.3). */
public final class JobLifecycle {
  private JobLifecycle() {}

  /** The states of a job at its home; the codes are those of the messages. */
  public enum State {
    SUBMITTED(1),
    RUNNING(2),
    VERIFYING(3),
    CERTIFIED(4),
    SETTLED(5),
    FAILED(6),
    CANCELLED(7),
    EXPIRED(8);

    private final int code;

    State(int code) {
      this.code = code;
    }

    /** The code in messages and tables. */
    public int code() {
      return code;
    }

    /** The value of a code, empty for an unknown one. */
    public static Optional<State> of(int code) {
      for (State value : values()) {
        if (value.code == code) {
          return Optional.of(value);
        }
      }
      return Optional.empty();
    }

    /** Whether nothing moves the job any more. */
    public boolean isEnd() {
      return this == SETTLED || this == FAILED || this == CANCELLED || this == EXPIRED;
    }

    /** Whether units may be leased. */
    public boolean isLeasing() {
      return this == SUBMITTED || this == RUNNING || this == VERIFYING;
    }
  }

  /**
   * What is known of a job.
   *
   * @param anchored whether its hold was in an executed state at any time
   * @param inState whether its leaf is in the last executed state
   */
  public record Facts(
      State state,
      boolean anchored,
      boolean inState,
      LeaseBook.Progress progress,
      Instant deadline) {}

  /** A change of state with its reason, a sentence for people. */
  public record Moved(State from, State to, String reason) {}

  /** The next change, empty if the job stays where it is. Ask again after each change. */
  public static Optional<Moved> next(Facts facts, Instant now) {
    if (facts.state().isEnd()) {
      return Optional.empty();
    }
    LeaseBook.Progress progress = facts.progress();
    boolean late = !now.isBefore(facts.deadline());
    if (facts.anchored() && !facts.inState()) {
      return gone(facts, late);
    }
    if (progress.certified() == progress.units()) {
      return move(facts, State.CERTIFIED, "every unit is certified");
    }
    if (late && progress.acknowledged() == 0) {
      return move(
          facts,
          State.EXPIRED,
          "the deadline passed with %d of %d units certified; the rest of the hold is freed"
              .formatted(progress.certified(), progress.units()));
    }
    if (progress.free() == 0 && progress.leased() == 0) {
      return move(facts, State.VERIFYING, "every unit has an acknowledged receipt");
    }
    if (progress.free() < progress.units()) {
      return move(
          facts,
          State.RUNNING,
          facts.state() == State.VERIFYING
              ? "units are to be worked anew"
              : "units are leased to workers");
    }
    return facts.state() == State.VERIFYING
        ? move(facts, State.RUNNING, "units are to be worked anew")
        : Optional.empty();
  }

  /** The user's wish to end the job; empty if it has ended or all its units are certified. */
  public static Optional<Moved> cancel(State state) {
    return state.isLeasing()
        ? Optional.of(
            new Moved(
                state,
                State.CANCELLED,
                "cancelled by its user; receipts that are acknowledged are still paid"))
        : Optional.empty();
  }

  /** The end of a job that cannot be paid any more; empty if it has ended. */
  public static Optional<Moved> fail(State state, String reason) {
    return state.isEnd() ? Optional.empty() : Optional.of(new Moved(state, State.FAILED, reason));
  }

  /** A leaf goes when all is settled, or epochs after the deadline (2.5.11). */
  private static Optional<Moved> gone(Facts facts, boolean late) {
    return late && facts.progress().certified() < facts.progress().units()
        ? move(facts, State.EXPIRED, "the job was closed after its deadline; the rest is refunded")
        : move(facts, State.SETTLED, "every unit is paid and the remainder returned");
  }

  private static Optional<Moved> move(Facts facts, State to, String reason) {
    return facts.state() == to
        ? Optional.empty()
        : Optional.of(new Moved(facts.state(), to, reason));
  }
}
