// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Penalties} from "../src/multisig/Penalties.sol";
import {ValidatorSet} from "../src/multisig/ValidatorSet.sol";
import {Slash, Standing, Update} from "../src/Structs.sol";
import {MultisigScene} from "./MultisigScene.sol";

/// @title Ejections and slashes; branches in MultisigPenalties.tree
contract MultisigPenaltiesTest is MultisigScene {
    // ---- ejections ----

    function test_anEjectionUnbonds() public {
        vm.expectEmit(true, true, true, true, address(multisig));
        emit ValidatorSet.OperatorEjected(operator(1), uint64(vm.getBlockTimestamp() + UNBONDING));
        bytes memory set = bytes.concat(entry(0), entry(2), entry(3));
        execute(ejecting(next(set), 1), set);
        stands(1, Standing.UNBONDING);
        same(info(1).stake, STAKE);
        same(multisig.totalStake(), 3 * STAKE);
        rejoinAs(1);
        step(bytes.concat(set, entry(1)));
        stands(1, Standing.ACTIVE);
    }

    function test_anEjectionThatRacesWithComingBackLetsItQueue() public {
        exitAs(1);
        rejoinAs(1);
        bytes memory set = bytes.concat(entry(0), entry(2), entry(3));
        execute(seeing(ejecting(next(set), 1), 0), set);
        stands(1, Standing.QUEUED);
        step(bytes.concat(set, entry(1)));
        stands(1, Standing.ACTIVE);
    }

    function test_onlyMembersThatLeaveAreEjectedAndOnce() public {
        refuses(ValidatorSet.EjectionInvalid.selector, ejecting(next(), 1), "");
        refuses(ValidatorSet.EjectionInvalid.selector, ejecting(next(), 9), "");
        bytes memory set = bytes.concat(entry(0), entry(2), entry(3), entry(1));
        refuses(ValidatorSet.EntryInvalid.selector, ejecting(next(set), 1), set);
        // Not even when it came back by itself does the same update take it out and in.
        exitAs(1);
        rejoinAs(1);
        refuses(ValidatorSet.EntryInvalid.selector, ejecting(next(set), 1), set);
    }

    function test_ejectionsAreCountedByTheDay() public {
        execute(ejecting(next(firstOf(3)), 3), firstOf(3));
        pass(EPOCH);
        Update memory update = ejecting(next(firstOf(2)), 2);
        bytes memory all = votes(update, 0, 7);
        vm.expectRevert(abi.encodeWithSelector(Penalties.EjectionLimitExceeded.selector, 2, 1));
        multisig.execute(update, 0, all, firstOf(2));
        vm.warp((vm.getBlockTimestamp() / 1 days + 1) * 1 days);
        multisig.execute(update, 0, all, firstOf(2));
    }

    function test_aLargeSetEjectsASixteenth() public {
        vm.warp(GENESIS);
        deploy(32);
        stakeAll(32);
        vm.warp(GENESIS + EPOCH);
        Update memory update = next(firstOf(29));
        update.ejections = new address[](3);
        (update.ejections[0], update.ejections[1], update.ejections[2]) = (operator(29), operator(30), operator(31));
        refuses(Penalties.EjectionLimitExceeded.selector, update, firstOf(29));
        update = next(firstOf(30));
        update.ejections = new address[](2);
        (update.ejections[0], update.ejections[1]) = (operator(31), operator(31));
        refuses(ValidatorSet.RemovalUnjustified.selector, update, firstOf(30));
        update.nextSetHash = keccak256(firstOf(31));
        refuses(ValidatorSet.EjectionInvalid.selector, update, firstOf(31));
        update.nextSetHash = keccak256(firstOf(30));
        update.ejections[0] = operator(30);
        execute(update, firstOf(30));
        same(multisig.validatorCount(), 30);
    }

    // ---- slashes ----

    function test_aSlashBurnsStake() public {
        uint256 supply = token.totalSupply();
        vm.expectEmit(true, true, true, true, address(multisig));
        emit Penalties.StakeSlashed(operator(1), 10 ether, keccak256("evidence"));
        execute(slashing(next(), 1, 10 ether));
        same(info(1).stake, STAKE - 10 ether);
        same(token.totalSupply(), supply - 10 ether);
        same(token.balanceOf(address(multisig)), 4 * STAKE - 10 ether);
        same(multisig.totalStake(), 4 * STAKE - 10 ether);
    }

    function test_slashesStayBelowASixteenthOfTheStakeADay() public {
        execute(slashing(next(), 1, type(uint256).max));
        same(info(1).stake, STAKE - 4 * STAKE / 16);
        pass(EPOCH);
        Update memory update = slashing(next(), 2, STAKE);
        execute(update);
        same(info(2).stake, STAKE);
        vm.warp((vm.getBlockTimestamp() / 1 days + 1) * 1 days);
        uint256 limit = multisig.totalStake() / 16;
        execute(slashing(next(), 2, STAKE));
        same(info(2).stake, STAKE - limit);
    }

    function test_aSlashTakesWhatIsThere() public {
        // From strangers and from who has left nothing, and the update goes on.
        execute(slashing(next(), 9, STAKE));
        joinAs(4);
        vm.prank(operator(0));
        multisig.topUp(90 * STAKE);
        pass(EPOCH);
        execute(slashing(next(), 4, 2 * STAKE));
        same(info(4).stake, 0);
        leaveAs(4);
        pass(UNBONDING);
        withdrawAs(4);
        stands(4, Standing.NONE);
    }

    function test_whoLostAllButATrifleDoesNotCountUntilItPaysIn() public {
        vm.prank(operator(0));
        multisig.topUp(90 * STAKE);
        Update memory update = next();
        update.slashes = new Slash[](2);
        update.slashes[0] = Slash(operator(1), STAKE - 1 ether, "a");
        update.slashes[1] = Slash(operator(2), STAKE - 1 ether + 1, "b");
        execute(update);
        same(info(1).stake, 1 ether);
        same(info(2).stake, 1 ether - 1);
        same(multisig.excluded(), 4);
        same(multisig.totalStake(), 92 * STAKE + 1 ether);
        vm.prank(operator(2));
        multisig.topUp(1);
        same(multisig.excluded(), 0);
    }

    function testFuzz_slashesOfADayNeverExceedTheLimit(uint256[5] calldata amounts, uint8 whom) public {
        uint256 limit = 4 * STAKE / 16;
        Update memory update = next();
        update.slashes = new Slash[](5);
        for (uint256 i = 0; i < 5; ++i) {
            update.slashes[i] = Slash(operator((uint256(whom) + i) % 4), amounts[i], bytes32(i));
        }
        execute(update);
        uint256 left = 0;
        for (uint256 i = 0; i < 4; ++i) {
            left += info(i).stake;
        }
        holds(4 * STAKE - left <= limit, "the limit");
        same(token.balanceOf(address(multisig)), left);
        same(multisig.totalStake(), left);
    }
}
