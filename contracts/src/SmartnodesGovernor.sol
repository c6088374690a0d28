// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {
    GovernorVotesQuorumFraction
} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

/// @notice How the governor starts.
/// @param votingDelay from the proposal to the start of the vote, in seconds
/// @param votingPeriod length of the vote, in seconds
/// @param proposalThreshold votes that a proposer needs, in wei of SNO
/// @param quorumPercent votes for and abstaining that a proposal needs, in hundredths of the supply at the start of
/// its vote
struct GovernorTerms {
    uint48 votingDelay;
    uint32 votingPeriod;
    uint256 proposalThreshold;
    uint256 quorumPercent;
}

/// @title The holders of SNO decide
/// @notice One vote per delegated wei of SNO at the start of the vote (seconds, as the token counts). What is accepted
/// waits in the timelock and is then executed by anybody. Each setting is bounded, so that no decision can make the next
/// one impossible.
contract SmartnodesGovernor is
    Governor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorTimelockControl
{
    /// @notice The longest voting delay, in seconds; the shortest is 0.
    uint48 public constant MOST_VOTING_DELAY = 30 days;
    /// @notice The shortest vote, in seconds.
    uint32 public constant LEAST_VOTING_PERIOD = 10 seconds;
    /// @notice The longest vote, in seconds.
    uint32 public constant MOST_VOTING_PERIOD = 60 days;
    /// @notice The highest threshold of a proposal, in wei of SNO.
    uint256 public constant MOST_PROPOSAL_THRESHOLD = 10 ** 25;
    /// @notice The lowest quorum, in hundredths of the supply.
    uint256 public constant LEAST_QUORUM_PERCENT = 1;
    /// @notice The highest quorum, in hundredths of the supply.
    uint256 public constant MOST_QUORUM_PERCENT = 50;

    /// @notice The delay is too long; in seconds.
    error VotingDelayOutOfBounds(uint256 value, uint256 least, uint256 most);
    /// @notice The vote would be too short or too long; in seconds.
    error VotingPeriodOutOfBounds(uint256 value, uint256 least, uint256 most);
    /// @notice Too few could propose; in wei of SNO.
    error ProposalThresholdOutOfBounds(uint256 value, uint256 least, uint256 most);
    /// @notice The quorum is too low or out of reach; in hundredths of the supply.
    error QuorumOutOfBounds(uint256 value, uint256 least, uint256 most);
    /// @notice The timelock is the administrator of everything else and never changes.
    error TimelockFixed();

    /// @param sno whose delegated balances vote
    /// @param timelock where decisions wait
    /// @param terms how it starts; each within its bounds
    constructor(IVotes sno, TimelockController timelock, GovernorTerms memory terms)
        Governor("Smartnodes")
        GovernorSettings(terms.votingDelay, terms.votingPeriod, terms.proposalThreshold)
        GovernorVotes(sno)
        GovernorVotesQuorumFraction(terms.quorumPercent)
        GovernorTimelockControl(timelock)
    {}

    /// @notice Refused: see TimelockFixed.
    function updateTimelock(TimelockController) public pure override {
        revert TimelockFixed();
    }

    /// @inheritdoc GovernorSettings
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    /// @inheritdoc GovernorTimelockControl
    function state(uint256 proposalId) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(proposalId);
    }

    /// @inheritdoc GovernorTimelockControl
    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposalId);
    }

    function _setVotingDelay(uint48 value) internal override {
        if (value > MOST_VOTING_DELAY) revert VotingDelayOutOfBounds(value, 0, MOST_VOTING_DELAY);
        super._setVotingDelay(value);
    }

    function _setVotingPeriod(uint32 value) internal override {
        if (value < LEAST_VOTING_PERIOD || value > MOST_VOTING_PERIOD) {
            revert VotingPeriodOutOfBounds(value, LEAST_VOTING_PERIOD, MOST_VOTING_PERIOD);
        }
        super._setVotingPeriod(value);
    }

    function _setProposalThreshold(uint256 value) internal override {
        if (value > MOST_PROPOSAL_THRESHOLD) revert ProposalThresholdOutOfBounds(value, 0, MOST_PROPOSAL_THRESHOLD);
        super._setProposalThreshold(value);
    }

    function _updateQuorumNumerator(uint256 value) internal override {
        if (value < LEAST_QUORUM_PERCENT || value > MOST_QUORUM_PERCENT) {
            revert QuorumOutOfBounds(value, LEAST_QUORUM_PERCENT, MOST_QUORUM_PERCENT);
        }
        super._updateQuorumNumerator(value);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
