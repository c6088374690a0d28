// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EcdsaVoteVerifier} from "../src/EcdsaVoteVerifier.sol";
import {Head} from "../src/multisig/Head.sol";
import {Clock} from "../src/multisig/Clock.sol";
import {MultisigTerms} from "../src/multisig/Terms.sol";
import {Roster} from "../src/multisig/Roster.sol";
import {Stakes} from "../src/multisig/Stakes.sol";
import {VerifierChoice} from "../src/multisig/VerifierChoice.sol";
import {Bits} from "../src/Bits.sol";
import {CodeStore} from "../src/CodeStore.sol";
import {SmartnodesCore} from "../src/SmartnodesCore.sol";
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

    // ---- votes ----

    function test_twoOfFourAreNoQuorum() public {
        Update memory update = next();
        bytes memory signatures = votes(update, 0, 6);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.QuorumMissing.selector, 2, 3));
        multisig.execute(update, 0, signatures, "");
    }

    function test_nobodyIsNoQuorum() public {
        Update memory update = next();
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.QuorumMissing.selector, 0, 3));
        multisig.execute(update, 0, abi.encode(0), "");
    }

    function test_oneVoteDoesNotCountForTwo() public {
        Update memory update = next();
        bytes32 hash = typed(1, 0, digestOf(update));
        bytes memory one = sign(nodeKey(0), hash);
        vm.expectRevert(abi.encodeWithSelector(EcdsaVoteVerifier.VoteInvalid.selector, 1, node(1), node(0)));
        multisig.execute(update, 0, bytes.concat(abi.encode(7), one, one, one), "");
    }

    function test_votesInAnotherOrderAreRefused() public {
        Update memory update = next();
        bytes32 hash = typed(1, 0, digestOf(update));
        bytes memory swapped =
            bytes.concat(abi.encode(7), sign(nodeKey(1), hash), sign(nodeKey(0), hash), sign(nodeKey(2), hash));
        vm.expectRevert(abi.encodeWithSelector(EcdsaVoteVerifier.VoteInvalid.selector, 0, node(0), node(1)));
        multisig.execute(update, 0, swapped, "");
    }

    function test_theVoteOfAStrangerOrOfTheOperatorsAccountIsRefused() public {
        Update memory update = next();
        bytes32 hash = typed(1, 0, digestOf(update));
        bytes memory two = bytes.concat(abi.encode(7), sign(nodeKey(0), hash), sign(nodeKey(1), hash));
        vm.expectRevert(abi.encodeWithSelector(EcdsaVoteVerifier.VoteInvalid.selector, 2, node(2), vm.addr(0xBAD)));
        multisig.execute(update, 0, bytes.concat(two, sign(0xBAD, hash)), "");
        vm.expectRevert(abi.encodeWithSelector(EcdsaVoteVerifier.VoteInvalid.selector, 2, node(2), operator(2)));
        multisig.execute(update, 0, bytes.concat(two, sign(operatorKey(2), hash)), "");
    }

    function test_positionsBeyondTheSetAreRefused() public {
        Update memory update = next();
        bytes memory three = votes(update, 0, 7);
        assembly {
            mstore(add(three, 0x20), 23)
        }
        vm.expectRevert(abi.encodeWithSelector(EcdsaVoteVerifier.BitmapOutOfRange.selector, 23, 4));
        multisig.execute(update, 0, three, "");
    }

    function test_thereIsOneSignaturePerVoter() public {
        Update memory update = next();
        for (uint256 i = 0; i < 5; ++i) {
            bytes memory wrong = votes(update, 0, 7);
            if (i == 0) wrong = bytes.concat(wrong, bytes32(0), bytes32(0));
            if (i == 1) wrong = bytes.concat(wrong, hex"00");
            if (i > 1) {
                uint256 length = i == 2 ? 223 : i == 3 ? 160 : 32;
                assembly {
                    mstore(wrong, length)
                }
            }
            vm.expectRevert(abi.encodeWithSelector(EcdsaVoteVerifier.VotesLengthWrong.selector, wrong.length, 224));
            multisig.execute(update, 0, wrong, "");
        }
        vm.expectRevert(abi.encodeWithSelector(EcdsaVoteVerifier.VotesLengthWrong.selector, 31, 32));
        multisig.execute(update, 0, new bytes(31), "");
        vm.expectRevert(abi.encodeWithSelector(EcdsaVoteVerifier.VotesLengthWrong.selector, 0, 32));
        multisig.execute(update, 0, "", "");
    }

    function testFuzz_noiseIsNoVote(bytes32 r, bytes32 vs, uint8 place) public {
        Update memory update = next();
        bytes memory signatures = votes(update, 0, 7);
        uint256 offset = 0x40 + uint256(place % 3) * 0x40;
        assembly {
            mstore(add(signatures, offset), r)
            mstore(add(signatures, add(offset, 0x20)), vs)
        }
        vm.expectPartialRevert(EcdsaVoteVerifier.VoteInvalid.selector);
        multisig.execute(update, 0, signatures, "");
    }

    function test_whatIsNoSignatureRecoversNobodyAlsoBehindAGoodOne() public {
        Update memory update = next();
        bytes32 hash = typed(1, 0, digestOf(update));
        bytes memory two = bytes.concat(abi.encode(7), sign(nodeKey(0), hash), sign(nodeKey(1), hash));
        vm.expectRevert(abi.encodeWithSelector(EcdsaVoteVerifier.VoteInvalid.selector, 2, node(2), address(0)));
        multisig.execute(update, 0, bytes.concat(two, bytes32(0), bytes32(0)), "");
    }

    function test_aHighSIsRefused() public {
        bytes32 hash = typed(1, 0, keccak256("digest"));
        (bytes32 r,) = vm.signCompact(nodeKey(0), hash);
        // The greatest s that is low, and the least that is high; 255 bits hold both.
        bytes32 low = bytes32(uint256(0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0));
        bytes32 high = bytes32(uint256(low) + 1);
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory vote = bytes.concat(abi.encode(1), r, i == 0 ? low : high);
            address signer = recoveredOf(hash, vote);
            holds(signer != address(0), "it is somebody's signature");
            address set = CodeStore.write(bytes.concat(bytes20(signer), bytes20(operator(0))));
            if (i == 1) vm.expectPartialRevert(EcdsaVoteVerifier.VoteInvalid.selector);
            verifier.verify(hash, set, 1, vote);
        }
    }

    /// @dev Whom the verifier finds behind a vote, told by its refusal.
    function recoveredOf(bytes32 hash, bytes memory vote) private returns (address recovered) {
        address set = CodeStore.write(entry(0));
        (bool accepted, bytes memory reason) =
            address(verifier).staticcall(abi.encodeCall(verifier.verify, (hash, set, 1, vote)));
        holds(!accepted && bytes4(reason) == EcdsaVoteVerifier.VoteInvalid.selector, "refused");
        assembly {
            recovered := mload(add(reason, 0x64))
        }
    }

    function test_votesOfAnotherRoundEpochChainOrDeploymentAreRefused() public {
        vm.warp(GENESIS + EPOCH + ROUND);
        Update memory update = next();
        bytes32 digest = digestOf(update);
        bytes[] memory foreign = new bytes[](5);
        foreign[0] = signed(typed(1, 1, digest), 7);
        foreign[1] = signed(typed(2, 0, digest), 7);
        uint256 here = block.chainid;
        vm.chainId(here + 1);
        foreign[2] = signed(typed(1, 0, digest), 7);
        vm.chainId(here);
        (SmartnodesCore ours, SmartnodesMultisig executing) = (core, multisig);
        deploy(4);
        foreign[3] = signed(typed(1, 0, digest), 7);
        (core, multisig) = (ours, executing);
        foreign[4] = signed(digest, 7);
        for (uint256 i = 0; i < foreign.length; ++i) {
            vm.expectPartialRevert(EcdsaVoteVerifier.VoteInvalid.selector);
            multisig.execute(update, 0, foreign[i], "");
        }
        execute(update);
    }

    function test_onAChainThatChangedItsIdOnlyItsOwnVotesCount() public {
        Update memory update = next();
        bytes memory old = votes(update, 0, 7);
        vm.chainId(block.chainid + 1);
        vm.expectPartialRevert(EcdsaVoteVerifier.VoteInvalid.selector);
        multisig.execute(update, 0, old, "");
        execute(update);
    }

    function testFuzz_theQuorumIsMoreThanTwoThirds(uint8 n) public {
        uint256 size = bound(n, 1, 12);
        vm.warp(GENESIS);
        deploy(size);
        stakeAll(size);
        vm.warp(GENESIS + EPOCH);
        uint256 quorum = multisig.quorum();
        holds(3 * quorum > 2 * size && 3 * (quorum - 1) <= 2 * size, "the least above two thirds");
        Update memory update = next();
        bytes memory few = votes(update, 0, (1 << (quorum - 1)) - 1);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.QuorumMissing.selector, quorum - 1, quorum));
        multisig.execute(update, 0, few, "");
        multisig.execute(update, 0, votes(update, 0, (1 << quorum) - 1), "");
    }

    function testFuzz_bitsAreCounted(uint256 bitmap) public pure {
        uint256 bits = 0;
        for (uint256 i = 0; i < 256; ++i) {
            bits += (bitmap >> i) & 1;
        }
        same(Bits.count(bitmap), bits);
        same(Bits.count(type(uint256).max), 256);
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
