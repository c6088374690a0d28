// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Penalties} from "../src/multisig/Penalties.sol";
import {Roster} from "../src/multisig/Roster.sol";
import {ValidatorSet} from "../src/multisig/ValidatorSet.sol";
import {Slash, Standing, Update} from "../src/Structs.sol";
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

    // ---- races: the state has seen less than the contract ----

    /// @dev Four founders; 4 has joined; an update with it is voted for; then `race` happens.
    function raced(uint8 race) private returns (Update memory update) {
        joinAs(4);
        update = next(firstOf(5));
        bytes memory signatures = votes(update, 0, 15);
        if (race >= 1) exitAs(4);
        if (race == 2) rejoinAs(4);
        if (race >= 3) {
            pass(NOTICE);
            multisig.completeExit(operator(4));
        }
        if (race == 4) rejoinAs(4);
        if (race >= 5) {
            pass(UNBONDING);
            withdrawAs(4);
        }
        if (race == 6) joinAs(4, nodeKey(4, 1), STAKE);
        multisig.execute(update, 0, signatures, firstOf(5));
    }

    function test_raceWithNothing() public {
        raced(0);
        stands(4, Standing.ACTIVE);
    }

    function test_raceWithAnExit() public {
        raced(1);
        stands(4, Standing.EXITING);
        same(multisig.excluded(), 0);
        step(firstOf(4));
        stands(4, Standing.UNBONDING);
    }

    function test_raceWithAnExitTakenBack() public {
        raced(2);
        stands(4, Standing.QUEUED);
        same(multisig.excluded(), 0);
        // A state that has seen the exit only lets it go, one that has seen the JOIN as well takes it in again.
        pass(EPOCH);
        execute(seeing(next(firstOf(4)), 2), firstOf(4));
        stands(4, Standing.QUEUED);
        holds(!info(4).inSet, "out");
        vm.warp(info(4).since);
        step(firstOf(5));
        stands(4, Standing.ACTIVE);
    }

    function test_raceWithAnExitTakenBackThatTheStateSeesAtOnce() public {
        raced(2);
        vm.warp(info(4).since);
        pass(EPOCH);
        // The set is the same, and still the update decides: it is back for good.
        execute(next(), "");
        stands(4, Standing.ACTIVE);
    }

    function test_raceWithACompletedExit() public {
        raced(3);
        stands(4, Standing.UNBONDING);
        same(multisig.excluded(), 16);
        same(multisig.totalStake(), 4 * STAKE);
    }

    function test_raceWithACompletedExitTakenBack() public {
        raced(4);
        stands(4, Standing.QUEUED);
        same(multisig.excluded(), 0);
    }

    function test_raceWithAWithdrawal() public {
        raced(5);
        stands(4, Standing.NONE);
        same(multisig.excluded(), 16);
        same(multisig.totalStake(), 4 * STAKE);
        step(firstOf(4));
        holds(!info(4).inSet, "out");
        same(multisig.excluded(), 0);
    }

    function test_raceWithAWithdrawalAndANewJoin() public {
        raced(6);
        stands(4, Standing.QUEUED);
        same(multisig.excluded(), 0);
    }

    function test_raceOfARemovalWithComingBack() public {
        exitAs(3);
        Update memory update = next(firstOf(3));
        bytes memory signatures = votes(update, 0, 15);
        rejoinAs(3);
        multisig.execute(update, 0, signatures, firstOf(3));
        stands(3, Standing.QUEUED);
        same(info(3).stake, STAKE);
        step(firstOf(4));
        stands(3, Standing.ACTIVE);
    }

    function test_raceOfARotation() public {
        Update memory update = next();
        bytes memory signatures = votes(update, 0, 15);
        rotateAs(1, 1);
        rotateAs(1, 2);
        multisig.execute(update, 0, signatures, "");
        // A state that has seen the first rotation only.
        bytes memory set = bytes.concat(entry(0), entry(1, 1), entry(2), entry(3));
        pass(EPOCH);
        execute(seeing(next(set), 1), set);
        step(bytes.concat(entry(0), entry(1, 2), entry(2), entry(3)));
    }

    function test_raceOfASlash() public {
        joinAs(4);
        Update memory update = next(firstOf(5));
        bytes memory signatures = votes(update, 0, 15);
        bytes memory a = sign(nodeKey(4), typed(1, 0, "a"));
        bytes memory b = sign(nodeKey(4), typed(1, 0, "b"));
        multisig.proveDoubleVote(1, 0, "a", a, "b", b);
        multisig.execute(update, 0, signatures, firstOf(5));
        stands(4, Standing.SLASHED);
        same(multisig.excluded(), 16);
        step(firstOf(4));
        stands(4, Standing.SLASHED);
        holds(!info(4).inSet, "out");
    }

    function test_whoLeftAndCameBackMovesToTheEnd() public {
        exitAs(1);
        rejoinAs(1);
        bytes memory set = bytes.concat(entry(0), entry(2), entry(3), entry(1));
        execute(next(set), set);
        stands(1, Standing.ACTIVE);
        same(multisig.validatorSet(), set);
        same(multisig.totalStake(), 4 * STAKE);
    }

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
