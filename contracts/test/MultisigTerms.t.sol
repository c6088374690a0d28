// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {EcdsaVoteVerifier} from "../src/EcdsaVoteVerifier.sol";
import {IVoteVerifier} from "../src/interfaces/IVoteVerifier.sol";
import {Clock} from "../src/multisig/Clock.sol";
import {MultisigTerms, Term, Terms} from "../src/multisig/Terms.sol";
import {VerifierChoice} from "../src/multisig/VerifierChoice.sol";
import {ParameterBounds} from "../src/ParameterBounds.sol";
import {SmartnodesMultisig} from "../src/SmartnodesMultisig.sol";
import {Founder, Parameter, Update} from "../src/Structs.sol";
import {MultisigScene} from "./MultisigScene.sol";

/// @title Answers with whatever voters it was told
contract SaysWho is IVoteVerifier {
    uint256 private immutable voters;

    constructor(uint256 voters_) {
        voters = voters_;
    }

    function verify(bytes32, address, uint256, bytes calldata) external view returns (uint256) {
        return voters;
    }
}

/// @title What governance sets; branches in MultisigTerms.tree
contract MultisigTermsTest is MultisigScene {
    function govern(bytes memory call_) private returns (bool done, bytes memory reason) {
        vm.prank(address(timelock));
        return address(multisig).call(call_);
    }

    function governed(bytes memory call_) private {
        (bool done, bytes memory reason) = govern(call_);
        if (!done) {
            assembly {
                revert(add(reason, 0x20), mload(reason))
            }
        }
    }

    function rejected(bytes memory call_, bytes memory expected) private {
        (bool done, bytes memory reason) = govern(call_);
        holds(!done, "refused");
        same(reason, expected);
    }

    function test_onlyGovernanceSetsAnything() public {
        bytes[] memory calls = new bytes[](6);
        calls[0] = abi.encodeCall(multisig.setJoinPeriod, (5));
        calls[1] = abi.encodeCall(multisig.setExitNotice, (5));
        calls[2] = abi.encodeCall(multisig.setUnbonding, (5));
        calls[3] = abi.encodeCall(multisig.setMinimumStake, (5 ether));
        calls[4] = abi.encodeCall(multisig.setLengths, (60, 5));
        calls[5] = abi.encodeCall(multisig.setVoteVerifier, (verifier, 5));
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(operator(0));
            (bool done, bytes memory reason) = address(multisig).call(calls[i]);
            holds(!done, "refused");
            same(reason, abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, operator(0)));
            governed(calls[i]);
        }
        same(multisig.joinPeriod(), 5);
        same(multisig.exitNotice(), 5);
        same(multisig.unbonding(), 5);
        same(multisig.minimumStake(), 5 ether);
    }

    function test_everyTermHasBounds() public {
        uint256[4] memory least = [uint256(1), 1, 1, 1e18];
        uint256[4] memory most = [uint256(30 days), 30 days, 365 days, 1e25];
        bytes4[4] memory setters = [
            multisig.setJoinPeriod.selector,
            multisig.setExitNotice.selector,
            multisig.setUnbonding.selector,
            multisig.setMinimumStake.selector
        ];
        for (uint256 i = 0; i < 4; ++i) {
            uint256[2] memory outside = [least[i] - 1, most[i] + 1];
            for (uint256 j = 0; j < 2; ++j) {
                rejected(
                    abi.encodeWithSelector(setters[i], outside[j]),
                    abi.encodeWithSelector(Terms.TermOutOfBounds.selector, i, outside[j], least[i], most[i])
                );
            }
            vm.expectEmit(true, true, true, true, address(multisig));
            emit Terms.TermSet(Term(i), least[i]);
            governed(abi.encodeWithSelector(setters[i], least[i]));
            governed(abi.encodeWithSelector(setters[i], most[i]));
        }
    }

    function test_theTermsOfTheDeploymentAreCheckedToo() public {
        for (uint256 i = 0; i < 7; ++i) {
            MultisigTerms memory terms = standardTerms();
            bytes4 code = Terms.TermOutOfBounds.selector;
            if (i == 0) terms.joinPeriod = 0;
            if (i == 1) terms.exitNotice = 0;
            if (i == 2) terms.unbonding = 0;
            if (i == 3) terms.minimumStake = 0;
            if (i == 4) (terms.epochLength, code) = (3, ParameterBounds.ParameterOutOfBounds.selector);
            if (i == 5) (terms.roundLength, code) = (0, ParameterBounds.ParameterOutOfBounds.selector);
            if (i == 6) (terms.roundLength, code) = (EPOCH, Clock.RoundTooLong.selector);
            vm.expectPartialRevert(code);
            this.construct(terms);
        }
    }

    function construct(MultisigTerms calldata terms) external {
        Founder[] memory founders = new Founder[](1);
        founders[0] = founder(0);
        launch(founders, new address[](0), new uint256[](0), terms, SEED);
    }

    // ---- lengths ----

    function test_lengthsAreBounded() public {
        rejected(
            abi.encodeCall(multisig.setLengths, (3, 1)),
            abi.encodeWithSelector(ParameterBounds.ParameterOutOfBounds.selector, Parameter.EpochLength, 3, 4, 86_400)
        );
        rejected(
            abi.encodeCall(multisig.setLengths, (86_401, 1)),
            abi.encodeWithSelector(
                ParameterBounds.ParameterOutOfBounds.selector, Parameter.EpochLength, 86_401, 4, 86_400
            )
        );
        rejected(
            abi.encodeCall(multisig.setLengths, (60, 0)),
            abi.encodeWithSelector(ParameterBounds.ParameterOutOfBounds.selector, Parameter.RoundLength, 0, 1, 3600)
        );
        rejected(
            abi.encodeCall(multisig.setLengths, (60, 60)), abi.encodeWithSelector(Clock.RoundTooLong.selector, 60, 60)
        );
    }

    function test_lengthsActWhenAnUpdateHasConsumedBothItems() public {
        vm.expectEmit(true, true, true, true, address(multisig));
        emit Clock.LengthsSet(60, 7, 2);
        governed(abi.encodeCall(multisig.setLengths, (60, 7)));
        same(core.inboxLength(), 2);
        same(multisig.epochLength(), EPOCH);
        rejected(abi.encodeCall(multisig.setLengths, (61, 7)), abi.encodeWithSelector(Clock.LengthsPending.selector, 2));

        execute(seeing(next(), 1));
        same(multisig.epochLength(), EPOCH);
        same(multisig.epochStart(), GENESIS + 2 * EPOCH);
        pass(EPOCH);
        execute(seeing(next(), 2));
        same(multisig.epochLength(), 60);
        same(multisig.roundLength(), 7);
        same(multisig.epochStart(), GENESIS + 2 * EPOCH + 60);

        Update memory update = next();
        bytes memory signatures = votes(update, 2, 7);
        vm.warp(GENESIS + 2 * EPOCH + 60 + 13);
        vm.expectPartialRevert(Clock.RoundNotStarted.selector);
        multisig.execute(update, 2, signatures, "");
        pass(1);
        multisig.execute(update, 2, signatures, "");

        governed(abi.encodeCall(multisig.setLengths, (86_400, 3600)));
        pass(60);
        execute(next());
        same(multisig.epochStart(), GENESIS + 2 * EPOCH + 120 + 86_400);
    }

    // ---- the verifier ----

    function test_aVerifierActsFromItsEpochOn() public {
        IVoteVerifier all = new SaysWho(15);
        rejected(
            abi.encodeCall(multisig.setVoteVerifier, (all, 1)),
            abi.encodeWithSelector(VerifierChoice.FromEpochTooEarly.selector, 1, 2)
        );
        rejected(
            abi.encodeCall(multisig.setVoteVerifier, (IVoteVerifier(ANYBODY), 2)),
            abi.encodeWithSelector(VerifierChoice.VerifierWithoutCode.selector, ANYBODY)
        );
        Update memory update = next();
        bytes memory signatures = votes(update, 0, 7);
        vm.expectEmit(true, true, true, true, address(multisig));
        emit VerifierChoice.VoteVerifierSet(all, 2);
        governed(abi.encodeCall(multisig.setVoteVerifier, (all, 2)));
        same(address(multisig.voteVerifierOf(1)), address(verifier));
        same(address(multisig.voteVerifierOf(2)), address(all));
        // What is voted for already is counted as before.
        vm.expectPartialRevert(EcdsaVoteVerifier.VotesLengthWrong.selector);
        multisig.execute(update, 0, "", "");
        multisig.execute(update, 0, signatures, "");

        pass(EPOCH);
        multisig.execute(next(), 0, "", "");
        same(core.epoch(), 2);
    }

    function test_aVerifierThatDoesNotActYetIsDroppedForAnother() public {
        IVoteVerifier all = new SaysWho(15);
        governed(abi.encodeCall(multisig.setVoteVerifier, (all, 2)));
        governed(abi.encodeCall(multisig.setVoteVerifier, (all, 9)));
        execute(next());
        pass(EPOCH);
        execute(next());
        same(address(multisig.voteVerifierOf(8)), address(verifier));
        governed(abi.encodeCall(multisig.setVoteVerifier, (all, 4)));
        pass(EPOCH);
        execute(next());
        // It acts from the next epoch on, and stays while its successor waits.
        governed(abi.encodeCall(multisig.setVoteVerifier, (verifier, 6)));
        pass(EPOCH);
        multisig.execute(next(), 0, "", "");
        pass(EPOCH);
        multisig.execute(next(), 0, "", "");
        pass(EPOCH);
        execute(next());
        same(core.epoch(), 6);
    }

    function test_aVerifierThatLetsNobodyThroughIsReplacedAfterSevenDays() public {
        governed(abi.encodeCall(multisig.setVoteVerifier, (new SaysWho(0), 2)));
        execute(next());
        uint256 executed = multisig.lastExecution();
        vm.warp(executed + 7 days);
        refuses(SmartnodesMultisig.QuorumMissing.selector, next(), "");
        rejected(
            abi.encodeCall(multisig.setVoteVerifier, (verifier, 2)),
            abi.encodeWithSelector(VerifierChoice.FromEpochTooEarly.selector, 2, 3)
        );
        pass(1);
        rejected(
            abi.encodeCall(multisig.setVoteVerifier, (verifier, 1)),
            abi.encodeWithSelector(VerifierChoice.FromEpochTooEarly.selector, 1, 2)
        );
        governed(abi.encodeCall(multisig.setVoteVerifier, (verifier, 2)));
        same(address(multisig.voteVerifierOf(2)), address(verifier));
        execute(next());
        // Something was executed: the notice counts again.
        rejected(
            abi.encodeCall(multisig.setVoteVerifier, (verifier, 3)),
            abi.encodeWithSelector(VerifierChoice.FromEpochTooEarly.selector, 3, 4)
        );
    }

    function test_noVerifierNamesVotersBeyondTheSet() public {
        governed(abi.encodeCall(multisig.setVoteVerifier, (new SaysWho(31), 2)));
        execute(next());
        pass(EPOCH);
        Update memory update = next();
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.VotersUnknown.selector, 31, 4));
        multisig.execute(update, 0, "", "");
    }

    function test_noVerifierCountsWhoIsExcluded() public {
        governed(abi.encodeCall(multisig.setVoteVerifier, (new SaysWho(7), 2)));
        execute(next());
        leaveAs(2);
        Update memory update = next();
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.QuorumMissing.selector, 2, 3));
        multisig.execute(update, 0, "", "");
    }
}
