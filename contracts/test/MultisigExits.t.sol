// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Stakes} from "../src/multisig/Stakes.sol";
import {SmartnodesMultisig} from "../src/SmartnodesMultisig.sol";
import {Standing, Update} from "../src/Structs.sol";
import {MultisigScene} from "./MultisigScene.sol";

/// @title Exits, withdrawals and coming back; branches in MultisigExits.tree
contract MultisigExitsTest is MultisigScene {
    event InboxItemQueued(
        uint64 indexed index,
        uint8 kind,
        address indexed account,
        address asset,
        uint256 amount,
        address target,
        bytes32 data,
        bytes32 inboxHash
    );

    // ---- exit ----

    function test_anExitThatIsExecutedUnbondsAtOnce() public {
        uint256 due = vm.getBlockTimestamp() + NOTICE;
        vm.expectEmit(true, true, true, true, address(multisig));
        emit Stakes.ExitAsked(operator(3), uint64(due));
        exitAs(3);
        stands(3, Standing.EXITING);
        same(info(3).since, due);
        same(multisig.excluded(), 0);
        step(firstOf(3));
        stands(3, Standing.UNBONDING);
        same(info(3).since, vm.getBlockTimestamp() + UNBONDING);
        same(multisig.totalStake(), 3 * STAKE);
        uint256 until = info(3).since;
        vm.expectRevert(abi.encodeWithSelector(Stakes.NotDue.selector, until, vm.getBlockTimestamp()));
        vm.prank(operator(3));
        multisig.withdraw();
        vm.warp(until);
        uint256 before = token.balanceOf(operator(3));
        vm.expectEmit(true, true, true, true, address(multisig));
        emit Stakes.StakeWithdrawn(operator(3), operator(3), STAKE);
        withdrawAs(3);
        same(token.balanceOf(operator(3)), before + STAKE);
        stands(3, Standing.NONE);
        vm.prank(operator(3));
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(3), Standing.NONE));
        multisig.withdraw();
    }

    function test_anExitCompletesByTimeWhenNothingIsExecuted() public {
        exitAs(3);
        uint256 due = info(3).since;
        vm.warp(due - 1);
        vm.expectRevert(abi.encodeWithSelector(Stakes.NotDue.selector, due, due - 1));
        multisig.completeExit(operator(3));
        vm.warp(due);
        vm.expectEmit(true, true, true, true, address(multisig));
        emit Stakes.ExitCompleted(operator(3), uint64(due + UNBONDING));
        vm.prank(ANYBODY);
        multisig.completeExit(operator(3));
        same(multisig.excluded(), 8);
        same(multisig.totalStake(), 3 * STAKE);
        same(core.inboxLength(), 2);
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(3), Standing.UNBONDING));
        multisig.completeExit(operator(3));
        vm.warp(due + UNBONDING);
        withdrawAs(3);
        same(token.balanceOf(address(multisig)), 3 * STAKE);
        // The set has it still; its vote does not count, the others' do.
        holds(info(3).inSet, "in the set");
        Update memory update = next();
        bytes memory two = votes(update, 0, 11);
        bytes memory three = votes(update, 0, 15);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.QuorumMissing.selector, 2, 3));
        this.executeWith(update, 11, two);
        multisig.execute(update, 0, three, "");
    }

    function executeWith(Update calldata update, uint256 bitmap, bytes calldata) external {
        // Positions 0, 1 and 3, of which the last does not count.
        multisig.execute(update, 0, votes(update, 0, bitmap), "");
    }

    function test_theWholeSetCanLeaveAndIsPaid() public {
        for (uint256 i = 0; i < 4; ++i) {
            exitAs(i);
        }
        pass(NOTICE);
        for (uint256 i = 0; i < 4; ++i) {
            multisig.completeExit(operator(i));
        }
        pass(UNBONDING);
        for (uint256 i = 0; i < 4; ++i) {
            withdrawAs(i);
        }
        same(token.balanceOf(address(multisig)), 0);
        same(multisig.totalStake(), 0);
    }

    function test_aFounderLeavesAlsoWhenAnotherNeverStakes() public {
        vm.warp(GENESIS);
        deploy(2);
        stakeAs(0);
        leaveAs(0);
        pass(UNBONDING);
        withdrawAs(0);
        same(token.balanceOf(operator(0)), 100 * STAKE);
    }

    function test_whoWaitsInTheQueueLeavesByTime() public {
        joinAs(4);
        leaveAs(4);
        stands(4, Standing.UNBONDING);
        pass(UNBONDING);
        withdrawAs(4);
        joinAs(4, nodeKey(4, 1), 2 * STAKE);
        stands(4, Standing.QUEUED);
        same(info(4).stake, 2 * STAKE);
    }

    function test_aNoticeThatRunsKeepsItsEnd() public {
        exitAs(3);
        vm.startPrank(address(timelock));
        multisig.setExitNotice(30 days);
        multisig.setUnbonding(365 days);
        vm.stopPrank();
        pass(NOTICE);
        multisig.completeExit(operator(3));
        same(info(3).since, vm.getBlockTimestamp() + 365 days);
    }

    function test_noNoticeEndsInAPause() public {
        exitAs(2);
        exitAs(3);
        vm.prank(address(timelock));
        core.pause(2 days);
        uint256 until = core.pausedUntil();
        vm.warp(until - 1);
        vm.expectRevert(abi.encodeWithSelector(Stakes.NotDue.selector, until, until - 1));
        multisig.completeExit(operator(2));
        vm.warp(until);
        // All four vote on the set without the two, although their notice is over.
        execute(next(firstOf(2)), firstOf(2));
        stands(2, Standing.UNBONDING);
        stands(3, Standing.UNBONDING);
        same(multisig.quorum(), 2);
        pass(EPOCH);
        execute(next());
    }

    function test_afterAPauseExitsCompleteByTimeAndWhoComesBackVotesOn() public {
        exitAs(2);
        exitAs(3);
        vm.prank(address(timelock));
        core.pause(2 days);
        pass(2 days);
        multisig.completeExit(operator(2));
        multisig.completeExit(operator(3));
        same(multisig.excluded(), 12);
        refuses(SmartnodesMultisig.QuorumMissing.selector, next(firstOf(2)), firstOf(2));
        rejoinAs(2);
        same(multisig.excluded(), 8);
        execute(next(firstOf(3)), firstOf(3));
        stands(2, Standing.ACTIVE);
    }

    function test_aPauseIsNoReasonToKeepAWithdrawal() public {
        leaveAs(3);
        pass(UNBONDING);
        vm.prank(address(timelock));
        core.pause(2 days);
        withdrawAs(3);
        stands(3, Standing.NONE);
    }

    function test_aStakeHoldsOnePlaceAtATime() public {
        vm.prank(address(timelock));
        multisig.setUnbonding(1 days);
        for (uint256 i = 4; i < 20; ++i) {
            joinAs(i);
        }
        uint256 place = info(19).since;
        same(place, vm.getBlockTimestamp() + 15 * JOIN_PERIOD);
        for (uint256 i = 4; i < 20; ++i) {
            exitAs(i);
        }
        pass(NOTICE);
        vm.expectEmit(true, true, true, true, address(multisig));
        emit Stakes.ExitCompleted(operator(19), uint64(place));
        multisig.completeExit(operator(19));
        same(info(19).since, place);
        // The first has its place behind it and waits for the unbonding only.
        multisig.completeExit(operator(4));
        same(info(4).since, vm.getBlockTimestamp() + 1 days);
        vm.warp(place - 1);
        withdrawAs(4);
        vm.prank(operator(19));
        vm.expectRevert(abi.encodeWithSelector(Stakes.NotDue.selector, place, place - 1));
        multisig.withdraw();
        vm.warp(place);
        withdrawAs(19);
        stands(19, Standing.NONE);
    }

    function test_whoLeavesByAnUpdateWaitsForItsPlaceToo() public {
        vm.prank(address(timelock));
        multisig.setUnbonding(1 hours);
        joinAs(4);
        joinAs(5);
        exitAs(3);
        rejoinAs(3);
        uint256 place = info(3).since;
        same(place, vm.getBlockTimestamp() + 2 * JOIN_PERIOD);
        execute(next(firstOf(4)));
        stands(3, Standing.ACTIVE);
        exitAs(3);
        step(bytes.concat(firstOf(3), entry(4)));
        stands(3, Standing.UNBONDING);
        same(info(3).since, place);
    }

    // ---- no stake left ----

    function test_whoIsSlashedToNothingIsTakenOutByAnyone() public {
        slashOut(3);
        stands(3, Standing.ACTIVE);
        same(multisig.excluded(), 8);
        vm.expectEmit(true, true, true, false, address(core));
        emit InboxItemQueued(0, 4, operator(3), address(0), 0, address(0), bytes32(uint256(2)), 0);
        vm.expectEmit(true, true, true, true, address(multisig));
        emit Stakes.ExitCompleted(operator(3), uint64(vm.getBlockTimestamp() + UNBONDING));
        vm.prank(ANYBODY);
        multisig.completeExit(operator(3));
        stands(3, Standing.UNBONDING);
        same(multisig.excluded(), 8);
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(3), Standing.UNBONDING));
        multisig.completeExit(operator(3));
        // The state drops it, and nobody has to eject it.
        step(firstOf(3));
        same(multisig.validatorCount(), 3);
        same(multisig.excluded(), 0);
        // With stake it may come back.
        vm.prank(operator(3));
        multisig.topUp(STAKE);
        rejoinAs(3);
        step(firstOf(4));
        stands(3, Standing.ACTIVE);
    }

    function test_whoWaitsWithoutStakeIsTakenOutByAnyoneAlsoInAPause() public {
        vm.prank(operator(0));
        multisig.topUp(90 * STAKE);
        joinAs(4);
        execute(slashing(seeing(next(), 0), 4, STAKE - 1 ether));
        same(info(4).stake, 1 ether);
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(4), Standing.QUEUED));
        multisig.completeExit(operator(4));
        pass(EPOCH);
        execute(slashing(seeing(next(), 0), 4, 1));
        vm.prank(address(timelock));
        core.pause(1 days);
        multisig.completeExit(operator(4));
        stands(4, Standing.UNBONDING);
    }

    function test_anExitOfWhoHasNoStakeWaitsForItsNotice() public {
        slashOut(3);
        exitAs(3);
        vm.expectRevert(
            abi.encodeWithSelector(Stakes.NotDue.selector, vm.getBlockTimestamp() + NOTICE, vm.getBlockTimestamp())
        );
        multisig.completeExit(operator(3));
    }

    function test_nobodyWithStakeIsTakenOut() public {
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(3), Standing.ACTIVE));
        multisig.completeExit(operator(3));
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(9), Standing.NONE));
        multisig.completeExit(operator(9));
        vm.warp(GENESIS);
        deploy(2);
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(1), Standing.FOUNDER));
        multisig.completeExit(operator(1));
    }

    function slashOut(uint256 i) private {
        vm.prank(operator(0));
        multisig.topUp(90 * STAKE);
        execute(slashing(next(), i, STAKE));
        same(info(i).stake, 0);
    }

    // ---- coming back ----

    function test_whoHesitatesComesBack() public {
        exitAs(3);
        (bytes32 x, bytes32 y) = point(nodeKey(3));
        vm.expectEmit(true, true, true, false, address(core));
        emit InboxItemQueued(1, 3, operator(3), address(uint160(vm.getBlockTimestamp())), uint256(x), operator(3), y, 0);
        rejoinAs(3);
        stands(3, Standing.QUEUED);
        same(multisig.excluded(), 0);
        // The state has seen both, and has it at the end, which is its place.
        execute(next(firstOf(4)));
        stands(3, Standing.ACTIVE);
    }

    function test_whoCompletedItsExitVotesAgainAsSoonAsItIsBack() public {
        leaveAs(3);
        same(multisig.excluded(), 8);
        rejoinAs(3);
        same(multisig.excluded(), 0);
        same(multisig.totalStake(), 4 * STAKE);
        step(firstOf(4));
        stands(3, Standing.ACTIVE);
    }

    function test_comingBackNeedsStakeAndAReason() public {
        vm.prank(operator(0));
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(0), Standing.ACTIVE));
        multisig.rejoin();
        exitAs(0);
        vm.prank(address(timelock));
        multisig.setMinimumStake(STAKE + 1);
        vm.prank(operator(0));
        vm.expectRevert(abi.encodeWithSelector(Stakes.StakeTooSmall.selector, STAKE, STAKE + 1));
        multisig.rejoin();
        vm.prank(operator(0));
        multisig.topUp(1);
        rejoinAs(0);
        stands(0, Standing.QUEUED);
    }
}
