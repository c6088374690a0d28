package io.smartnodes.chain.contracts;

import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.abi.AccessAbi;
import io.smartnodes.chain.abi.CoreAbi;
import io.smartnodes.chain.abi.GovernorAbi;
import io.smartnodes.chain.abi.MultisigAbi;
import io.smartnodes.chain.abi.TimelockAbi;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import java.time.Duration;

/**
 * What only the timelock may call: the contents of a {@link Proposal}. Every setter is bounded by
 * its contract (docs/protocol/parameters.md).
 */
public final class GovernedCalls {
  private final Contract core;
  private final Contract multisig;
  private final Contract timelock;
  private final Contract governor;
  private final Contract access;

  GovernedCalls(
      Contract core, Contract multisig, Contract timelock, Contract governor, Contract access) {
    this.core = core;
    this.multisig = multisig;
    this.timelock = timelock;
    this.governor = governor;
    this.access = access;
  }

  /** Sets a parameter of the state, by its place in the order of 2.9; in the parameter's unit. */
  public ContractCall setParameter(int index, Amount value) {
    return core.call(CoreAbi.setParameter(index, value.value()));
  }

  /** Sets the lengths of epochs and rounds together. */
  public ContractCall setLengths(Duration epoch, Duration round) {
    return multisig.call(MultisigAbi.setLengths(epoch.toSeconds(), round.toSeconds()));
  }

  /** Accepts an asset; rate: SNO wei that 10^18 of its smallest units count for. */
  public ContractCall approveAsset(Address asset, Amount rate) {
    return core.call(CoreAbi.approveAsset(asset, rate.value()));
  }

  /** Takes no new deposits of an asset. */
  public ContractCall disapproveAsset(Address asset) {
    return core.call(CoreAbi.disapproveAsset(asset));
  }

  /** Sets a network's status: 1 active, 2 suspended, 3 retired. */
  public ContractCall setNetworkStatus(Bytes32 network, int status) {
    return core.call(CoreAbi.setNetworkStatus(network, status));
  }

  /** How long one place in the set takes for one joiner. */
  public ContractCall setJoinPeriod(Duration value) {
    return multisig.call(MultisigAbi.setJoinPeriod(value.toSeconds()));
  }

  /** How long who asked to leave goes on voting at most. */
  public ContractCall setExitNotice(Duration value) {
    return multisig.call(MultisigAbi.setExitNotice(value.toSeconds()));
  }

  /** How long stake stays slashable after its owner left. */
  public ContractCall setUnbonding(Duration value) {
    return multisig.call(MultisigAbi.setUnbonding(value.toSeconds()));
  }

  /** The least stake of a new validator. */
  public ContractCall setMinimumStake(Amount value) {
    return multisig.call(MultisigAbi.setMinimumStake(value.value()));
  }

  /** Another verifier of votes, from an epoch to come. */
  public ContractCall setVoteVerifier(Address verifier, long fromEpoch) {
    return multisig.call(MultisigAbi.setVoteVerifier(verifier, fromEpoch));
  }

  /** From a proposal to the start of its vote. */
  public ContractCall setVotingDelay(Duration value) {
    return governor.call(GovernorAbi.setVotingDelay(value.toSeconds()));
  }

  /** The length of a vote. */
  public ContractCall setVotingPeriod(Duration value) {
    return governor.call(GovernorAbi.setVotingPeriod(value.toSeconds()));
  }

  /** Votes that a proposer needs. */
  public ContractCall setProposalThreshold(Amount value) {
    return governor.call(GovernorAbi.setProposalThreshold(value.value()));
  }

  /** The votes that a proposal needs, in hundredths of the supply. */
  public ContractCall setQuorum(int percent) {
    return governor.call(GovernorAbi.updateQuorumNumerator(Amount.of(percent).value()));
  }

  /** How long a decision waits at least. */
  public ContractCall setTimelockDelay(Duration value) {
    return timelock.call(TimelockAbi.updateDelay(Amount.of(value.toSeconds()).value()));
  }

  /** Lets an account pause Core. */
  public ContractCall appointGuardian(Address guardian) {
    return access.call(AccessAbi.grantRole(GUARDIAN, guardian, 0));
  }

  /** Takes the pause from an account. */
  public ContractCall dismissGuardian(Address guardian) {
    return access.call(AccessAbi.revokeRole(GUARDIAN, guardian));
  }

  private static final long GUARDIAN = 1;
}
