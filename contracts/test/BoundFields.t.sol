// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EcdsaVoteVerifier} from "../src/EcdsaVoteVerifier.sol";
import {ValidatorSet} from "../src/multisig/ValidatorSet.sol";
import {AssetTotals, Slash, Update} from "../src/Structs.sol";
import {MultisigScene} from "./MultisigScene.sol";

/// @title Known exploit 4: whatever is executed is bound by the votes
/// @notice One test per field, those of nested structs too. The votes stand; the executor changes the field; the votes
/// are no longer votes for it. The update has two totals, an ejection, two slashes and another set.
contract BoundFieldsTest is MultisigScene {
    Update private update;
    bytes private signatures;
    bytes private set;

    function setUp() public override {
        super.setUp();
        depositNative(10);
        set = firstOf(3);
        Update memory voted = next(set);
        voted.totals = new AssetTotals[](2);
        voted.totals[0] = AssetTotals(NATIVE, 5, 1, 1, 0, 0);
        voted.totals[1] = AssetTotals(address(token), 1, 1, 1, 1, 5);
        ejecting(voted, 3);
        voted.slashes = new Slash[](2);
        voted.slashes[0] = Slash(operator(1), 5, keccak256("a"));
        voted.slashes[1] = Slash(operator(2), 7, keccak256("b"));
        signatures = votes(voted, 0, 7);
        update.epoch = voted.epoch;
        update.previousStateRoot = voted.previousStateRoot;
        update.stateRoot = voted.stateRoot;
        update.bodyHash = voted.bodyHash;
        update.inboxCount = voted.inboxCount;
        update.inboxHash = voted.inboxHash;
        update.asOf = voted.asOf;
        update.totals.push(voted.totals[0]);
        update.totals.push(voted.totals[1]);
        update.ejections.push(voted.ejections[0]);
        update.slashes.push(voted.slashes[0]);
        update.slashes.push(voted.slashes[1]);
        update.nextSetHash = voted.nextSetHash;
    }

    function test_unchangedItIsExecuted() public {
        multisig.execute(update, 0, signatures, set);
        same(core.epoch(), 1);
        same(multisig.validatorCount(), 3);
    }

    function test_theEpochIsBound() public {
        update.epoch = 2;
        refused();
    }

    function test_thePreviousStateRootIsBound() public {
        update.previousStateRoot = keccak256("another");
        refused();
    }

    function test_theStateRootIsBound() public {
        update.stateRoot = keccak256("another");
        refused();
    }

    function test_theBodyHashIsBound() public {
        update.bodyHash = keccak256("another");
        refused();
    }

    function test_theInboxCountIsBound() public {
        update.inboxCount = 0;
        refused();
    }

    function test_theInboxHashIsBound() public {
        update.inboxHash = keccak256("another");
        refused();
    }

    function test_theTimeIsBound() public {
        update.asOf -= 1;
        refused();
    }

    function test_everyTotalIsBound() public {
        for (uint256 i = 0; i < 2; ++i) {
            AssetTotals memory voted = update.totals[i];
            for (uint256 field = 0; field < 6; ++field) {
                if (field == 0) update.totals[i].asset = address(uint160(voted.asset) ^ 1);
                if (field == 1) update.totals[i].balances ^= 1;
                if (field == 2) update.totals[i].payouts ^= 1;
                if (field == 3) update.totals[i].heldBack ^= 1;
                if (field == 4) update.totals[i].burnt ^= 1;
                if (field == 5) update.totals[i].minted ^= 1;
                refused();
                update.totals[i] = voted;
            }
        }
        test_unchangedItIsExecuted();
    }

    function test_theListOfTotalsIsBound() public {
        AssetTotals memory last = update.totals[1];
        update.totals.pop();
        refused();
        update.totals.push(last);
        update.totals.push(last);
        refused();
        update.totals.pop();
        update.totals[1] = update.totals[0];
        update.totals[0] = last;
        refused();
    }

    function test_theEjectionsAreBound() public {
        update.ejections.push(operator(2));
        refused();
        update.ejections.pop();
        update.ejections[0] = operator(2);
        refused();
        update.ejections.pop();
        refused();
    }

    function test_everySlashIsBound() public {
        for (uint256 i = 0; i < 2; ++i) {
            Slash memory voted = update.slashes[i];
            for (uint256 field = 0; field < 3; ++field) {
                if (field == 0) update.slashes[i].operator = operator(0);
                if (field == 1) update.slashes[i].amount ^= 1;
                if (field == 2) update.slashes[i].evidenceId ^= bytes32(uint256(1));
                refused();
                update.slashes[i] = voted;
            }
        }
        test_unchangedItIsExecuted();
    }

    function test_theListOfSlashesIsBound() public {
        Slash memory last = update.slashes[1];
        update.slashes.push(last);
        refused();
        update.slashes.pop();
        update.slashes.pop();
        refused();
        update.slashes.pop();
        refused();
    }

    function test_theNextSetIsBound() public {
        update.nextSetHash = keccak256(firstOf(4));
        refused();
        update.nextSetHash = keccak256(set);
        // What is passed must be what its hash says, also when the set that is there would do.
        vm.expectPartialRevert(ValidatorSet.NextSetMismatch.selector);
        multisig.execute(update, 0, signatures, firstOf(4));
        vm.expectPartialRevert(ValidatorSet.NextSetMismatch.selector);
        multisig.execute(update, 0, signatures, "");
        test_unchangedItIsExecuted();
    }

    function test_theRoundIsBound() public {
        vm.warp(vm.getBlockTimestamp() + ROUND);
        vm.expectPartialRevert(EcdsaVoteVerifier.VoteInvalid.selector);
        multisig.execute(update, 1, signatures, set);
    }

    function test_theVotersAreBound() public {
        bytes memory changed = signatures;
        assembly {
            mstore(add(changed, 0x20), 14)
        }
        vm.expectPartialRevert(EcdsaVoteVerifier.VoteInvalid.selector);
        multisig.execute(update, 0, changed, set);
    }

    /// @dev Bits above a type make another digest, or are refused by the decoder; never the same update.
    function test_bitsBeyondATypeAreNotDropped() public {
        bytes memory call_ = abi.encodeCall(multisig.execute, (update, 0, signatures, set));
        uint256[6] memory words = [uint256(0), 4, 6, 14, 26, 28];
        for (uint256 i = 0; i < words.length; ++i) {
            bytes memory dirty = bytes.concat(call_);
            // Selector, four words of the head, then the update.
            uint256 offset = 0x20 + 4 + 0x80 + words[i] * 0x20;
            assembly {
                mstore(add(dirty, offset), or(mload(add(dirty, offset)), shl(255, 1)))
            }
            (bool done,) = address(multisig).call(dirty);
            holds(!done, "refused");
        }
        (bool executed,) = address(multisig).call(call_);
        holds(executed, "unchanged");
    }

    function refused() private {
        vm.expectPartialRevert(EcdsaVoteVerifier.VoteInvalid.selector);
        multisig.execute(update, 0, signatures, set);
    }
}
