package io.smartnodes.chain.contracts;

import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.abi.GovernorAbi;
import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/**
 * SmartnodesGovernor: proposals and votes. The usual way: propose, vote after {@link #voteStart},
 * queue after {@link #voteEnd}, execute from {@link #executableFrom} on.
 */
public final class GovernorCalls {
  private final Contract contract;

  GovernorCalls(Contract contract) {
    this.contract = contract;
  }

  /** Where it stands. */
  public Address address() {
    return contract.address();
  }

  /** Proposes; by somebody with at least {@link #proposalThreshold} votes. */
  public ContractCall propose(Proposal proposal) {
    return contract.call(
        GovernorAbi.propose(
            proposal.targets(), proposal.values(), proposal.data(), proposal.description()));
  }

  /** Votes with what was delegated to the sender when the vote began. */
  public ContractCall castVote(Proposal proposal, Proposal.Support support) {
    return contract.call(GovernorAbi.castVote(proposal.id(), support.code()));
  }

  /** Puts what was accepted into the timelock; by anybody. */
  public ContractCall queue(Proposal proposal) {
    return contract.call(
        GovernorAbi.queue(
            proposal.targets(), proposal.values(), proposal.data(), proposal.descriptionHash()));
  }

  /** Makes the calls of what has waited in the timelock; by anybody. */
  public ContractCall execute(Proposal proposal) {
    return contract.call(
        GovernorAbi.execute(
            proposal.targets(), proposal.values(), proposal.data(), proposal.descriptionHash()));
  }

  /** Withdraws a proposal before its vote begins; by its proposer. */
  public ContractCall cancel(Proposal proposal) {
    return contract.call(
        GovernorAbi.cancel(
            proposal.targets(), proposal.values(), proposal.data(), proposal.descriptionHash()));
  }

  /** Where a proposal stands; it must have been made. */
  public Proposal.State state(Proposal proposal) {
    return Codes.of(Proposal.State.values(), contract.ask(GovernorAbi.state(proposal.id())));
  }

  /** Votes count from the second after it, by balances at it. */
  public Instant voteStart(Proposal proposal) {
    return time(contract.ask(GovernorAbi.proposalSnapshot(proposal.id())));
  }

  /** The last second of the vote. */
  public Instant voteEnd(Proposal proposal) {
    return time(contract.ask(GovernorAbi.proposalDeadline(proposal.id())));
  }

  /** When the timelock lets a queued proposal go; 1970 if it is not queued. */
  public Instant executableFrom(Proposal proposal) {
    return time(contract.ask(GovernorAbi.proposalEta(proposal.id())));
  }

  /** From a proposal to the start of its vote. */
  public Duration votingDelay() {
    return Duration.ofSeconds(contract.ask(GovernorAbi.votingDelay()).longValueExact());
  }

  /** The length of a vote. */
  public Duration votingPeriod() {
    return Duration.ofSeconds(contract.ask(GovernorAbi.votingPeriod()).longValueExact());
  }

  /** Votes that a proposer needs, in wei of SNO. */
  public Amount proposalThreshold() {
    return new Amount(contract.ask(GovernorAbi.proposalThreshold()));
  }

  private static Instant time(BigInteger seconds) {
    return Instant.ofEpochSecond(seconds.longValueExact());
  }
}
