package io.smartnodes.protocol.attestation;

import io.smartnodes.protocol.UnitLimits;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.merkle.InputsTree;
import io.smartnodes.protocol.merkle.ResultsTree;
import io.smartnodes.protocol.merkle.UnitResult;
import java.util.Set;

/**
 * Whether an opening opens what was asked (docs/protocol/5-attestation.md, 5.4). One that does not
 * is no opening: it counts as none given, never as a refutation, since it proves nothing to others.
 */
public final class OpeningCheck {
  private OpeningCheck() {}

  /** What became of an opening. */
  public sealed interface Result {
    /** The unit is open: its input belongs to the job, its output and fuel to the receipt. */
    record Opened(UnitResult claimed) implements Result {}

    /** It proves nothing; the reason is for people. */
    record Worthless(long unit, String reason) implements Result {}
  }

  /**
   * Checks one opening.
   *
   * @param spec of the receipt's job
   * @param asked the units that were asked for and are still open
   */
  public static Result check(Opening opening, JobSpec spec, JobReceipt receipt, Set<Long> asked) {
    long unit = opening.index();
    if (!asked.contains(unit)) {
      return new Result.Worthless(unit, "unit " + unit + " was not asked for");
    }
    if (opening.input().size() > UnitLimits.MAX_INPUT_BYTES) {
      return new Result.Worthless(unit, "its input is larger than a unit's may be");
    }
    if (opening.output().size() > UnitLimits.MAX_OUTPUT_BYTES) {
      return new Result.Worthless(unit, "its output is larger than a unit's may be");
    }
    UnitResult claimed = opening.claimed();
    if (!InputsTree.verify(
        spec.inputsRoot(), spec.unitCount(), unit, claimed.inputHash(), opening.inputProof())) {
      return new Result.Worthless(unit, "its input is not in the job's inputs");
    }
    return ResultsTree.verify(receipt, claimed, opening.proof())
        ? new Result.Opened(claimed)
        : new Result.Worthless(unit, "its result is not in the receipt");
  }
}
