// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Update} from "../src/Structs.sol";
import {MultisigScene} from "./MultisigScene.sol";

/// @title Rules of the multisig that no other test would miss
contract MutantsMultisigTest is MultisigScene {
    /// @dev 32 validators may eject two a day, the 30 that are left only one: the two count no more against an update
    /// that ejects nobody.
    function test_theLimitOfEjectionsDoesNotStopSlashesOfASetThatShrank() public {
        deploy(32);
        stakeAll(32);
        pass(EPOCH);
        Update memory update = next(firstOf(30));
        update.ejections = new address[](2);
        (update.ejections[0], update.ejections[1]) = (operator(30), operator(31));
        execute(update, firstOf(30));
        pass(EPOCH);
        uint256 before = info(3).stake;
        execute(slashing(next(), 3, 1 ether));
        same(info(3).stake, before - 1 ether);
    }

    /// @dev Times are kept in 32 bits since genesis.
    function test_nothingIsExecutedAfter136Years() public {
        vm.warp(uint256(GENESIS) + 2 ** 32);
        refuses(SafeCast.SafeCastOverflowedUintDowncast.selector, next(), "");
        vm.warp(uint256(GENESIS) + 2 ** 32 - 1);
        execute(next());
    }
}
