// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorTerms, SmartnodesGovernor} from "../src/SmartnodesGovernor.sol";
import {SmartnodesTimelock} from "../src/SmartnodesTimelock.sol";
import {GovernorScene} from "./GovernorScene.sol";

/// @title Every setting of governor and timelock within its bounds; branches in GovernorBounds.tree
contract GovernorBoundsTest is GovernorScene {
    function refuses(address target, bytes memory call, bytes memory why) private {
        Proposal memory made = accepted(target, call);
        vm.expectRevert(why);
        execute(made);
    }

    function test_TheVotingDelayIsAtMostThirtyDays() public {
        decide(address(governor), abi.encodeCall(governor.setVotingDelay, (30 days)));
        same(governor.votingDelay(), 30 days);
        refuses(
            address(governor),
            abi.encodeCall(governor.setVotingDelay, (30 days + 1)),
            abi.encodeWithSelector(SmartnodesGovernor.VotingDelayOutOfBounds.selector, 30 days + 1, 0, 30 days)
        );
        decide(address(governor), abi.encodeCall(governor.setVotingDelay, (0)));
        same(governor.votingDelay(), 0);
    }

    function test_AVoteLastsTenSecondsToSixtyDays() public {
        decide(address(governor), abi.encodeCall(governor.setVotingPeriod, (60 days)));
        same(governor.votingPeriod(), 60 days);
        bytes4 refusal = SmartnodesGovernor.VotingPeriodOutOfBounds.selector;
        refuses(
            address(governor),
            abi.encodeCall(governor.setVotingPeriod, (60 days + 1)),
            abi.encodeWithSelector(refusal, 60 days + 1, 10, 60 days)
        );
        refuses(
            address(governor),
            abi.encodeCall(governor.setVotingPeriod, (9)),
            abi.encodeWithSelector(refusal, 9, 10, 60 days)
        );
        decide(address(governor), abi.encodeCall(governor.setVotingPeriod, (10)));
        same(governor.votingPeriod(), 10);
    }

    function test_TheThresholdStaysWithinReach() public {
        refuses(
            address(governor),
            abi.encodeCall(governor.setProposalThreshold, (10 ** 25 + 1)),
            abi.encodeWithSelector(SmartnodesGovernor.ProposalThresholdOutOfBounds.selector, 10 ** 25 + 1, 0, 10 ** 25)
        );
        decide(address(governor), abi.encodeCall(governor.setProposalThreshold, (0)));
        same(governor.proposalThreshold(), 0);
        decide(address(governor), abi.encodeCall(governor.setProposalThreshold, (10 ** 25)));
        same(governor.proposalThreshold(), 10 ** 25);
    }

    function test_TheQuorumIsOneToFiftyPercent() public {
        decide(address(governor), abi.encodeCall(governor.updateQuorumNumerator, (50)));
        same(governor.quorumNumerator(), 50);
        bytes4 refusal = SmartnodesGovernor.QuorumOutOfBounds.selector;
        refuses(
            address(governor),
            abi.encodeCall(governor.updateQuorumNumerator, (51)),
            abi.encodeWithSelector(refusal, 51, 1, 50)
        );
        refuses(
            address(governor),
            abi.encodeCall(governor.updateQuorumNumerator, (0)),
            abi.encodeWithSelector(refusal, 0, 1, 50)
        );
        decide(address(governor), abi.encodeCall(governor.updateQuorumNumerator, (1)));
        same(governor.quorumNumerator(), 1);
    }

    function test_TheTimelockWaitsThirtyDaysAtMost() public {
        decide(address(timelock), abi.encodeCall(timelock.updateDelay, (30 days)));
        same(timelock.getMinDelay(), 30 days);
        refuses(
            address(timelock),
            abi.encodeCall(timelock.updateDelay, (30 days + 1)),
            abi.encodeWithSelector(SmartnodesTimelock.DelayOutOfBounds.selector, 30 days + 1, 30 days)
        );
        decide(address(timelock), abi.encodeCall(timelock.updateDelay, (0)));
        same(timelock.getMinDelay(), 0);
    }

    function test_NobodySetsAnythingWithoutADecision() public {
        bytes[5] memory calls = [
            abi.encodeCall(governor.setVotingDelay, (1)),
            abi.encodeCall(governor.setVotingPeriod, (11)),
            abi.encodeCall(governor.setProposalThreshold, (1)),
            abi.encodeCall(governor.updateQuorumNumerator, (5)),
            abi.encodeCall(governor.relay, (address(dial), 0, ""))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(alice);
            (bool done, bytes memory why) = address(governor).call(calls[i]);
            holds(!done, "refused");
            same(why, abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, alice));
        }
        vm.expectRevert(abi.encodeWithSelector(TimelockController.TimelockUnauthorizedCaller.selector, alice));
        vm.prank(alice);
        timelock.updateDelay(1);
    }

    function test_ADeploymentOutOfBoundsIsRefused() public {
        vm.expectPartialRevert(SmartnodesGovernor.VotingDelayOutOfBounds.selector);
        new SmartnodesGovernor(token, timelock, GovernorTerms(30 days + 1, PERIOD, THRESHOLD, QUORUM));
        vm.expectPartialRevert(SmartnodesGovernor.VotingPeriodOutOfBounds.selector);
        new SmartnodesGovernor(token, timelock, GovernorTerms(DELAY, 9, THRESHOLD, QUORUM));
        vm.expectPartialRevert(SmartnodesGovernor.ProposalThresholdOutOfBounds.selector);
        new SmartnodesGovernor(token, timelock, GovernorTerms(DELAY, PERIOD, 10 ** 25 + 1, QUORUM));
        vm.expectPartialRevert(SmartnodesGovernor.QuorumOutOfBounds.selector);
        new SmartnodesGovernor(token, timelock, GovernorTerms(DELAY, PERIOD, THRESHOLD, 51));
        vm.expectPartialRevert(SmartnodesTimelock.DelayOutOfBounds.selector);
        new SmartnodesTimelock(30 days + 1, address(governor));
        vm.expectRevert(SmartnodesTimelock.GovernorMissing.selector);
        new SmartnodesTimelock(WAIT, address(0));
    }

    function testFuzz_ADecisionSetsWhatIsWithinBounds(uint256 delay, uint256 period, uint256 percent) public {
        delay = bound(delay, 0, 30 days);
        period = bound(period, 10, 60 days);
        percent = bound(percent, 1, 50);
        SmartnodesGovernor other =
            new SmartnodesGovernor(token, timelock, GovernorTerms(uint48(delay), uint32(period), THRESHOLD, percent));
        same(other.votingDelay(), delay);
        same(other.votingPeriod(), period);
        same(other.quorumNumerator(), percent);
    }
}
