// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clock} from "../src/multisig/Clock.sol";
import {Roster} from "../src/multisig/Roster.sol";
import {Stakes} from "../src/multisig/Stakes.sol";
import {VerifierChoice} from "../src/multisig/VerifierChoice.sol";
import {CodeStore} from "../src/CodeStore.sol";
import {SmartnodesMultisig} from "../src/SmartnodesMultisig.sol";
import {IVoteVerifier} from "../src/interfaces/IVoteVerifier.sol";
import {Updates} from "../src/core/Updates.sol";
import {Founder, Operator, Standing, Update} from "../src/Structs.sol";
import {MultisigScene} from "./MultisigScene.sol";

/// @title Execution, votes and the deployment; branches in Multisig.tree
contract MultisigTest is MultisigScene {
    // ---- execution ----

    function test_threeOfFourVotesExecute() public {
        Update memory update = next();
        bytes memory signatures = votes(update, 0, 13);
        vm.prevrandao(keccak256("randao"));
        bytes32 seed = keccak256(abi.encode(SEED, keccak256("randao"), uint64(1)));
        vm.expectEmit(true, true, true, true, address(multisig));
        emit SmartnodesMultisig.EpochExecuted(
            1, 0, digestOf(update), update.stateRoot, update.bodyHash, seed, 13, 0, GENESIS + EPOCH
        );
        vm.prank(ANYBODY);
        multisig.execute(update, 0, signatures, "");
        same(core.epoch(), 1);
        same(core.stateRoot(), update.stateRoot);
        same(multisig.seed(), seed);
        same(multisig.lastExecution(), GENESIS + EPOCH);
        same(multisig.epochStart(), GENESIS + 2 * EPOCH);
    }

    function test_theSameEpochIsNotExecutedTwice() public {
        Update memory update = next();
        bytes memory signatures = votes(update, 0, 7);
        multisig.execute(update, 0, signatures, "");
        vm.expectPartialRevert(Clock.RoundNotStarted.selector);
        multisig.execute(update, 0, signatures, "");
        pass(EPOCH);
        vm.expectRevert(abi.encodeWithSelector(Updates.EpochUnexpected.selector, 1, 2));
        multisig.execute(update, 0, signatures, "");
    }

    function test_votesOfAPastRoundStayGood() public {
        Update memory update = next();
        bytes memory signatures = votes(update, 1, 7);
        vm.warp(GENESIS + EPOCH + 100 * ROUND);
        multisig.execute(update, 1, signatures, "");
        same(core.epoch(), 1);
    }

    function test_votesOfARoundToComeWait() public {
        Update memory update = next();
        bytes memory signatures = votes(update, 2, 7);
        uint256 start = GENESIS + EPOCH + 2 * ROUND;
        vm.warp(start - 1);
        vm.expectRevert(abi.encodeWithSelector(Clock.RoundNotStarted.selector, start, start - 1));
        multisig.execute(update, 2, signatures, "");
        vm.warp(start);
        multisig.execute(update, 2, signatures, "");
    }

    function test_theLastRoundOfAllDoesNotOverflow() public {
        Update memory update = next();
        bytes memory signatures = votes(update, type(uint32).max, 7);
        vm.expectPartialRevert(Clock.RoundNotStarted.selector);
        multisig.execute(update, type(uint32).max, signatures, "");
    }

    function test_anEpochDoesNotCloseEarly() public {
        vm.warp(GENESIS + EPOCH - 1);
        refuses(Clock.RoundNotStarted.selector, next(), "");
    }

    function test_afterAStandstillTheNextEpochClosesAtTheExecution() public {
        vm.warp(GENESIS + 10 * EPOCH);
        execute(next());
        same(multisig.epochStart(), GENESIS + 10 * EPOCH);
        execute(next());
        same(multisig.epochStart(), GENESIS + 11 * EPOCH);
    }

    function testFuzz_theNextEpochBeginsALengthAfterTheLastOrNow(uint32 late) public {
        late = uint32(bound(late, 0, 1 << 31));
        vm.warp(GENESIS + EPOCH + uint256(late));
        execute(next());
        uint256 due = GENESIS + 2 * EPOCH;
        uint256 now_ = GENESIS + EPOCH + uint256(late);
        same(multisig.epochStart(), due > now_ ? due : now_);
        same(multisig.lastExecution(), now_);
    }

    function test_coreChecksWhatTheVotersMissed() public {
        Update memory update = next();
        update.totals[0].minted = 1e30;
        refuses(Updates.EmissionExceeded.selector, update, "");
        same(core.epoch(), 0);
    }

    function test_checkUpdateSaysWhatExecuteWould() public {
        multisig.checkUpdate(next(), "");
        multisig.checkUpdate(next(), firstOf(4));
        Update memory update = next(firstOf(3));
        vm.expectPartialRevert(bytes4(keccak256("RemovalUnjustified(address)")));
        multisig.checkUpdate(update, firstOf(3));
        update = ejecting(next(), 3);
        vm.expectPartialRevert(bytes4(keccak256("EjectionInvalid(uint256,uint256)")));
        multisig.checkUpdate(update, "");
        update = ejecting(next(firstOf(3)), 3);
        multisig.checkUpdate(update, firstOf(3));
        execute(update, firstOf(3));
        pass(EPOCH);
        update = ejecting(next(firstOf(2)), 2);
        vm.expectPartialRevert(bytes4(keccak256("EjectionLimitExceeded(uint256,uint256)")));
        multisig.checkUpdate(update, firstOf(2));
    }

    // ---- set ----

    function test_theSetCanBeRead() public {
        same(multisig.validatorSet(), firstOf(4));
        same(multisig.validatorSetHash(), keccak256(firstOf(4)));
        same(multisig.validatorCount(), 4);
        same(multisig.excluded(), 0);
        same(multisig.totalStake(), 4 * STAKE);
        (address at2, address owner) = multisig.validatorAt(2);
        same(at2, node(2));
        same(owner, operator(2));
        same(core.operatorOf(at2), owner);
        Operator memory known = info(2);
        same(known.nodeAddress, node(2));
        same(known.payout, operator(2));
        same(known.stake, STAKE);
        holds(known.inSet, "in the set");
        stands(2, Standing.ACTIVE);
        vm.expectRevert(abi.encodeWithSelector(Roster.PositionUnknown.selector, 4));
        multisig.validatorAt(4);
    }

    function test_theProposersAreAPermutationThatTheSeedChanges() public {
        for (uint256 epoch = 0; epoch < 3; ++epoch) {
            bytes32 seed = multisig.seed();
            bytes32 last = 0;
            address[] memory order = multisig.proposers();
            same(order.length, 4);
            for (uint256 i = 0; i < 4; ++i) {
                bytes32 key = keccak256(abi.encode(keccak256("smartnodes.proposer"), seed, order[i]));
                holds(key > last, "ascending");
                last = key;
            }
            execute(next());
            holds(multisig.seed() != seed, "a new seed");
            pass(EPOCH);
        }
    }

    // ---- deployment ----

    function test_theFirstSetIsChecked() public {
        Founder[] memory founders = new Founder[](2);
        founders[0] = founder(0);
        for (uint256 i = 0; i < 7; ++i) {
            founders[1] = founder(1);
            bytes4 code = SmartnodesMultisig.NodeKeyInvalid.selector;
            if (i == 0) (founders[1].operator, code) = (operator(0), SmartnodesMultisig.OperatorInvalid.selector);
            if (i == 1) (founders[1].operator, code) = (address(0), SmartnodesMultisig.OperatorInvalid.selector);
            if (i == 2) (founders[1].stake, code) = (STAKE - 1, Stakes.StakeTooSmall.selector);
            if (i == 3) (founders[1].nodeKeyX, founders[1].nodeKeyY) = (founders[0].nodeKeyX, founders[0].nodeKeyY);
            if (i == 4) founders[1].nodeKeyY = bytes32(uint256(founders[1].nodeKeyY) ^ 1);
            if (i == 5) founders[1].nodeKeyX = bytes32(type(uint256).max);
            if (i == 6) founders[1].stake = 1 << 96;
            vm.expectPartialRevert(i == 6 ? bytes4(keccak256("SafeCastOverflowedUintDowncast(uint8,uint256)")) : code);
            this.construct(founders);
        }
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.ValidatorCountOutOfRange.selector, 0));
        this.construct(new Founder[](0));
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.ValidatorCountOutOfRange.selector, 257));
        this.construct(new Founder[](257));
        founders[1] = founder(1);
        founders[1].payout = PAYEE;
        this.construct(founders);
        same(multisig.operatorInfo(operator(1)).payout, PAYEE);
        same(multisig.operatorInfo(operator(0)).payout, operator(0));
    }

    function construct(Founder[] calldata founders) external {
        launch(founders, new address[](0), new uint256[](0), standardTerms(), SEED);
    }

    function test_aVerifierIsAContract() public {
        Founder[] memory founders = new Founder[](1);
        founders[0] = founder(0);
        vm.expectRevert(abi.encodeWithSelector(VerifierChoice.VerifierWithoutCode.selector, ANYBODY));
        new SmartnodesMultisig(core, token, address(access), IVoteVerifier(ANYBODY), founders, standardTerms(), SEED);
    }

    function test_theMultisigRefusesACoreOfAnother() public {
        Founder[] memory founders = new Founder[](1);
        founders[0] = founder(0);
        vm.expectRevert(
            abi.encodeWithSelector(SmartnodesMultisig.CoreNotWired.selector, address(multisig), address(core))
        );
        new SmartnodesMultisig(core, token, address(access), verifier, founders, standardTerms(), SEED);
    }

    function test_aBlobOfMoreThanACodeIsNotStored() public {
        vm.expectRevert(abi.encodeWithSelector(CodeStore.BlobNotStored.selector, 24_576));
        this.store(new bytes(24_576));
        same(this.store(new bytes(24_575)).code.length, 24_576);
    }

    function store(bytes calldata content) external returns (address) {
        return CodeStore.write(content);
    }
}
