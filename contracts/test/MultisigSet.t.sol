// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Roster} from "../src/multisig/Roster.sol";
import {ValidatorSet} from "../src/multisig/ValidatorSet.sol";
import {Standing, Update} from "../src/Structs.sol";
import {MultisigScene} from "./MultisigScene.sol";

/// @title From one set to the next, and what an update takes; branches in MultisigSet.tree
contract MultisigSetTest is MultisigScene {
    function with(bytes memory set, uint256 i) private pure returns (bytes memory) {
        return bytes.concat(set, entry(i));
    }

    // ---- the set that is passed ----

    function test_anEmptySetMeansThatItStays() public {
        execute(next(), "");
        pass(EPOCH);
        execute(next(), firstOf(4));
        same(multisig.validatorSet(), firstOf(4));
        pass(EPOCH);
        refuses(ValidatorSet.NextSetMismatch.selector, next(firstOf(3)), "");
        refuses(ValidatorSet.NextSetMismatch.selector, next(), firstOf(3));
    }

    function test_aSetHasWholeEntriesAndAtLeastOne() public {
        bytes memory cut = firstOf(3);
        assembly {
            mstore(cut, 119)
        }
        refuses(Roster.SetLengthWrong.selector, next(cut), cut);
        refuses(Roster.SetLengthWrong.selector, next(hex"00"), hex"00");
    }

    function test_aSetHas256EntriesAtMost() public {
        bytes memory large = new bytes(257 * 40);
        refuses(Roster.SetLengthWrong.selector, next(large), large);
    }

    // ---- joining ----

    function test_whoJoinedIsActiveWithTheSetThatHasIt() public {
        joinAs(4);
        vm.expectEmit(true, true, true, true, address(multisig));
        emit ValidatorSet.ValidatorSetChanged(1, keccak256(firstOf(5)), 5);
        execute(next(firstOf(5)), firstOf(5));
        stands(4, Standing.ACTIVE);
        holds(info(4).inSet, "in the set");
        same(multisig.totalStake(), 5 * STAKE);
        same(multisig.quorum(), 4);
        pass(EPOCH);
        execute(next());
    }

    function test_aJoinerMustBeDue() public {
        joinAs(4);
        joinAs(5);
        bytes memory set = with(firstOf(5), 5);
        refuses(ValidatorSet.EntryInvalid.selector, next(set), set);
        vm.warp(info(5).since);
        execute(next(set), set);
    }

    function test_aJoinerMustHaveJoinedBeforeTheStateLooked() public {
        joinAs(4);
        bytes memory set = firstOf(5);
        refuses(ValidatorSet.EntryInvalid.selector, seeing(next(set), 0), set);
        bytes memory strange = with(firstOf(4), 9);
        refuses(ValidatorSet.EntryInvalid.selector, next(strange), strange);
    }

    function test_aJoinerServesWithItsOwnKey() public {
        joinAs(4);
        bytes memory set = bytes.concat(firstOf(4), bytes20(node(0)), bytes20(operator(4)));
        refuses(ValidatorSet.NodeKeyForeign.selector, next(set), set);
        set = bytes.concat(firstOf(4), bytes20(node(9)), bytes20(operator(4)));
        refuses(ValidatorSet.NodeKeyForeign.selector, next(set), set);
        set = bytes.concat(firstOf(3), bytes20(node(4)), bytes20(operator(3)));
        refuses(ValidatorSet.NodeKeyForeign.selector, next(set), set);
    }

    function test_nobodyStandsInTheSetTwice() public {
        joinAs(4);
        bytes memory set = with(firstOf(5), 4);
        refuses(ValidatorSet.EntryInvalid.selector, next(set), set);
        set = with(firstOf(4), 0);
        refuses(ValidatorSet.EntryInvalid.selector, next(set), set);
        exitAs(0);
        rejoinAs(0);
        set = with(firstOf(4), 0);
        refuses(ValidatorSet.EntryInvalid.selector, next(set), set);
    }

    function test_whoLeftForGoodDoesNotComeBackByAnUpdate() public {
        exitAs(3);
        step(firstOf(3));
        bytes memory set = firstOf(4);
        pass(EPOCH);
        refuses(ValidatorSet.EntryInvalid.selector, next(set), set);
        pass(UNBONDING);
        withdrawAs(3);
        refuses(ValidatorSet.EntryInvalid.selector, next(set), set);
    }

    // ---- leaving ----

    function test_anActiveValidatorIsNotDropped() public {
        bytes memory set = bytes.concat(entry(0), entry(2), entry(3));
        Update memory update = next(set);
        bytes memory all = votes(update, 0, 15);
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.RemovalUnjustified.selector, operator(1)));
        multisig.execute(update, 0, all, set);
    }

    function test_theOrderStays() public {
        bytes memory set = bytes.concat(entry(1), entry(0), entry(2), entry(3));
        refuses(ValidatorSet.RemovalUnjustified.selector, next(set), set);
    }

    function test_exclusionsMoveWithTheirEntries() public {
        leaveAs(2);
        same(multisig.excluded(), 4);
        exitAs(0);
        bytes memory set = bytes.concat(entry(1), entry(2), entry(3));
        // The state has not seen the exit of 2: it stays, excluded, at the position before.
        execute(seeing(ejecting(next(set), 0), 0), set);
        same(multisig.excluded(), 2);
        same(multisig.totalStake(), 2 * STAKE);
        stands(0, Standing.UNBONDING);
        pass(EPOCH);
        refuses(bytes4(keccak256("QuorumMissing(uint256,uint256)")), next(), "");
    }
}
