package io.smartnodes.cli.session;

import io.smartnodes.chain.ContractError;
import java.util.Map;

/** A contract refused a transaction; the message says which step, why, and what to do next. */
public final class ChainRefused extends RuntimeException {
  private static final Map<String, String> NEXT =
      Map.ofEntries(
          Map.entry(
              "StandingWrong", "see 'smartnodes validator status' for where the operator stands"),
          Map.entry(
              "StakeTooSmall",
              "stake at least the minimum that 'smartnodes validator status' shows"),
          Map.entry("NodeKeyTaken", "make a new node key: a key never serves a second operator"),
          Map.entry(
              "NotDue",
              "wait until the first time in the message (seconds since 1970), then again"),
          Map.entry("AlreadySlashed", "somebody was faster; nothing is left to take"),
          Map.entry("NetworkTaken", "choose another name"),
          Map.entry(
              "DepositCapExceeded",
              "all deposits together may not exceed a third of the stake; deposit less, or wait"),
          Map.entry("Paused", "governance paused the contract until the time in the message"),
          Map.entry("NothingToEscape", "there is nothing in it"),
          Map.entry(
              "EscapePending",
              "an earlier escape is not consumed yet; wait for the next execution"),
          Map.entry(
              "SilenceMissing",
              "the network executed less than 30 days before; use 'smartnodes release' and"
                  + " 'smartnodes claim' while it lives"),
          Map.entry(
              "ProofInvalid",
              "the proof is not of the last executed state; take a new one with 'smartnodes proof"
                  + " --save'"),
          Map.entry("AlreadyEscaped", "this balance was paid out before; nothing is left to take"),
          Map.entry(
              "GovernorInsufficientProposerVotes",
              "delegate SNO to yourself first: 'smartnodes governance delegate'"),
          Map.entry(
              "GovernorUnexpectedProposalState",
              "see 'smartnodes governance show ID' for what can be done now"),
          Map.entry(
              "TimelockUnexpectedOperationState",
              "wait until the timelock is over: 'smartnodes governance show ID' says when"),
          Map.entry(
              "ERC20InsufficientBalance",
              "the account owns less SNO than this needs; send it more"));

  private final String step;
  private final ContractError error;

  /** A refusal of a step. */
  public ChainRefused(String step, ContractError error) {
    super(
        "the "
            + step
            + " was refused: "
            + error
            + (NEXT.containsKey(error.name()) ? "; " + NEXT.get(error.name()) : ""));
    this.step = step;
    this.error = error;
  }

  /** What was tried. */
  public String step() {
    return step;
  }

  /** Why the contract refused. */
  public ContractError error() {
    return error;
  }
}
