// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CoreBase} from "../src/core/CoreBase.sol";
import {Inbox} from "../src/core/Inbox.sol";
import {Money} from "../src/core/Money.sol";
import {AssetTotals, Payout, Update} from "../src/Structs.sol";
import {Coin, FalseCoin, HookedCoin, RebasingCoin, TaxedCoin} from "./Coins.sol";
import {CoreScene} from "./CoreScene.sol";
import {Tree} from "./Tree.sol";

contract CoreDepositTest is CoreScene {
    bytes private constant REENTRANT = abi.encodeWithSignature("ReentrancyGuardReentrantCall()");

    // ---- what is taken ----

    function test_aDepositOfTheNativeCoinIsQueued() public {
        vm.deal(USER, 5);
        bytes32 itemHash = keccak256(
            abi.encode(
                keccak256(
                    "InboxItem(uint64 index,uint8 kind,address account,address asset,uint256 amount,address target,bytes32 data)"
                ),
                0,
                1,
                USER,
                NATIVE,
                5,
                HOME,
                0
            )
        );
        bytes32 rolling = keccak256(abi.encode(bytes32(0), itemHash));
        vm.expectEmit(true, true, true, true, address(core));
        emit Inbox.InboxItemQueued(0, 1, USER, NATIVE, 5, HOME, bytes32(0), rolling);
        vm.prank(USER);
        core.deposit{value: 5}(NATIVE, 5, HOME);
        same(core.inboxHashAt(1), rolling);
        same(core.received(NATIVE), 5);
        same(address(core).balance, 5);
    }

    function test_aDepositOfAnErc20MovesExactlyTheAmount() public {
        vm.startPrank(USER);
        coin.approve(address(core), 7);
        core.deposit(address(coin), 7, address(0));
        vm.stopPrank();
        same(core.received(address(coin)), 7);
        same(coin.balanceOf(address(core)), 7);
        depositToken(3 ether);
        same(core.received(address(token)), 3 ether);
        same(core.inboxLength(), 2);
    }

    function test_valueMustBeTheAmountOfTheNativeCoin() public {
        vm.deal(USER, 10);
        vm.startPrank(USER);
        vm.expectRevert(abi.encodeWithSelector(Money.ValueMismatch.selector, 4, 5));
        core.deposit{value: 4}(NATIVE, 5, HOME);
        vm.expectRevert(abi.encodeWithSelector(Money.ValueMismatch.selector, 1, 0));
        core.deposit{value: 1}(address(coin), 5, HOME);
    }

    function test_nothingIsNotDeposited() public {
        vm.expectRevert(CoreBase.AmountZero.selector);
        core.deposit(NATIVE, 0, HOME);
    }

    function test_anUnknownAssetIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(Money.AssetNotApproved.selector, address(this)));
        core.deposit(address(this), 1, HOME);
    }

    function test_coinsSentWithoutADepositAreRefused() public {
        vm.deal(address(this), 1);
        (bool sent,) = address(core).call{value: 1}("");
        holds(!sent, "refused");
    }

    function testFuzz_amountsAreNeverTruncated(uint256 amount, address home) public {
        amount = bound(amount, 1, type(uint256).max);
        vm.deal(USER, amount);
        vm.prank(USER);
        if (amount > type(uint120).max) {
            vm.expectRevert(abi.encodeWithSignature("SafeCastOverflowedUintDowncast(uint8,uint256)", 120, amount));
            core.deposit{value: amount}(NATIVE, amount, home);
            return;
        }
        core.deposit{value: amount}(NATIVE, amount, home);
        same(core.received(NATIVE), amount);
        same(address(core).balance, amount);
    }

    // ---- tokens that do not do as they are told ----

    function test_anAssetThatMovesLessThanNamedIsRefused() public {
        TaxedCoin taxed = new TaxedCoin(USER, 1000);
        deploy(address(taxed));
        vm.startPrank(USER);
        taxed.approve(address(core), 1000);
        vm.expectRevert(abi.encodeWithSelector(Money.AmountNotReceived.selector, 990, 1000));
        core.deposit(address(taxed), 1000, HOME);
    }

    function test_anAssetWhoseBalancesShrinkTakesNoMoreDeposits() public {
        RebasingCoin rebasing = new RebasingCoin(USER, 1000);
        deploy(address(rebasing));
        vm.startPrank(USER);
        rebasing.approve(address(core), 1000);
        core.deposit(address(rebasing), 100, HOME);
        rebasing.shrink(address(core), 1);
        vm.expectRevert(abi.encodeWithSelector(Money.AssetShort.selector, address(rebasing), 99, 100));
        core.deposit(address(rebasing), 1, HOME);
        rebasing.grow(address(core), 1);
        core.deposit(address(rebasing), 1, HOME);
        vm.stopPrank();
        // What was paid out is not owed any more.
        Payout memory leaf = Payout(address(1), address(rebasing), PAYEE, 40);
        core.claim(settle(one(leaf)), leaf, none);
        vm.prank(USER);
        core.deposit(address(rebasing), 1, HOME);
        same(rebasing.balanceOf(address(core)), 62);
    }

    function test_snoIsTakenAlsoWhenMoreOfItWasPaidThanDeposited() public {
        vm.warp(GENESIS + 3600);
        Payout memory leaf = Payout(address(1), address(token), PAYEE, 70);
        Update memory update = next(AssetTotals(address(token), 0, 70, 0, 0, 70));
        update.stateRoot = Tree.root(one(leaf));
        core.applyUpdate(update);
        core.claim(1, leaf, none);
        depositToken(5);
        same(token.balanceOf(address(core)), 5);
    }

    function test_anAssetThatAnswersNoIsRefused() public {
        FalseCoin no = new FalseCoin(USER, 1000);
        deploy(address(no));
        vm.prank(USER);
        vm.expectRevert(abi.encodeWithSignature("SafeERC20FailedOperation(address)", address(no)));
        core.deposit(address(no), 10, HOME);
    }

    function test_aTokenCannotDepositClaimOrSettleWhileItIsDeposited() public {
        HookedCoin hooked = new HookedCoin(USER, 1000);
        deploy(address(hooked));
        vm.startPrank(USER);
        hooked.approve(address(core), 1000);
        bytes[] memory calls = new bytes[](3);
        calls[0] = abi.encodeCall(core.deposit, (address(hooked), 1, HOME));
        calls[1] = abi.encodeCall(core.settle, ());
        calls[2] = abi.encodeCall(core.claim, (0, Payout(USER, NATIVE, USER, 1), none));
        for (uint256 i = 0; i < calls.length; ++i) {
            hooked.aim(address(core), calls[i]);
            core.deposit(address(hooked), 10, HOME);
            holds(hooked.tried() && !hooked.succeeded(), "tried and refused");
            same(hooked.answer(), REENTRANT);
        }
        same(core.received(address(hooked)), 30);
        same(core.inboxLength(), 3);
    }

    function test_aReleaseWhileATokenIsDepositedKeepsTheOrder() public {
        HookedCoin hooked = new HookedCoin(USER, 1000);
        deploy(address(hooked));
        hooked.aim(address(core), abi.encodeCall(core.release, (address(hooked), HOME, 3)));
        vm.startPrank(USER);
        hooked.approve(address(core), 1000);
        core.deposit(address(hooked), 10, HOME);
        holds(hooked.succeeded(), "queued");
        same(core.inboxLength(), 2);
        same(core.received(address(hooked)), 10);
        vm.stopPrank();
        core.applyUpdate(next());
    }

    // ---- assets ----

    function test_governanceApprovesAndDisapprovesAssets() public {
        Coin other = new Coin(USER, 1000);
        vm.expectEmit(true, true, true, true, address(core));
        emit Money.AssetApproved(address(other), 7);
        core.approveAsset(address(other), 7);
        same(core.rateOf(address(other)), 7);
        same(core.approvedAssets().length, 4);
        core.approveAsset(address(other), 8);
        same(core.rateOf(address(other)), 8);
        same(core.approvedAssets().length, 4);
        vm.expectEmit(true, true, true, true, address(core));
        emit Money.AssetDisapproved(address(coin));
        core.disapproveAsset(address(coin));
        address[] memory approved = core.approvedAssets();
        same(approved.length, 3);
        same(approved[0], address(token));
        same(approved[1], NATIVE);
        same(approved[2], address(other));
        core.approveAsset(address(coin), 9);
        same(core.approvedAssets().length, 4);
    }

    function test_ofADisapprovedAssetOnlyDepositsEnd() public {
        depositCoin(100);
        core.disapproveAsset(address(coin));
        vm.prank(USER);
        vm.expectRevert(abi.encodeWithSelector(Money.AssetNotApproved.selector, address(coin)));
        core.deposit(address(coin), 1, HOME);
        vm.prank(USER);
        core.release(address(coin), HOME, 1);
        Payout memory leaf = Payout(address(1), address(coin), PAYEE, 40);
        core.claim(settle(one(leaf)), leaf, none);
        same(coin.balanceOf(PAYEE), 40);
        vm.expectRevert(abi.encodeWithSelector(Money.AssetNotApproved.selector, address(coin)));
        core.disapproveAsset(address(coin));
    }

    function test_onlyGovernanceApproves() public {
        vm.startPrank(USER);
        vm.expectRevert(abi.encodeWithSignature("AccessManagedUnauthorized(address)", USER));
        core.approveAsset(address(coin), 1);
        vm.expectRevert(abi.encodeWithSignature("AccessManagedUnauthorized(address)", USER));
        core.disapproveAsset(address(coin));
        vm.stopPrank();
        vm.prank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSignature("AccessManagedUnauthorized(address)", GUARDIAN));
        core.approveAsset(address(coin), 1);
    }

    function test_ratesHaveBounds() public {
        vm.expectRevert(abi.encodeWithSelector(Money.RateOutOfBounds.selector, address(coin), 0, 1, 10 ** 36));
        core.approveAsset(address(coin), 0);
        vm.expectRevert(
            abi.encodeWithSelector(Money.RateOutOfBounds.selector, address(coin), 10 ** 36 + 1, 1, 10 ** 36)
        );
        core.approveAsset(address(coin), 10 ** 36 + 1);
        core.approveAsset(address(coin), 1);
        core.approveAsset(address(coin), 10 ** 36);
        vm.expectRevert(
            abi.encodeWithSelector(Money.RateOutOfBounds.selector, address(token), 2 ether, 1 ether, 1 ether)
        );
        core.approveAsset(address(token), 2 ether);
        core.approveAsset(address(token), 1 ether);
    }

    function test_anAssetIsATokenOrTheNativeCoin() public {
        vm.expectRevert(abi.encodeWithSelector(Money.AssetWithoutCode.selector, address(0xC0DE)));
        core.approveAsset(address(0xC0DE), 1);
        core.approveAsset(NATIVE, 3);
    }

    function test_thereAreAtMost32Assets() public {
        for (uint256 i = 3; i < 32; ++i) {
            core.approveAsset(address(new Coin(USER, 1)), 1);
        }
        address last = address(new Coin(USER, 1));
        vm.expectRevert(abi.encodeWithSelector(Money.AssetsTooMany.selector, last));
        core.approveAsset(last, 1);
        core.approveAsset(address(coin), 2);
        // The cap still adds them all up.
        depositNative(1);
    }

    // ---- the cap ----

    function test_depositsAreWorthAThirdOfTheStakeAtMost() public {
        totalStake = 300;
        depositNative(100);
        vm.deal(USER, 1);
        vm.prank(USER);
        vm.expectRevert(abi.encodeWithSelector(Money.DepositCapExceeded.selector, 101, 100));
        core.deposit{value: 1}(NATIVE, 1, HOME);
        totalStake = 302;
        vm.prank(USER);
        vm.expectRevert(abi.encodeWithSelector(Money.DepositCapExceeded.selector, 101, 100));
        core.deposit{value: 1}(NATIVE, 1, HOME);
        totalStake = 303;
        vm.prank(USER);
        core.deposit{value: 1}(NATIVE, 1, HOME);
    }

    function test_theCapAddsUpAllAssetsAtTheirRates() public {
        totalStake = 3 * 1000;
        core.approveAsset(NATIVE, 2 ether);
        core.approveAsset(address(coin), 0.5 ether);
        depositNative(100);
        depositCoin(200);
        depositToken(300);
        (uint256 value, uint256 cap) = core.depositValue();
        same(value, 200 + 100 + 300);
        same(cap, 1000);
        core.disapproveAsset(address(coin));
        (value,) = core.depositValue();
        same(value, 600);
        vm.startPrank(USER);
        token.approve(address(core), 401);
        vm.expectRevert(abi.encodeWithSelector(Money.DepositCapExceeded.selector, 1001, 1000));
        core.deposit(address(token), 401, HOME);
    }

    function test_whatIsEarnedOrBurntMakesRoom() public {
        totalStake = 300;
        depositNative(100);
        core.applyUpdate(next(totals(NATIVE, 60, 40)));
        same(core.outstanding(NATIVE), 60);
        depositNative(40);
        totalStake += 300;
        depositToken(100);
        vm.warp(GENESIS + 3600);
        Update memory update = next();
        update.totals = list(totals(NATIVE, 100, 40), AssetTotals(address(token), 70, 20, 0, 10, 50));
        core.applyUpdate(update);
        same(core.outstanding(address(token)), 100 + 50 - 20 - 10);
        (uint256 value,) = core.depositValue();
        same(value, 100 + 120);
    }
}
