// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CoreBase} from "../src/core/CoreBase.sol";
import {Inbox} from "../src/core/Inbox.sol";
import {Money} from "../src/core/Money.sol";
import {Update} from "../src/Structs.sol";
import {CoreScene} from "./CoreScene.sol";

contract CoreInboxTest is CoreScene {
    bytes32 private constant ITEM = keccak256(
        "InboxItem(uint64 index,uint8 kind,address account,address asset,uint256 amount,address target,bytes32 data)"
    );

    function test_theInboxBeginsEmpty() public view {
        same(core.inboxLength(), 0);
        same(core.inboxConsumed(), 0);
        same(core.inboxRequired(), 0);
        same(core.inboxHashAt(0), bytes32(0));
        same(core.escapeBarrier(), 0);
    }

    function test_aReleaseIsQueued() public {
        bytes32 item = keccak256(abi.encode(ITEM, 0, 2, USER, address(coin), 9, HOME, 0));
        bytes32 rolling = keccak256(abi.encode(bytes32(0), item));
        vm.expectEmit(true, true, true, true, address(core));
        emit Inbox.InboxItemQueued(0, 2, USER, address(coin), 9, HOME, bytes32(0), rolling);
        vm.prank(USER);
        core.release(address(coin), HOME, 9);
        same(core.inboxLength(), 1);
        same(core.inboxHashAt(1), rolling);
        same(core.received(address(coin)), 0);
    }

    function test_nothingIsNotReleased() public {
        vm.expectRevert(CoreBase.AmountZero.selector);
        core.release(NATIVE, HOME, 0);
    }

    function test_anUnknownAssetIsNotReleased() public {
        vm.expectRevert(abi.encodeWithSelector(Money.AssetUnknown.selector, address(this)));
        core.release(address(this), HOME, 1);
    }

    function test_aPositionBeyondTheInboxHasNoHash() public {
        vm.expectRevert(abi.encodeWithSelector(Inbox.InboxPositionUnknown.selector, 1, 0));
        core.inboxHashAt(1);
    }

    // ---- what the multisig queues ----

    function test_theMultisigQueuesAboutOperatorsAndLengths() public {
        bytes32 rolling = 0;
        for (uint8 kind = 3; kind <= 6; ++kind) {
            bytes32 item = keccak256(abi.encode(ITEM, kind - 3, kind, USER, HOME, 7, PAYEE, bytes32(uint256(5))));
            rolling = keccak256(abi.encode(rolling, item));
            vm.expectEmit(true, true, true, true, address(core));
            emit Inbox.InboxItemQueued(kind - 3, kind, USER, HOME, 7, PAYEE, bytes32(uint256(5)), rolling);
            same(core.queue(kind, USER, HOME, 7, PAYEE, bytes32(uint256(5))), kind - 3);
            same(core.inboxHashAt(kind - 2), rolling);
        }
    }

    function test_theMultisigQueuesNoMoneyAndNoNetworks() public {
        uint8[6] memory kinds = [0, 1, 2, 7, 8, 255];
        for (uint256 i = 0; i < kinds.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Inbox.KindNotQueueable.selector, kinds[i]));
            core.queue(kinds[i], USER, NATIVE, 1, HOME, 0);
        }
    }

    function test_nobodyElseQueues() public {
        vm.prank(USER);
        vm.expectRevert(abi.encodeWithSelector(CoreBase.CallerNotMultisig.selector, USER));
        core.queue(3, USER, NATIVE, 1, HOME, 0);
    }

    // ---- consumption ----

    function test_anUpdateCannotConsumeWhatIsNotThere() public {
        Update memory update = next();
        update.inboxCount = 1;
        vm.expectRevert(abi.encodeWithSelector(Inbox.InboxCountOutOfRange.selector, 1, 0, 0));
        core.applyUpdate(update);
    }

    function test_aPhantomItemChangesTheHashAndIsRefused() public {
        depositNative(5);
        Update memory update = next();
        update.inboxHash = keccak256("a deposit that a reorg took away");
        vm.expectRevert(abi.encodeWithSelector(Inbox.InboxHashMismatch.selector, update.inboxHash, core.inboxHashAt(1)));
        core.applyUpdate(update);
    }

    function test_anItemMustBeConsumedTwoExecutionsLater() public {
        core.applyUpdate(next()); // epoch 1, inbox empty
        depositNative(5);
        for (uint256 i = 0; i < 2; ++i) {
            // Epoch 2 is executed with the item in the inbox, epoch 3 sees the length of epoch 1.
            same(core.inboxRequired(), 0);
            core.applyUpdate(consuming(0));
        }
        same(core.inboxRequired(), 1);
        Update memory update = consuming(0);
        vm.expectRevert(abi.encodeWithSelector(Inbox.InboxCountOutOfRange.selector, 0, 1, 1));
        core.applyUpdate(update);
        core.applyUpdate(next());
        same(core.inboxConsumed(), 1);
    }

    function test_noMoreThanAThousandItemsMustBeConsumedAtOnce() public {
        vm.startPrank(USER);
        for (uint256 i = 0; i < 1001; ++i) {
            core.release(NATIVE, HOME, 1);
        }
        vm.stopPrank();
        core.applyUpdate(consuming(0));
        core.applyUpdate(consuming(0));
        same(core.inboxRequired(), 1000);
        core.applyUpdate(consuming(1000));
        same(core.inboxRequired(), 1001);
    }

    function test_whatWasConsumedStaysConsumed() public {
        depositNative(5);
        core.applyUpdate(next());
        Update memory update = consuming(0);
        vm.expectRevert(abi.encodeWithSelector(Inbox.InboxCountOutOfRange.selector, 0, 1, 1));
        core.applyUpdate(update);
    }

    /// @dev Against a model: what must be consumed is what stood there two executions ago, 1000 more at most.
    function testFuzz_whatMustBeConsumed(uint256 salt) public {
        uint256[] memory lengths = new uint256[](30);
        uint256 consumed = 0;
        for (uint256 i = 1; i < 30; ++i) {
            salt = uint256(keccak256(abi.encode(salt)));
            uint256 items = salt % 5;
            vm.startPrank(USER);
            for (uint256 j = 0; j < items; ++j) {
                core.release(NATIVE, HOME, 1);
            }
            vm.stopPrank();
            uint256 least = i < 2 ? 0 : lengths[i - 2];
            if (least < consumed) least = consumed;
            same(core.inboxRequired(), least);
            consumed = bound(salt >> 8, least, core.inboxLength());
            core.applyUpdate(consuming(uint64(consumed)));
            same(core.inboxConsumed(), consumed);
            lengths[i] = core.inboxLength();
        }
    }
}
