// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CoreBase} from "../src/core/CoreBase.sol";
import {Pause} from "../src/core/Pause.sol";
import {Payout, Update} from "../src/Structs.sol";
import {CoreScene} from "./CoreScene.sol";

contract CorePauseTest is CoreScene {
    uint32 private constant WEEK = 7 days;

    function test_aPauseStopsUpdatesAndDeposits() public {
        vm.expectEmit(true, true, true, true, address(core));
        emit Pause.PauseStarted(GUARDIAN, GENESIS + 100);
        vm.prank(GUARDIAN);
        core.pause(100);
        same(core.pausedUntil(), GENESIS + 100);
        bytes memory paused = abi.encodeWithSelector(Pause.Paused.selector, GENESIS + 100);
        Update memory update = next();
        vm.expectRevert(paused);
        core.applyUpdate(update);
        vm.deal(USER, 1);
        vm.prank(USER);
        vm.expectRevert(paused);
        core.deposit{value: 1}(NATIVE, 1, HOME);
        vm.warp(GENESIS + 99);
        vm.expectRevert(paused);
        core.applyUpdate(update);
    }

    function test_aPauseEndsByItself() public {
        core.pause(100);
        vm.warp(GENESIS + 100);
        depositNative(1);
        core.applyUpdate(next());
        core.applyUpdate(next());
        same(core.epoch(), 2);
    }

    function test_aPauseStopsNoClaimsReleasesAndSettlements() public {
        depositNative(100);
        Payout memory leaf = Payout(address(1), NATIVE, PAYEE, 40);
        uint64 epoch = settle(one(leaf));
        core.pause(WEEK);
        core.claim(epoch, leaf, none);
        same(PAYEE.balance, 40);
        vm.prank(USER);
        core.release(NATIVE, HOME, 1);
        core.settle();
        core.queue(4, USER, address(0), 0, address(0), 0);
        core.burnStake(0);
    }

    function test_aPauseIsLiftedEarlyAndStaysSpent() public {
        core.pause(100);
        vm.warp(GENESIS + 10);
        vm.expectEmit(true, true, true, true, address(core));
        emit Pause.PauseEnded(GUARDIAN, GENESIS + 100);
        vm.prank(GUARDIAN);
        core.unpause();
        same(core.pausedUntil(), 0);
        depositNative(1);
        core.applyUpdate(next());
        same(core.pauseLeft(GENESIS), WEEK - 100);
        vm.expectRevert(Pause.NotPaused.selector);
        core.unpause();
    }

    function test_aPauseThatHasEndedCannotBeLifted() public {
        core.pause(100);
        vm.warp(GENESIS + 100);
        vm.expectRevert(Pause.NotPaused.selector);
        core.unpause();
    }

    function test_onlyGovernanceAndTheGuardianPause() public {
        vm.startPrank(USER);
        vm.expectRevert(abi.encodeWithSignature("AccessManagedUnauthorized(address)", USER));
        core.pause(1);
        vm.expectRevert(abi.encodeWithSignature("AccessManagedUnauthorized(address)", USER));
        core.unpause();
    }

    function test_aPauseHasALength() public {
        vm.expectRevert(CoreBase.AmountZero.selector);
        core.pause(0);
    }

    function test_thereAreSevenDaysInAQuarter() public {
        vm.expectRevert(abi.encodeWithSelector(Pause.PauseBudgetExceeded.selector, 0, WEEK + 1, WEEK));
        core.pause(WEEK + 1);
        core.pause(WEEK - 10);
        vm.warp(GENESIS + 80 days);
        vm.expectRevert(abi.encodeWithSelector(Pause.PauseBudgetExceeded.selector, 0, 11, 10));
        core.pause(11);
        core.pause(10);
        vm.warp(GENESIS + 81 days);
        vm.expectRevert(abi.encodeWithSelector(Pause.PauseBudgetExceeded.selector, 0, 1, 0));
        core.pause(1);
        vm.warp(GENESIS + 91 days);
        same(core.pauseLeft(uint64(block.timestamp)), WEEK);
        core.pause(WEEK);
    }

    function test_aSecondPauseFollowsOnTheFirst() public {
        core.pause(100);
        vm.warp(GENESIS + 50);
        core.pause(100);
        same(core.pausedUntil(), GENESIS + 200);
        same(core.pauseLeft(GENESIS), WEEK - 200);
    }

    function test_aPauseAcrossQuartersIsChargedToBoth() public {
        vm.warp(GENESIS + 91 days - 3 days);
        core.pause(5 days);
        same(core.pauseLeft(GENESIS), 4 days);
        same(core.pauseLeft(GENESIS + 91 days - 1), 4 days);
        same(core.pauseLeft(GENESIS + 91 days), 5 days);
        vm.expectRevert(abi.encodeWithSelector(Pause.PauseBudgetExceeded.selector, 1, 5 days + 1, 5 days));
        core.pause(5 days + 1);
        core.pause(5 days);
    }

    function test_aPauseOfAllTimeIsRefused() public {
        vm.warp(GENESIS + 90 days);
        vm.expectPartialRevert(Pause.PauseBudgetExceeded.selector);
        core.pause(type(uint32).max);
        // The whole is refused, also what would have fitted.
        same(core.pauseLeft(GENESIS), WEEK);
    }

    function test_beforeGenesisCountsToTheFirstQuarter() public {
        vm.warp(GENESIS - 5);
        deploy(address(coin));
        core.pause(10);
        same(core.pauseLeft(GENESIS - 5), WEEK - 10);
        same(core.pauseLeft(GENESIS), WEEK - 10);
    }

    function testFuzz_noQuarterHasMoreThanSevenDays(uint256 salt) public {
        uint256[] memory spent = new uint256[](10);
        uint256 from = GENESIS;
        for (uint256 i = 0; i < 30; ++i) {
            salt = uint256(keccak256(abi.encode(salt)));
            vm.warp(block.timestamp + (salt % 20 days));
            uint32 length = uint32(bound(salt >> 32, 1, 9 days));
            uint256 start = core.pausedUntil() > block.timestamp ? core.pausedUntil() : block.timestamp;
            (bool done,) = address(core).call(abi.encodeCall(core.pause, (length)));
            uint256 quarter = (start - GENESIS) / 91 days;
            uint256 boundary = GENESIS + (quarter + 1) * 91 days;
            uint256 first = start + length <= boundary ? length : boundary - start;
            bool fits = spent[quarter] + first <= WEEK && spent[quarter + 1] + length - first <= WEEK;
            holds(done == fits, "allowed if and only if it fits");
            if (!done) continue;
            (spent[quarter], spent[quarter + 1]) = (spent[quarter] + first, spent[quarter + 1] + length - first);
            same(core.pausedUntil(), start + length);
        }
        same(from, GENESIS);
    }
}
