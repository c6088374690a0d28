// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SmartnodesCore} from "../src/SmartnodesCore.sol";
import {SmartnodesToken} from "../src/SmartnodesToken.sol";
import {ISmartnodesToken} from "../src/interfaces/ISmartnodesToken.sol";
import {Update} from "../src/Structs.sol";
import {Coin, HookedCoin, TaxedCoin} from "./Coins.sol";
import {CoreScene} from "./CoreScene.sol";

contract CoreInboxTest is CoreScene {
    function test_theInboxBeginsEmpty() public view {
        same(core.inboxLength(), 0);
        same(core.inboxHashAt(0), bytes32(0));
        same(core.asOf(), GENESIS);
        same(core.stateRoot(), GENESIS_ROOT);
        same(core.approvedAssets().length, 3);
    }

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
        emit SmartnodesCore.InboxItemQueued(0, 1, USER, NATIVE, 5, HOME, bytes32(0), rolling);
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
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.ValueMismatch.selector, 4, 5));
        core.deposit{value: 4}(NATIVE, 5, HOME);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.ValueMismatch.selector, 1, 0));
        core.deposit{value: 1}(address(coin), 5, HOME);
    }

    function test_nothingIsDepositedOrReleased() public {
        vm.expectRevert(SmartnodesCore.AmountZero.selector);
        core.deposit(NATIVE, 0, HOME);
        vm.expectRevert(SmartnodesCore.AmountZero.selector);
        core.release(NATIVE, HOME, 0);
    }

    function test_anUnknownAssetIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.AssetNotApproved.selector, address(this)));
        core.deposit(address(this), 1, HOME);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.AssetNotApproved.selector, address(this)));
        core.release(address(this), HOME, 1);
    }

    function test_anAssetThatMovesLessThanNamedIsRefused() public {
        TaxedCoin taxed = new TaxedCoin(USER, 1000);
        deploy(address(taxed));
        vm.startPrank(USER);
        taxed.approve(address(core), 1000);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.AmountNotReceived.selector, 990, 1000));
        core.deposit(address(taxed), 1000, HOME);
    }

    function test_aDepositInsideADepositIsRefused() public {
        HookedCoin hooked = new HookedCoin(USER, 1000);
        deploy(address(hooked));
        hooked.aim(core);
        vm.startPrank(USER);
        hooked.approve(address(core), 1000);
        vm.expectRevert(bytes4(keccak256("ReentrancyGuardReentrantCall()")));
        core.deposit(address(hooked), 10, HOME);
    }

    function test_aReleaseIsQueued() public {
        vm.prank(USER);
        core.release(address(coin), HOME, 9);
        same(core.inboxLength(), 1);
        same(core.received(address(coin)), 0);
    }

    function test_coinsSentWithoutADepositAreRefused() public {
        vm.deal(address(this), 1);
        (bool sent,) = address(core).call{value: 1}("");
        holds(!sent, "refused");
    }

    function test_aPositionBeyondTheInboxHasNoHash() public {
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.InboxPositionUnknown.selector, 1, 0));
        core.inboxHashAt(1);
    }

    function testFuzz_amountsAreNeverTruncated(uint256 amount, address home) public {
        amount = bound(amount, 1, type(uint256).max);
        vm.deal(USER, amount);
        vm.prank(USER);
        core.deposit{value: amount}(NATIVE, amount, home);
        same(core.received(NATIVE), amount);
        same(address(core).balance, amount);
    }

    // ---- consumption ----

    function test_anUpdateCannotConsumeWhatIsNotThere() public {
        Update memory update = next();
        update.inboxCount = 1;
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.InboxCountOutOfRange.selector, 1, 0, 0));
        core.applyUpdate(update);
    }

    function test_aPhantomItemChangesTheHashAndIsRefused() public {
        depositNative(5);
        Update memory update = next();
        update.inboxHash = keccak256("a deposit that a reorg took away");
        vm.expectRevert(
            abi.encodeWithSelector(SmartnodesCore.InboxHashMismatch.selector, update.inboxHash, core.inboxHashAt(1))
        );
        core.applyUpdate(update);
    }

    function test_anItemMustBeConsumedTwoExecutionsLater() public {
        Update memory update = next();
        core.applyUpdate(update); // epoch 1, inbox empty
        depositNative(5);
        for (uint256 i = 0; i < 2; ++i) {
            // Epoch 2 is executed with the item in the inbox, epoch 3 sees the length of epoch 1.
            same(core.inboxRequired(), 0);
            update = next();
            (update.inboxCount, update.inboxHash) = (0, 0);
            core.applyUpdate(update);
        }
        same(core.inboxRequired(), 1);
        update = next();
        (update.inboxCount, update.inboxHash) = (0, 0);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.InboxCountOutOfRange.selector, 0, 1, 1));
        core.applyUpdate(update);
        core.applyUpdate(next());
        same(core.inboxConsumed(), 1);
        same(core.inboxLengthOf(1), 0);
        same(core.inboxLengthOf(2), 1);
    }

    function test_noMoreThanAThousandItemsMustBeConsumedAtOnce() public {
        vm.startPrank(USER);
        for (uint256 i = 0; i < 1001; ++i) {
            core.release(NATIVE, HOME, 1);
        }
        vm.stopPrank();
        for (uint256 i = 0; i < 2; ++i) {
            Update memory update = next();
            (update.inboxCount, update.inboxHash) = (0, 0);
            core.applyUpdate(update);
        }
        same(core.inboxRequired(), 1000);
        Update memory enough = next();
        (enough.inboxCount, enough.inboxHash) = (1000, core.inboxHashAt(1000));
        core.applyUpdate(enough);
        same(core.inboxRequired(), 1001);
    }

    function test_whatWasConsumedStaysConsumed() public {
        depositNative(5);
        core.applyUpdate(next());
        Update memory update = next();
        (update.inboxCount, update.inboxHash) = (0, 0);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.InboxCountOutOfRange.selector, 0, 1, 1));
        core.applyUpdate(update);
    }

    // ---- deployment ----

    function test_coreRefusesATokenOfAnother() public {
        SmartnodesToken other = new SmartnodesToken(address(core), new address[](0), new uint256[](0));
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.TokenNotWired.selector, address(core)));
        new SmartnodesCore(ISmartnodesToken(other), address(this), GENESIS, 0, new address[](0));
    }

    function test_coreRefusesAMissingMultisigAndBadAssets() public {
        vm.expectRevert(SmartnodesCore.MultisigMissing.selector);
        this.construct(address(0), new address[](0));
        address[] memory assets = new address[](2);
        (assets[0], assets[1]) = (address(coin), address(coin));
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.AssetListInvalid.selector, address(coin)));
        this.construct(address(this), assets);
        assets[1] = address(0xC0DE);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.AssetListInvalid.selector, address(0xC0DE)));
        this.construct(address(this), assets);
        assets = new address[](33);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.AssetListInvalid.selector, address(0)));
        this.construct(address(this), assets);
    }

    function construct(address multisig, address[] calldata assets) external {
        address wired = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        SmartnodesToken made = new SmartnodesToken(wired, new address[](0), new uint256[](0));
        new SmartnodesCore(ISmartnodesToken(made), multisig, GENESIS, 0, assets);
    }
}
