package io.smartnodes.runner.client;

import io.smartnodes.proto.runner.v1.RunEnded;
import io.smartnodes.proto.runner.v1.TrapCause;
import io.smartnodes.proto.runner.v1.UnitTrapped;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.runner.client.RunnerCalls.Ran;

/** What the runner tells about the end of a unit; what it cannot mean is never evidence. */
final class Outcomes {
  private Outcomes() {}

  static UnitOutcome of(Ran ran) {
    RunEnded ended = ran.ended();
    return switch (ended.getOutcomeCase()) {
      case COMPLETED ->
          new UnitOutcome.Completed(ran.output(), new Fuel(ended.getCompleted().getFuel()));
      case TRAPPED -> trapped(ended.getTrapped());
      case UNAVAILABLE -> new UnitOutcome.Unavailable(ended.getUnavailable().getReason());
      case MODULE, OUTCOME_NOT_SET -> new UnitOutcome.Unavailable("the runner answers nonsense");
    };
  }

  private static UnitOutcome trapped(UnitTrapped trapped) {
    TrapCause told = trapped.getCause();
    return switch (told) {
      case TRAP_CAUSE_EXIT -> trap(UnitOutcome.Cause.EXIT, trapped);
      case TRAP_CAUSE_TRAP -> trap(UnitOutcome.Cause.TRAP, trapped);
      case TRAP_CAUSE_OUTPUT_TOO_LARGE -> trap(UnitOutcome.Cause.OUTPUT_TOO_LARGE, trapped);
      case TRAP_CAUSE_UNSPECIFIED, UNRECOGNIZED ->
          new UnitOutcome.Unavailable("the runner tells an unknown trap");
    };
  }

  private static UnitOutcome trap(UnitOutcome.Cause cause, UnitTrapped trapped) {
    return new UnitOutcome.Trapped(cause, trapped.getExitCode(), trapped.getDetail());
  }
}
