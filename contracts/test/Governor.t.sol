// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {SmartnodesAccess} from "../src/SmartnodesAccess.sol";
import {SmartnodesGovernor} from "../src/SmartnodesGovernor.sol";
import {Dial, GovernorScene} from "./GovernorScene.sol";

/// @title Proposals, votes, the timelock and the guardian; branches in Governor.tree
contract GovernorTest is GovernorScene {
    function test_AnAcceptedProposalTurnsTheDialAfterTheTimelock() public {
        Proposal memory made = proposal(address(dial), abi.encodeCall(Dial.turn, (42)), "42");
        isIn(made, IGovernor.ProposalState.Pending);
        vm.warp(block.timestamp + DELAY + 1);
        isIn(made, IGovernor.ProposalState.Active);
        vote(made, alice, 1);
        vote(made, bob, 0);
        vm.warp(block.timestamp + PERIOD);
        isIn(made, IGovernor.ProposalState.Succeeded);
        queue(made);
        isIn(made, IGovernor.ProposalState.Queued);
        vm.warp(block.timestamp + WAIT);
        vm.prank(anybody);
        execute(made);
        isIn(made, IGovernor.ProposalState.Executed);
        same(dial.value(), 42);
    }

    function test_WhatHasNotWaitedInTheTimelockIsNotExecuted() public {
        Proposal memory made = accepted(address(dial), abi.encodeCall(Dial.turn, (42)));
        vm.warp(block.timestamp - 1);
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        execute(made);
        same(dial.value(), 0);
    }

    function test_AProposalIsNotExecutedTwice() public {
        Proposal memory made = accepted(address(dial), abi.encodeCall(Dial.turn, (42)));
        execute(made);
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        execute(made);
    }

    function test_MoreVotesAgainstThanForDefeatIt() public {
        Proposal memory made = proposal(address(dial), abi.encodeCall(Dial.turn, (42)), "42");
        vm.warp(block.timestamp + DELAY + 1);
        vote(made, alice, 0);
        vote(made, bob, 1);
        vm.warp(block.timestamp + PERIOD);
        isIn(made, IGovernor.ProposalState.Defeated);
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        queue(made);
    }

    function test_AMinorityBelowTheQuorumDecidesNothing() public {
        Proposal memory made = proposal(address(dial), abi.encodeCall(Dial.turn, (42)), "42");
        vm.warp(block.timestamp + DELAY + 1);
        same(governor.quorum(block.timestamp - 1), 4_000_000 ether);
        vote(made, carol, 1);
        vm.warp(block.timestamp + PERIOD);
        isIn(made, IGovernor.ProposalState.Defeated);
    }

    function test_WhoHasTooFewVotesProposesNothing() public {
        vm.prank(carol);
        token.transfer(bob, 1);
        vm.warp(block.timestamp + 1);
        Proposal memory made;
        made.targets = new address[](1);
        made.values = new uint256[](1);
        made.calls = new bytes[](1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorInsufficientProposerVotes.selector, carol, THRESHOLD - 1, THRESHOLD
            )
        );
        vm.prank(carol);
        governor.propose(made.targets, made.values, made.calls, "");
    }

    function test_SnoThatIsBoughtAfterTheVoteBeganDoesNotCount() public {
        Proposal memory made = proposal(address(dial), abi.encodeCall(Dial.turn, (42)), "42");
        vm.warp(block.timestamp + DELAY + 1);
        vm.prank(alice);
        token.transfer(anybody, 60_000_000 ether);
        vm.prank(anybody);
        token.delegate(anybody);
        vm.warp(block.timestamp + 1);
        vote(made, anybody, 1);
        vm.warp(block.timestamp + PERIOD);
        isIn(made, IGovernor.ProposalState.Defeated);
    }

    function test_PeriodsAreSeconds() public {
        same(governor.clock(), block.timestamp);
        same(keccak256(bytes(governor.CLOCK_MODE())), keccak256("mode=timestamp"));
        Proposal memory made = proposal(address(dial), abi.encodeCall(Dial.turn, (1)), "1");
        same(governor.proposalSnapshot(made.id), block.timestamp + 1 days);
        same(governor.proposalDeadline(made.id), block.timestamp + 8 days);
    }

    function test_NobodyButTheTimelockTurnsTheDial() public {
        address[5] memory callers = [alice, guardian, anybody, address(governor), address(access)];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, callers[i]));
            vm.prank(callers[i]);
            dial.turn(1);
        }
    }

    function test_NobodyButTheGovernorSchedulesInTheTimelock() public {
        address[4] memory callers = [alice, guardian, anybody, address(this)];
        bytes32 role = timelock.PROPOSER_ROLE();
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, callers[i], role)
            );
            vm.prank(callers[i]);
            timelock.schedule(address(dial), 0, abi.encodeCall(Dial.turn, (1)), 0, 0, WAIT);
        }
        holds(!timelock.hasRole(timelock.DEFAULT_ADMIN_ROLE(), address(this)), "the deployer administers nothing");
        holds(timelock.hasRole(timelock.EXECUTOR_ROLE(), address(0)), "anybody executes");
    }

    function test_TheDeployerAndTheGuardianAdministerNoRoles() public {
        address[3] memory callers = [address(this), guardian, anybody];
        uint64 admin = access.ADMIN_ROLE();
        uint64 role = access.GUARDIAN();
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IAccessManager.AccessManagerUnauthorizedAccount.selector, callers[i], admin)
            );
            vm.prank(callers[i]);
            access.grantRole(role, anybody, 0);
        }
        (bool isAdmin, uint32 delay) = access.hasRole(admin, address(timelock));
        holds(isAdmin && delay == 0, "the timelock administers");
    }

    function test_TheGuardianPausesAndUnpauses() public {
        vm.prank(guardian);
        dial.pause(60);
        same(dial.paused(), 60);
        vm.prank(guardian);
        dial.unpause();
        same(dial.paused(), 0);
    }

    function test_NobodyElsePauses() public {
        address[3] memory callers = [alice, anybody, address(governor)];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, callers[i]));
            vm.prank(callers[i]);
            dial.pause(60);
            vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, callers[i]));
            vm.prank(callers[i]);
            dial.unpause();
        }
    }

    function test_ADecisionPausesToo() public {
        decide(address(dial), abi.encodeCall(Dial.pause, (60)));
        same(dial.paused(), 60);
    }

    function test_ADecisionRevokesTheGuardian() public {
        decide(address(access), abi.encodeCall(access.revokeRole, (access.GUARDIAN(), guardian)));
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, guardian));
        vm.prank(guardian);
        dial.pause(60);
    }

    function test_WithoutAGuardianOnlyDecisionsPause() public {
        SmartnodesAccess alone = new SmartnodesAccess(address(timelock), address(dial), address(0));
        (bool nobody,) = alone.hasRole(alone.GUARDIAN(), address(0));
        holds(!nobody, "zero is no guardian");
        (bool decisions,) = alone.hasRole(alone.GUARDIAN(), address(timelock));
        holds(decisions, "the timelock is");
    }

    function test_AccessNeedsCore() public {
        vm.expectRevert(SmartnodesAccess.CoreMissing.selector);
        new SmartnodesAccess(address(timelock), address(0), guardian);
    }

    function test_TheTimelockOfTheGovernorNeverChanges() public {
        Proposal memory made = accepted(
            address(governor), abi.encodeCall(governor.updateTimelock, (TimelockController(payable(anybody))))
        );
        vm.expectRevert(SmartnodesGovernor.TimelockFixed.selector);
        execute(made);
        same(governor.timelock(), address(timelock));
    }

    function test_ItsProposerWithdrawsAProposalBeforeTheVote() public {
        Proposal memory made = proposal(address(dial), abi.encodeCall(Dial.turn, (42)), "42");
        vm.prank(carol);
        governor.cancel(made.targets, made.values, made.calls, keccak256("42"));
        isIn(made, IGovernor.ProposalState.Canceled);
    }
}
