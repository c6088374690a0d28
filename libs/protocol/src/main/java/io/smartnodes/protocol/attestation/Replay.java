package io.smartnodes.protocol.attestation;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.merkle.UnitResult;

/** Compares what a member got with what the worker claims (docs/protocol/5-attestation.md, 5.5). */
public final class Replay {
  private Replay() {}

  /** What a member's own run of a unit gave. */
  public sealed interface Run {
    /** It ended, with an output or with a {@link TrapOutput}; the same on every machine. */
    record Ended(Bytes32 outputHash, Fuel fuel) implements Run {}

    /** This machine could not run it: time, memory, a module that it cannot get. Not evidence. */
    record Impossible(String reason) implements Run {}
  }

  /** What the comparison says. */
  public sealed interface Result {
    /** Output and fuel are as claimed. */
    record Equal() implements Result {}

    /** They are not, and this is what the member signs. */
    record Different(Refutation refutation) implements Result {}

    /** Nothing is known about the unit; the reason is for people. */
    record Unavailable(String reason) implements Result {}
  }

  /**
   * Compares one unit.
   *
   * @param claimed as opened and proven, see {@link OpeningCheck}
   */
  public static Result compare(Bytes32 receiptHash, UnitResult claimed, Run run) {
    return switch (run) {
      case Run.Impossible(String reason) -> new Result.Unavailable(reason);
      case Run.Ended(Bytes32 outputHash, Fuel fuel) ->
          outputHash.equals(claimed.outputHash()) && fuel.equals(claimed.fuel())
              ? new Result.Equal()
              : new Result.Different(
                  new Refutation(
                      receiptHash,
                      claimed.index(),
                      claimed.inputHash(),
                      claimed.outputHash(),
                      outputHash,
                      fuel));
    };
  }
}
