// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SmartnodesMultisig} from "../src/SmartnodesMultisig.sol";
import {AssetTotals, Slash, Update} from "../src/Structs.sol";
import {VoteVerifier} from "../src/VoteVerifier.sol";
import {MultisigScene} from "./MultisigScene.sol";

/// @title Known exploit 4: whatever is executed is bound by the votes
/// @notice One test per field. The votes stand; the executor changes the field; nothing may be executed. Where another
/// check than the signatures stands before, that one refuses.
contract BoundFieldsTest is MultisigScene {
    Update private update;
    bytes private signatures;

    function setUp() public override {
        super.setUp();
        depositNative(10);
        Update memory voted = next();
        voted.totals = new AssetTotals[](2);
        voted.totals[0] = AssetTotals(NATIVE, 5, 1, 1, 0, 0);
        voted.totals[1] = AssetTotals(address(token), 1, 1, 1, 1, 5);
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
        update.nextSetHash = voted.nextSetHash;
    }

    function test_unchangedItIsExecuted() public {
        multisig.execute(update, 0, signatures, 7, set);
        same(core.epoch(), 1);
    }

    function test_theEpochIsBound() public {
        update.epoch = 2;
        refused(SmartnodesMultisig.EpochUnexpected.selector);
    }

    function test_thePreviousStateRootIsBound() public {
        update.previousStateRoot = keccak256("another");
        refused(VoteVerifier.VoteInvalid.selector);
    }

    function test_theStateRootIsBound() public {
        update.stateRoot = keccak256("another");
        refused(VoteVerifier.VoteInvalid.selector);
    }

    function test_theBodyHashIsBound() public {
        update.bodyHash = keccak256("another");
        refused(VoteVerifier.VoteInvalid.selector);
    }

    function test_theInboxCountIsBound() public {
        update.inboxCount = 0;
        refused(VoteVerifier.VoteInvalid.selector);
    }

    function test_theInboxHashIsBound() public {
        update.inboxHash = keccak256("another");
        refused(VoteVerifier.VoteInvalid.selector);
    }

    function test_theTimeIsBound() public {
        update.asOf -= 1;
        refused(VoteVerifier.VoteInvalid.selector);
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
                refused(VoteVerifier.VoteInvalid.selector);
                update.totals[i] = voted;
            }
        }
        update.totals.pop();
        refused(VoteVerifier.VoteInvalid.selector);
    }

    function test_theEjectionsAreBound() public {
        update.ejections.push(operator(3));
        refused(SmartnodesMultisig.SetFixed.selector);
    }

    function test_theSlashesAreBound() public {
        update.slashes.push(Slash(operator(3), 1, 0));
        refused(SmartnodesMultisig.SetFixed.selector);
    }

    function test_theNextSetIsBound() public {
        update.nextSetHash = keccak256("another");
        refused(SmartnodesMultisig.NextSetMismatch.selector);
        update.nextSetHash = keccak256("");
        vm.expectPartialRevert(SmartnodesMultisig.SetFixed.selector);
        multisig.execute(update, 0, signatures, 7, "");
    }

    function test_theRoundIsBound() public {
        vm.warp(block.timestamp + ROUND);
        vm.expectPartialRevert(VoteVerifier.VoteInvalid.selector);
        multisig.execute(update, 1, signatures, 7, set);
    }

    function test_theVotersAreBound() public {
        vm.expectPartialRevert(VoteVerifier.VoteInvalid.selector);
        multisig.execute(update, 0, signatures, 14, set);
    }

    function refused(bytes4 code) private {
        vm.expectPartialRevert(code);
        multisig.execute(update, 0, signatures, 7, set);
    }
}
