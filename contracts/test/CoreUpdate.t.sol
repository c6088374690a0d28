// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SmartnodesCore} from "../src/SmartnodesCore.sol";
import {AssetTotals, Update} from "../src/Structs.sol";
import {CoreScene} from "./CoreScene.sol";

contract CoreUpdateTest is CoreScene {
    uint256 private constant HOURLY = 5625 ether;

    function test_anUpdateAdvancesTheEpoch() public {
        vm.warp(GENESIS + 600);
        Update memory update = next();
        vm.expectEmit(true, true, true, true, address(core));
        emit SmartnodesCore.UpdateApplied(1, update.stateRoot, 0, GENESIS + 600);
        core.applyUpdate(update);
        same(core.epoch(), 1);
        same(core.stateRoot(), update.stateRoot);
        same(core.stateRootOf(0), GENESIS_ROOT);
        same(core.stateRootOf(1), update.stateRoot);
        same(core.asOf(), GENESIS + 600);
    }

    function test_onlyTheMultisigUpdates() public {
        Update memory update = next();
        vm.prank(USER);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.CallerNotMultisig.selector, USER));
        core.applyUpdate(update);
    }

    function test_epochsComeOneAfterTheOther() public {
        Update memory update = next();
        update.epoch = 2;
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.EpochUnexpected.selector, 2, 1));
        core.applyUpdate(update);
        core.applyUpdate(next());
        update.epoch = 1;
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.EpochUnexpected.selector, 1, 2));
        core.applyUpdate(update);
    }

    function test_anUpdateBuildsOnTheLastState() public {
        Update memory update = next();
        update.previousStateRoot = bytes32(uint256(1));
        vm.expectRevert(
            abi.encodeWithSelector(
                SmartnodesCore.PreviousStateRootMismatch.selector, update.previousStateRoot, GENESIS_ROOT
            )
        );
        core.applyUpdate(update);
    }

    function test_timeNeverGoesBackNorAhead() public {
        vm.warp(GENESIS + 100);
        core.applyUpdate(next());
        Update memory update = next();
        update.asOf = GENESIS + 99;
        vm.expectRevert(
            abi.encodeWithSelector(SmartnodesCore.AsOfOutOfRange.selector, GENESIS + 99, GENESIS + 100, GENESIS + 100)
        );
        core.applyUpdate(update);
        update.asOf = GENESIS + 101;
        vm.expectRevert(
            abi.encodeWithSelector(SmartnodesCore.AsOfOutOfRange.selector, GENESIS + 101, GENESIS + 100, GENESIS + 100)
        );
        core.applyUpdate(update);
        core.applyUpdate(next());
    }

    function test_rootsOfEpochsToComeAreUnknown() public {
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.EpochUnknown.selector, 1));
        core.stateRootOf(1);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.EpochUnknown.selector, 1));
        core.inboxLengthOf(1);
    }

    // ---- totals ----

    function test_whatIsOwedMustBeOwned() public {
        depositNative(100);
        Update memory update = next(AssetTotals(NATIVE, 50, 30, 21, 0, 0));
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.ConservationViolated.selector, NATIVE, 101, 100));
        core.applyUpdate(update);
        update.totals[0].heldBack = 20;
        core.applyUpdate(update);
        same(keccak256(abi.encode(core.totals(NATIVE))), keccak256(abi.encode(update.totals[0])));
    }

    function test_eachPartOfWhatIsOwedCounts() public {
        depositToken(100);
        for (uint256 field = 0; field < 4; ++field) {
            AssetTotals memory t = AssetTotals(address(token), 0, 0, 0, 0, 0);
            if (field == 0) t.balances = 101;
            if (field == 1) t.payouts = 101;
            if (field == 2) t.heldBack = 101;
            if (field == 3) t.burnt = 101;
            Update memory update = next(t);
            vm.expectRevert(
                abi.encodeWithSelector(SmartnodesCore.ConservationViolated.selector, address(token), 101, 100)
            );
            core.applyUpdate(update);
        }
    }

    function testFuzz_whatIsOwedMustBeOwned(uint256 a, uint256 b, uint256 c) public {
        depositNative(type(uint128).max);
        Update memory update = next(AssetTotals(NATIVE, a, b, c, 0, 0));
        unchecked {
            bool overflows = a + b < a || a + b + c < c;
            if (overflows || a + b + c > type(uint128).max) {
                vm.expectPartialRevert(SmartnodesCore.ConservationViolated.selector);
            }
        }
        core.applyUpdate(update);
    }

    function test_totalsOfOneAssetDoNotPayForAnother() public {
        depositNative(100);
        vm.warp(GENESIS + 3600);
        Update memory update = next(totals(address(coin), 1, 0));
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.ConservationViolated.selector, address(coin), 1, 0));
        core.applyUpdate(update);
    }

    function test_totalsStandInOrderAndOnce() public {
        Update memory update = next();
        update.totals = list(totals(NATIVE, 0, 0), totals(address(coin), 0, 0));
        (update.totals[0], update.totals[1]) = (update.totals[1], update.totals[0]);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.TotalsNotAscending.selector, NATIVE));
        core.applyUpdate(update);
        update.totals[0] = update.totals[1];
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.TotalsNotAscending.selector, NATIVE));
        core.applyUpdate(update);
    }

    function test_totalsNameApprovedAssets() public {
        Update memory update = next(totals(USER, 0, 0));
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.AssetNotApproved.selector, USER));
        core.applyUpdate(update);
    }

    function test_anAssetOnceTotalledStays() public {
        core.applyUpdate(next(totals(NATIVE, 0, 0)));
        Update memory update = next(totals(address(coin), 0, 0));
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.TotalsMissing.selector, 0, 1));
        core.applyUpdate(update);
        update.totals = list(totals(NATIVE, 0, 0), totals(address(coin), 0, 0));
        core.applyUpdate(update);
        update = next(totals(NATIVE, 0, 0));
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.TotalsMissing.selector, 1, 2));
        core.applyUpdate(update);
    }

    function test_payoutsBurntAndMintedNeverDecrease() public {
        depositToken(100);
        vm.warp(GENESIS + 3600);
        AssetTotals memory first = AssetTotals(address(token), 50, 20, 0, 10, 10);
        core.applyUpdate(next(first));
        for (uint256 field = 0; field < 3; ++field) {
            AssetTotals memory less = AssetTotals(address(token), 10, 20, 0, 10, 10);
            if (field == 0) --less.payouts;
            if (field == 1) --less.burnt;
            if (field == 2) --less.minted;
            Update memory update = next(less);
            vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.TotalsDecreased.selector, address(token)));
            core.applyUpdate(update);
        }
        first.balances = 0; // balances and what is held back may
        core.applyUpdate(next(first));
    }

    // ---- mint and burn ----

    function test_mintAndBurnAreTheDifferenceOfTheTotals() public {
        depositToken(100 ether);
        uint256 supply = token.totalSupply();
        vm.warp(GENESIS + 3600);
        core.applyUpdate(next(AssetTotals(address(token), 90 ether, HOURLY, 0, 10 ether, HOURLY)));
        same(token.totalSupply(), supply + HOURLY - 10 ether);
        same(token.balanceOf(address(core)), 90 ether + HOURLY);
        vm.warp(GENESIS + 7200);
        core.applyUpdate(next(AssetTotals(address(token), 80 ether, HOURLY, 0, 20 ether, HOURLY + 1)));
        same(token.totalSupply(), supply + HOURLY + 1 - 20 ether);
    }

    function test_noMoreIsMintedThanTheScheduleAllows() public {
        vm.warp(GENESIS + 3600);
        Update memory update = next(AssetTotals(address(token), 0, HOURLY + 1, 0, 0, HOURLY + 1));
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.EmissionExceeded.selector, HOURLY + 1, HOURLY));
        core.applyUpdate(update);
        update.totals[0].payouts = update.totals[0].minted = HOURLY;
        core.applyUpdate(update);
    }

    function test_theScheduleCountsToTheTimeOfTheStateNotOfTheBlock() public {
        vm.warp(GENESIS + 7200);
        Update memory update = next(AssetTotals(address(token), 0, HOURLY + 1, 0, 0, HOURLY + 1));
        update.asOf = GENESIS + 3600;
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.EmissionExceeded.selector, HOURLY + 1, HOURLY));
        core.applyUpdate(update);
    }

    function test_onlySnoIsMintedAndBurnt() public {
        depositNative(100);
        vm.warp(GENESIS + 3600);
        Update memory update = next(AssetTotals(NATIVE, 0, 0, 0, 1, 0));
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.AssetNotMintable.selector, NATIVE));
        core.applyUpdate(update);
        update = next(AssetTotals(NATIVE, 0, 0, 0, 0, 1));
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.AssetNotMintable.selector, NATIVE));
        core.applyUpdate(update);
    }

    function testFuzz_coreAlwaysHoldsWhatItOwes(uint96 deposited, uint64 elapsed, uint256 minted, uint256 burnt)
        public
    {
        uint256 amount = bound(deposited, 1, 1_000_000 ether);
        depositToken(amount);
        vm.warp(GENESIS + uint256(elapsed % (30 * 365 days)));
        minted = bound(minted, 0, core.emission(uint64(block.timestamp) - GENESIS));
        burnt = bound(burnt, 0, amount + minted);
        core.applyUpdate(next(AssetTotals(address(token), amount + minted - burnt, 0, 0, burnt, minted)));
        same(token.balanceOf(address(core)), amount + minted - burnt);
    }

    function testFuzz_theEmissionNeverFallsAndNeverRunsAhead(uint64 a, uint64 b) public view {
        a = a % (200 * 365 days);
        b = b % (400 days);
        uint256 grown = core.emission(a + b) - core.emission(a);
        holds(grown <= (uint256(b) * HOURLY) / 3600 + 1, "never faster than at first");
        // Flooring loses less than a wei each year.
        holds(grown + 2 >= (uint256(b) * 420 ether) / 3600, "never slower than the tail");
    }
}
