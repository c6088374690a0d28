// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ValidatorSet} from "../src/multisig/ValidatorSet.sol";
import {Standing, Update} from "../src/Structs.sol";
import {MultisigScene} from "./MultisigScene.sol";

/// @title Updates whose state has seen less than the contracts; branches in MultisigRaces.tree
contract MultisigRacesTest is MultisigScene {
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

    function test_aJoinOfAnEarlierTimeIsForgotten() public {
        raced(1);
        step(firstOf(4));
        pass(UNBONDING);
        withdrawAs(4);
        uint64 before = core.inboxLength();
        joinAs(4);
        refuses(ValidatorSet.EntryInvalid.selector, seeing(next(firstOf(5)), before), firstOf(5));
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
}
