// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CoreBase} from "../src/core/CoreBase.sol";
import {Money} from "../src/core/Money.sol";
import {Updates} from "../src/core/Updates.sol";
import {AssetTotals, Update} from "../src/Structs.sol";
import {CoreScene} from "./CoreScene.sol";

contract CoreUpdateTest is CoreScene {
    uint256 private constant HOURLY = 5625 ether;

    function test_anUpdateAdvancesTheEpoch() public {
        vm.warp(GENESIS + 600);
        Update memory update = next();
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
        vm.expectRevert(abi.encodeWithSelector(CoreBase.CallerNotMultisig.selector, USER));
        core.applyUpdate(update);
    }

    function test_epochsComeOneAfterTheOther() public {
        Update memory update = next();
        update.epoch = 2;
        vm.expectRevert(abi.encodeWithSelector(Updates.EpochUnexpected.selector, 2, 1));
        core.applyUpdate(update);
        core.applyUpdate(next());
        update.epoch = 1;
        vm.expectRevert(abi.encodeWithSelector(Updates.EpochUnexpected.selector, 1, 2));
        core.applyUpdate(update);
    }

    function test_anUpdateBuildsOnTheLastState() public {
        Update memory update = next();
        update.previousStateRoot = bytes32(uint256(1));
        vm.expectRevert(
            abi.encodeWithSelector(Updates.PreviousStateRootMismatch.selector, update.previousStateRoot, GENESIS_ROOT)
        );
        core.applyUpdate(update);
    }

    function test_timeNeverGoesBackNorAhead() public {
        vm.warp(GENESIS + 100);
        core.applyUpdate(next());
        Update memory update = next();
        update.asOf = GENESIS + 99;
        vm.expectRevert(
            abi.encodeWithSelector(Updates.AsOfOutOfRange.selector, GENESIS + 99, GENESIS + 100, GENESIS + 100)
        );
        core.applyUpdate(update);
        update.asOf = GENESIS + 101;
        vm.expectRevert(
            abi.encodeWithSelector(Updates.AsOfOutOfRange.selector, GENESIS + 101, GENESIS + 100, GENESIS + 100)
        );
        core.applyUpdate(update);
        core.applyUpdate(next());
    }

    function test_rootsOfEpochsToComeAreUnknown() public {
        vm.expectRevert(abi.encodeWithSelector(Updates.EpochUnknown.selector, 1));
        core.stateRootOf(1);
        for (uint256 i = 0; i < 16; ++i) {
            core.applyUpdate(next());
        }
        vm.expectRevert(abi.encodeWithSelector(Updates.EpochUnknown.selector, 0));
        core.stateRootOf(0);
        same(core.genesisStateRoot(), GENESIS_ROOT);
    }

    // ---- totals ----

    function test_whatIsOwedMustBeOwned() public {
        depositNative(100);
        Update memory update = next(AssetTotals(NATIVE, 50, 30, 21, 0, 0));
        vm.expectRevert(abi.encodeWithSelector(Updates.ConservationViolated.selector, NATIVE, 101, 100));
        core.applyUpdate(update);
        update.totals[0].heldBack = 20;
        vm.expectEmit(true, true, true, true, address(core));
        emit Updates.TotalsSettled(1, NATIVE, 50, 30, 20, 0, 0);
        core.applyUpdate(update);
        (uint256 received, uint256 claimed, uint256 payouts, uint256 minted, uint256 burnt) = core.books(NATIVE);
        same(received, 100);
        same(payouts, 30);
        same(claimed + minted + burnt, 0);
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
            vm.expectRevert(abi.encodeWithSelector(Updates.ConservationViolated.selector, address(token), 101, 100));
            core.applyUpdate(update);
        }
    }

    function testFuzz_whatIsOwedMustBeOwned(uint256 a, uint256 b, uint256 c) public {
        depositNative(type(uint96).max);
        Update memory update = next(AssetTotals(NATIVE, a, b, c, 0, 0));
        unchecked {
            bool overflows = a + b < a || a + b + c < c;
            if (overflows || a + b + c > type(uint96).max) {
                vm.expectPartialRevert(Updates.ConservationViolated.selector);
            }
        }
        core.applyUpdate(update);
    }

    function test_totalsOfOneAssetDoNotPayForAnother() public {
        depositNative(100);
        vm.warp(GENESIS + 3600);
        Update memory update = next(totals(address(coin), 1, 0));
        vm.expectRevert(abi.encodeWithSelector(Updates.ConservationViolated.selector, address(coin), 1, 0));
        core.applyUpdate(update);
    }

    function test_totalsStandInOrderAndOnce() public {
        Update memory update = next();
        update.totals = list(totals(NATIVE, 0, 0), totals(address(coin), 0, 0));
        (update.totals[0], update.totals[1]) = (update.totals[1], update.totals[0]);
        vm.expectRevert(abi.encodeWithSelector(Updates.TotalsNotAscending.selector, NATIVE));
        core.applyUpdate(update);
        update.totals[0] = update.totals[1];
        vm.expectRevert(abi.encodeWithSelector(Updates.TotalsNotAscending.selector, NATIVE));
        core.applyUpdate(update);
    }

    function test_totalsNameApprovedAssets() public {
        Update memory update = next(totals(USER, 0, 0));
        vm.expectRevert(abi.encodeWithSelector(Money.AssetUnknown.selector, USER));
        core.applyUpdate(update);
    }

    function test_anAssetOnceTotalledStays() public {
        core.applyUpdate(next(totals(NATIVE, 0, 0)));
        Update memory update = next(totals(address(coin), 0, 0));
        vm.expectRevert(abi.encodeWithSelector(Updates.TotalsMissing.selector, 0, 1));
        core.applyUpdate(update);
        update.totals = list(totals(NATIVE, 0, 0), totals(address(coin), 0, 0));
        core.applyUpdate(update);
        update = next(totals(NATIVE, 0, 0));
        vm.expectRevert(abi.encodeWithSelector(Updates.TotalsMissing.selector, 1, 2));
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
            vm.expectRevert(abi.encodeWithSelector(Updates.TotalsDecreased.selector, address(token)));
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
        same(token.totalSupply(), supply);
        vm.expectEmit(true, true, true, true, address(core));
        emit Money.SupplySettled(HOURLY, 10 ether);
        core.settle();
        same(token.totalSupply(), supply + HOURLY - 10 ether);
        same(token.balanceOf(address(core)), 90 ether + HOURLY);
        vm.warp(GENESIS + 7200);
        core.applyUpdate(next(AssetTotals(address(token), 80 ether, HOURLY, 0, 20 ether, HOURLY + 1)));
        core.settle();
        core.settle();
        same(token.totalSupply(), supply + HOURLY + 1 - 20 ether);
    }

    function test_noMoreIsMintedThanTheScheduleAllows() public {
        vm.warp(GENESIS + 3600);
        Update memory update = next(AssetTotals(address(token), 0, HOURLY + 1, 0, 0, HOURLY + 1));
        vm.expectRevert(abi.encodeWithSelector(Updates.EmissionExceeded.selector, HOURLY + 1, HOURLY));
        core.applyUpdate(update);
        update.totals[0].payouts = update.totals[0].minted = HOURLY;
        core.applyUpdate(update);
    }

    function test_theScheduleCountsToTheTimeOfTheStateNotOfTheBlock() public {
        vm.warp(GENESIS + 7200);
        Update memory update = next(AssetTotals(address(token), 0, HOURLY + 1, 0, 0, HOURLY + 1));
        update.asOf = GENESIS + 3600;
        vm.expectRevert(abi.encodeWithSelector(Updates.EmissionExceeded.selector, HOURLY + 1, HOURLY));
        core.applyUpdate(update);
    }

    function test_onlySnoIsMintedAndBurnt() public {
        depositNative(100);
        vm.warp(GENESIS + 3600);
        Update memory update = next(AssetTotals(NATIVE, 0, 0, 0, 1, 0));
        vm.expectRevert(abi.encodeWithSelector(Updates.AssetNotMintable.selector, NATIVE));
        core.applyUpdate(update);
        update = next(AssetTotals(NATIVE, 0, 0, 0, 0, 1));
        vm.expectRevert(abi.encodeWithSelector(Updates.AssetNotMintable.selector, NATIVE));
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
        core.settle();
        same(token.balanceOf(address(core)), amount + minted - burnt);
    }

    // ---- body ----

    function test_anUpdateHasABody() public {
        Update memory update = next();
        update.bodyHash = 0;
        vm.expectRevert(Updates.BodyMissing.selector);
        core.applyUpdate(update);
    }

    // ---- the books and the supply ----

    function test_anUpdateCallsNoToken() public {
        depositToken(100);
        vm.warp(GENESIS + 3600);
        core.applyUpdate(next(AssetTotals(address(token), 90, 0, 0, 15, 5)));
        same(token.minted(), 0);
        same(token.balanceOf(address(core)), 100);
        same(mintedOf(address(token)), 5);
        same(burntOf(address(token)), 15);
    }

    function test_settlingTwiceOrInPartsComesToTheSame() public {
        depositToken(100);
        uint256 supply = token.totalSupply();
        vm.warp(GENESIS + 3600);
        core.settle();
        core.applyUpdate(next(AssetTotals(address(token), 100, 0, 0, 0, 7)));
        core.settle();
        core.settle();
        same(token.totalSupply(), supply + 7);
        core.applyUpdate(next(AssetTotals(address(token), 90, 0, 0, 17, 7)));
        vm.prank(ANYBODY);
        core.settle();
        same(token.totalSupply(), supply - 10);
        core.settle();
        same(token.totalSupply(), supply - 10);
        same(token.minted(), 7);
    }

    function test_noMoreIsSettledThanTheBooksSay() public {
        uint256 supply = token.totalSupply();
        vm.warp(GENESIS + 30 days);
        vm.recordLogs();
        core.settle();
        same(vm.getRecordedLogs().length, 0);
        same(token.totalSupply(), supply);
    }

    function testFuzz_theSupplyStaysWithinTheSchedule(uint256 salt) public {
        depositToken(1000 ether);
        uint256 initial = token.totalSupply();
        AssetTotals memory t = AssetTotals(address(token), 0, 0, 0, 0, 0);
        for (uint256 i = 0; i < 12; ++i) {
            salt = uint256(keccak256(abi.encode(salt)));
            vm.warp(block.timestamp + (salt % 1 days));
            t.minted = bound(salt >> 16, t.minted, core.emission(uint64(block.timestamp) - GENESIS));
            t.burnt = bound(salt >> 32, t.burnt, 1000 ether + t.minted);
            t.balances = 1000 ether + t.minted - t.burnt;
            core.applyUpdate(next(t));
            if (salt & 1 == 0) core.settle();
            holds(token.totalSupply() <= initial + core.emission(uint64(block.timestamp) - GENESIS), "schedule");
        }
        core.settle();
        same(token.totalSupply(), initial + t.minted - t.burnt);
        same(token.balanceOf(address(core)), t.balances);
    }

    // ---- slashed stake ----

    function test_slashedStakeIsBurntAndNothingElse() public {
        depositToken(100);
        vm.prank(USER);
        token.transfer(address(core), 30);
        uint256 supply = token.totalSupply();
        core.burnStake(30);
        same(token.totalSupply(), supply - 30);
        same(token.balanceOf(address(core)), 100);
        same(burntOf(address(token)), 0);
        core.settle();
        same(token.balanceOf(address(core)), 100);
    }

    function test_onlyTheMultisigBurnsStake() public {
        vm.prank(USER);
        vm.expectRevert(abi.encodeWithSelector(CoreBase.CallerNotMultisig.selector, USER));
        core.burnStake(1);
    }

    // ---- narrow fields ----

    function test_whatDoesNotFitIsRefusedNotCut() public {
        Update memory update = next();
        update.asOf = type(uint64).max;
        vm.expectPartialRevert(Updates.AsOfOutOfRange.selector);
        core.applyUpdate(update);
        vm.warp(uint256(type(uint40).max) + 1);
        update.asOf = uint64(block.timestamp);
        vm.expectRevert(
            abi.encodeWithSignature("SafeCastOverflowedUintDowncast(uint8,uint256)", 40, uint256(update.asOf))
        );
        core.applyUpdate(update);
    }

    function test_payoutsAndDepositsBeyond120BitsAreRefused() public {
        depositNative(type(uint120).max);
        core.applyUpdate(next(totals(NATIVE, 0, type(uint120).max)));
        same(payoutsOf(NATIVE), type(uint120).max);
        vm.deal(USER, 1);
        vm.prank(USER);
        vm.expectRevert(
            abi.encodeWithSignature("SafeCastOverflowedUintDowncast(uint8,uint256)", 120, uint256(1) << 120)
        );
        core.deposit{value: 1}(NATIVE, 1, HOME);
    }
}
