// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SmartnodesCore} from "../src/SmartnodesCore.sol";
import {SmartnodesMultisig} from "../src/SmartnodesMultisig.sol";
import {Founder, Operator, Slash, Update} from "../src/Structs.sol";
import {VoteVerifier} from "../src/VoteVerifier.sol";
import {MultisigScene} from "./MultisigScene.sol";

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
        vm.prank(address(0x57A46E6)); // anyone
        multisig.execute(update, 0, signatures, 13, set);
        same(core.epoch(), 1);
        same(core.stateRoot(), update.stateRoot);
        same(multisig.seedOf(0), SEED);
        same(multisig.seedOf(1), seed);
        same(multisig.executionTime(1), GENESIS + EPOCH);
        same(multisig.epochStart(1), GENESIS + EPOCH);
        same(multisig.epochStart(2), GENESIS + 2 * EPOCH);
    }

    function test_gasOfAnExecutionByFour() public {
        execute(next());
        vm.warp(block.timestamp + EPOCH);
        Update memory update = next();
        update.totals[0].minted = update.totals[0].payouts = core.emission(2 * EPOCH) / 10;
        bytes memory signatures = votes(update, 0, 15);
        uint256 before = gasleft();
        multisig.execute(update, 0, signatures, 15, set);
        uint256 used = before - gasleft();
        emit GasUsed(used);
        holds(used < 400_000, "an execution stays cheap");
    }

    event GasUsed(uint256 gas);

    function test_theSameEpochIsNotExecutedTwice() public {
        Update memory update = next();
        bytes memory signatures = votes(update, 0, 7);
        multisig.execute(update, 0, signatures, 7, set);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.EpochUnexpected.selector, 1, 2));
        multisig.execute(update, 0, signatures, 7, set);
    }

    function test_votesOfAPastRoundStayGood() public {
        Update memory update = next();
        bytes memory signatures = votes(update, 1, 7);
        vm.warp(GENESIS + EPOCH + 100 * ROUND);
        multisig.execute(update, 1, signatures, 7, set);
        same(core.epoch(), 1);
    }

    function test_votesOfARoundToComeWait() public {
        Update memory update = next();
        bytes memory signatures = votes(update, 2, 7);
        uint256 start = GENESIS + EPOCH + 2 * ROUND;
        vm.warp(start - 1);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.RoundNotStarted.selector, start, start - 1));
        multisig.execute(update, 2, signatures, 7, set);
        vm.warp(start);
        multisig.execute(update, 2, signatures, 7, set);
    }

    function test_theLastRoundOfAllDoesNotOverflow() public {
        Update memory update = next();
        bytes memory signatures = votes(update, type(uint32).max, 7);
        vm.expectPartialRevert(SmartnodesMultisig.RoundNotStarted.selector);
        multisig.execute(update, type(uint32).max, signatures, 7, set);
    }

    function test_anEpochDoesNotCloseEarly() public {
        vm.warp(GENESIS + EPOCH - 1);
        Update memory update = next();
        bytes memory signatures = votes(update, 0, 7);
        vm.expectPartialRevert(SmartnodesMultisig.RoundNotStarted.selector);
        multisig.execute(update, 0, signatures, 7, set);
    }

    function test_afterAStandstillTheNextEpochClosesAtTheExecution() public {
        vm.warp(GENESIS + 10 * EPOCH);
        execute(next());
        same(multisig.epochStart(2), GENESIS + 10 * EPOCH);
        execute(next());
        same(multisig.epochStart(3), GENESIS + 11 * EPOCH);
    }

    function test_whatHasNotHappenedIsUnknown() public {
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.EpochUnknown.selector, 1));
        multisig.seedOf(1);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.EpochUnknown.selector, 1));
        multisig.executionTime(1);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.EpochUnknown.selector, 2));
        multisig.epochStart(2);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.PositionUnknown.selector, 4));
        multisig.validatorAt(4);
    }

    function test_coreChecksWhatTheVotersMissed() public {
        Update memory update = next();
        update.totals[0].minted = 1e30;
        bytes memory signatures = votes(update, 0, 15);
        vm.expectPartialRevert(SmartnodesCore.EmissionExceeded.selector);
        multisig.execute(update, 0, signatures, 15, set);
        same(core.epoch(), 0);
    }

    // ---- votes ----

    function test_twoOfFourAreNoQuorum() public {
        Update memory update = next();
        bytes memory signatures = votes(update, 0, 6);
        vm.expectRevert(abi.encodeWithSelector(VoteVerifier.QuorumMissing.selector, 2, 3));
        multisig.execute(update, 0, signatures, 6, set);
    }

    function test_oneVoteDoesNotCountForTwo() public {
        Update memory update = next();
        bytes memory signature = votes(update, 0, 1);
        bytes memory signatures = bytes.concat(signature, signature, signature);
        vm.expectRevert(
            abi.encodeWithSelector(VoteVerifier.VoteInvalid.selector, 1, vm.addr(nodeKey(1)), vm.addr(nodeKey(0)))
        );
        multisig.execute(update, 0, signatures, 7, set);
    }

    function test_votesInAnotherOrderAreRefused() public {
        Update memory update = next();
        bytes memory signatures = bytes.concat(votes(update, 0, 2), votes(update, 0, 1), votes(update, 0, 4));
        vm.expectPartialRevert(VoteVerifier.VoteInvalid.selector);
        multisig.execute(update, 0, signatures, 7, set);
    }

    function test_aStrangersVoteIsRefused() public {
        Update memory update = next();
        bytes memory stranger = sign(0xBAD, typed(1, 0, digestOf(update)));
        bytes memory signatures = bytes.concat(votes(update, 0, 3), stranger);
        vm.expectRevert(
            abi.encodeWithSelector(VoteVerifier.VoteInvalid.selector, 2, vm.addr(nodeKey(2)), vm.addr(0xBAD))
        );
        multisig.execute(update, 0, signatures, 7, set);
    }

    function test_theOperatorsKeyIsNotTheNodeKey() public {
        Update memory update = next();
        bytes memory signatures = bytes.concat(votes(update, 0, 3), sign(operatorKey(2), typed(1, 0, digestOf(update))));
        vm.expectPartialRevert(VoteVerifier.VoteInvalid.selector);
        multisig.execute(update, 0, signatures, 7, set);
    }

    function test_positionsBeyondTheSetAreRefused() public {
        Update memory update = next();
        bytes memory signatures = votes(update, 0, 16 + 7);
        vm.expectRevert(abi.encodeWithSelector(VoteVerifier.BitmapOutOfRange.selector, 23, 4));
        multisig.execute(update, 0, signatures, 23, set);
    }

    function test_thereIsOneSignaturePerVoter() public {
        Update memory update = next();
        bytes memory four = votes(update, 0, 15);
        vm.expectRevert(abi.encodeWithSelector(VoteVerifier.SignaturesLengthWrong.selector, 256, 192));
        multisig.execute(update, 0, four, 7, set);
        bytes memory cut = votes(update, 0, 3);
        vm.expectRevert(abi.encodeWithSelector(VoteVerifier.SignaturesLengthWrong.selector, 128, 192));
        multisig.execute(update, 0, cut, 7, set);
        vm.expectRevert(abi.encodeWithSelector(VoteVerifier.SignaturesLengthWrong.selector, 0, 192));
        multisig.execute(update, 0, "", 7, set);
    }

    function testFuzz_noiseIsNoVote(bytes32 r, bytes32 vs) public {
        Update memory update = next();
        bytes memory signatures = bytes.concat(votes(update, 0, 3), r, vs);
        vm.expectPartialRevert(VoteVerifier.VoteInvalid.selector);
        multisig.execute(update, 0, signatures, 7, set);
    }

    function test_theOtherFormOfASignatureIsRefused() public {
        uint256 order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        Update memory update = next();
        (bytes32 r, bytes32 vs) = vm.signCompact(nodeKey(2), typed(1, 0, digestOf(update)));
        uint256 parity = uint256(vs) >> 255;
        uint256 high = order - (uint256(vs) << 1 >> 1);
        // A high s reaches into the bit of the parity, or is refused where it does not.
        bytes memory signatures = bytes.concat(votes(update, 0, 3), r, bytes32(high | ((1 - parity) << 255)));
        vm.expectPartialRevert(VoteVerifier.VoteInvalid.selector);
        multisig.execute(update, 0, signatures, 7, set);
    }

    function test_votesOfAnotherRoundEpochChainOrDeploymentAreRefused() public {
        vm.warp(GENESIS + EPOCH + ROUND);
        Update memory update = next();
        bytes32 digest = digestOf(update);
        bytes memory round = votes(update, 1, 7);
        vm.expectPartialRevert(VoteVerifier.VoteInvalid.selector);
        multisig.execute(update, 0, round, 7, set);

        bytes memory epoch = signed(typed(2, 0, digest));
        vm.expectPartialRevert(VoteVerifier.VoteInvalid.selector);
        multisig.execute(update, 0, epoch, 7, set);

        uint256 here = block.chainid;
        vm.chainId(here + 1);
        bytes memory chain = signed(typed(1, 0, digest));
        vm.chainId(here);
        vm.expectPartialRevert(VoteVerifier.VoteInvalid.selector);
        multisig.execute(update, 0, chain, 7, set);

        (SmartnodesCore ours, SmartnodesMultisig executing) = (core, multisig);
        deploy(4);
        bytes memory deployment = signed(typed(1, 0, digest));
        core = ours;
        vm.expectPartialRevert(VoteVerifier.VoteInvalid.selector);
        executing.execute(update, 0, deployment, 7, set);

        bytes memory untyped = signed(digest);
        vm.expectPartialRevert(VoteVerifier.VoteInvalid.selector);
        executing.execute(update, 0, untyped, 7, set);
        executing.execute(update, 0, votes(update, 0, 7), 7, set);
    }

    function signed(bytes32 hash) private pure returns (bytes memory) {
        return bytes.concat(sign(nodeKey(0), hash), sign(nodeKey(1), hash), sign(nodeKey(2), hash));
    }

    // ---- set ----

    function test_theSetStays() public {
        Update memory update = next();
        update.ejections = new address[](1);
        update.ejections[0] = operator(3);
        refused(update, set, SmartnodesMultisig.SetFixed.selector);
        update = next();
        update.slashes = new Slash[](1);
        update.slashes[0] = Slash(operator(3), 1, keccak256("evidence"));
        refused(update, set, SmartnodesMultisig.SetFixed.selector);
        update = next();
        bytes memory smaller = bytes.concat(bytes20(vm.addr(nodeKey(0))), bytes20(operator(0)));
        update.nextSetHash = keccak256(smaller);
        refused(update, smaller, SmartnodesMultisig.SetFixed.selector);
        refused(next(), smaller, SmartnodesMultisig.NextSetMismatch.selector);
    }

    function refused(Update memory update, bytes memory nextSet, bytes4 code) private {
        bytes memory signatures = votes(update, 0, 15);
        vm.expectPartialRevert(code);
        multisig.execute(update, 0, signatures, 15, nextSet);
    }

    function test_theSetCanBeRead() public view {
        same(multisig.validatorSet(), set);
        same(multisig.validatorSetHash(), keccak256(set));
        same(multisig.validatorCount(), 4);
        same(multisig.quorum(), 3);
        (address node, address owner) = multisig.validatorAt(2);
        same(node, vm.addr(nodeKey(2)));
        same(owner, operator(2));
        same(multisig.operatorOf(node), owner);
        Operator memory info = multisig.operatorInfo(owner);
        same(info.nodeAddress, node);
        same(info.payout, owner);
        same(info.stake, STAKE);
        holds(info.staked, "staked");
    }

    function test_theProposersAreAPermutationThatTheSeedChanges() public {
        bytes32 last = 0;
        address[] memory order = multisig.proposers();
        for (uint256 i = 0; i < 4; ++i) {
            bytes32 key = keccak256(abi.encode(keccak256("smartnodes.proposer"), SEED, order[i]));
            holds(key > last, "ascending");
            last = key;
        }
        execute(next());
        bytes32 seed = multisig.seedOf(1);
        order = multisig.proposers();
        for (uint256 i = 1; i < 4; ++i) {
            holds(
                keccak256(abi.encode(keccak256("smartnodes.proposer"), seed, order[i - 1]))
                    < keccak256(abi.encode(keccak256("smartnodes.proposer"), seed, order[i])),
                "ascending by the new seed"
            );
        }
    }

    function testFuzz_theQuorumIsMoreThanTwoThirds(uint256 n) public pure {
        n = bound(n, 1, 256);
        uint256 quorum = VoteVerifier.quorumOf(n);
        holds(3 * quorum > 2 * n && 3 * (quorum - 1) <= 2 * n && quorum <= n, "the least above two thirds");
    }

    function testFuzz_bitsAreCounted(uint256 bitmap) public pure {
        uint256 bits = 0;
        for (uint256 i = 0; i < 256; ++i) {
            bits += (bitmap >> i) & 1;
        }
        same(VoteVerifier.count(bitmap), bits);
    }

    // ---- stake ----

    function test_nothingIsExecutedBeforeAllFoundersStaked() public {
        vm.warp(GENESIS);
        deploy(4);
        stakeAll(3);
        vm.warp(GENESIS + EPOCH);
        Update memory update = next();
        bytes memory signatures = votes(update, 0, 7);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.StakesIncomplete.selector, 1));
        multisig.execute(update, 0, signatures, 7, set);
        vm.startPrank(operator(3));
        token.approve(address(multisig), STAKE);
        multisig.stake();
        vm.stopPrank();
        multisig.execute(update, 0, signatures, 7, set);
        same(token.balanceOf(address(multisig)), 4 * STAKE);
    }

    function test_onlyFoundersStakeAndOnce() public {
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.OperatorUnknown.selector, address(this)));
        multisig.stake();
        vm.prank(operator(0));
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.AlreadyStaked.selector, operator(0)));
        multisig.stake();
    }

    function test_aStakeThatIsNotApprovedIsNotCounted() public {
        deploy(1);
        vm.prank(operator(0));
        vm.expectRevert();
        multisig.stake();
        same(multisig.stakesMissing(), 1);
    }

    function test_aPermitReplacesTheApprovalAlsoWhenSomeoneElseUsedIt() public {
        deploy(2);
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 permit = keccak256(
                abi.encode(
                    keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                    operator(i),
                    address(multisig),
                    STAKE,
                    0,
                    type(uint256).max
                )
            );
            bytes32 hash = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), permit));
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(operatorKey(i), hash);
            if (i == 1) token.permit(operator(i), address(multisig), STAKE, type(uint256).max, v, r, s);
            vm.prank(operator(i));
            multisig.stakeWithPermit(type(uint256).max, v, r, s);
        }
        same(multisig.stakesMissing(), 0);
    }

    // ---- deployment ----

    function test_theFirstSetIsChecked() public {
        Founder[] memory founders = new Founder[](2);
        founders[0] = founder(0);
        for (uint256 i = 0; i < 6; ++i) {
            founders[1] = founder(1);
            bytes4 code = SmartnodesMultisig.NodeKeyInvalid.selector;
            if (i == 0) (founders[1].operator, code) = (operator(0), SmartnodesMultisig.OperatorInvalid.selector);
            if (i == 1) (founders[1].operator, code) = (address(0), SmartnodesMultisig.OperatorInvalid.selector);
            if (i == 2) (founders[1].stake, code) = (0, SmartnodesMultisig.StakeZero.selector);
            if (i == 3) (founders[1].nodeKeyX, founders[1].nodeKeyY) = (founders[0].nodeKeyX, founders[0].nodeKeyY);
            if (i == 4) founders[1].nodeKeyY = bytes32(uint256(founders[1].nodeKeyY) ^ 1);
            if (i == 5) founders[1].nodeKeyX = bytes32(type(uint256).max);
            vm.expectPartialRevert(code);
            this.construct(founders, EPOCH, ROUND);
        }
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.ValidatorCountOutOfRange.selector, 0));
        this.construct(new Founder[](0), EPOCH, ROUND);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.ValidatorCountOutOfRange.selector, 257));
        this.construct(new Founder[](257), EPOCH, ROUND);
        founders[1] = founder(1);
        vm.expectRevert(SmartnodesMultisig.LengthZero.selector);
        this.construct(founders, 0, ROUND);
        vm.expectRevert(SmartnodesMultisig.LengthZero.selector);
        this.construct(founders, EPOCH, 0);
        this.construct(founders, EPOCH, ROUND);
    }

    function construct(Founder[] calldata founders, uint64 epochLength, uint64 roundLength) external {
        deploy(founders, new address[](0), new uint256[](0), epochLength, roundLength);
    }

    function test_theMultisigRefusesACoreOfAnother() public {
        Founder[] memory founders = new Founder[](1);
        founders[0] = founder(0);
        vm.expectPartialRevert(SmartnodesMultisig.CoreNotWired.selector);
        new SmartnodesMultisig(core, token, founders, EPOCH, ROUND, SEED);
    }

    function test_aPayoutAddressIsKept() public {
        Founder[] memory founders = new Founder[](1);
        founders[0] = founder(0);
        founders[0].payout = PAYEE;
        this.construct(founders, EPOCH, ROUND);
        same(multisig.operatorInfo(operator(0)).payout, PAYEE);
    }
}
