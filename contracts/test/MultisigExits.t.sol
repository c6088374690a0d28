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
