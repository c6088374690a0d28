// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Equivocation} from "../src/multisig/Equivocation.sol";
import {Stakes} from "../src/multisig/Stakes.sol";
import {JobReceipt, Standing, Update} from "../src/Structs.sol";
import {MultisigScene} from "./MultisigScene.sol";

/// @title Proofs of equivocation, and what must never be one; branches in MultisigEquivocation.tree
contract MultisigEquivocationTest is MultisigScene {
    uint256 private constant ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
    bytes32 private constant A = keccak256("digest a");
    bytes32 private constant B = keccak256("digest b");

    function vote(uint256 key, uint64 epoch, uint32 round, bytes32 digest) private view returns (bytes memory) {
        return sign(key, typed(epoch, round, digest));
    }

    function prove(uint256 key) private {
        prove(key, address(this));
    }

    function prove(uint256 key, address reporter) private {
        bytes memory a = vote(key, 1, 0, A);
        bytes memory b = vote(key, 1, 0, B);
        vm.prank(reporter);
        multisig.proveDoubleVote(1, 0, A, a, B, b);
    }

    function receipt(uint64 first, uint64 count) private pure returns (JobReceipt memory) {
        return JobReceipt(keccak256("job"), 3, first, count, 1_000_000, keccak256("results"), 77);
    }

    function hashOf(JobReceipt memory r) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "JobReceipt(bytes32 jobId,uint64 lease,uint64 first,uint64 count,uint64 fuel,bytes32 resultsRoot,uint64 drawHeight)"
                ),
                r
            )
        );
    }

    function ack(uint256 key, JobReceipt memory r) private view returns (bytes memory) {
        bytes32 hash = keccak256(
            abi.encode(keccak256("Ack(bytes32 jobId,uint64 lease,bytes32 receiptHash)"), r.jobId, r.lease, hashOf(r))
        );
        return sign(key, keccak256(abi.encodePacked(hex"1901", core.DOMAIN_SEPARATOR(), hash)));
    }

    // ---- what is proven ----

    function test_twoVotesInOneRoundCostTheStake() public {
        uint256 supply = token.totalSupply();
        bytes memory a = vote(nodeKey(1), 1, 0, A);
        bytes memory b = vote(nodeKey(1), 1, 0, B);
        vm.expectEmit(true, true, true, true, address(multisig));
        emit Equivocation.EquivocationProven(operator(1), node(1), ANYBODY, STAKE, STAKE / 20);
        vm.prank(ANYBODY);
        multisig.proveDoubleVote(1, 0, A, a, B, b);
        stands(1, Standing.SLASHED);
        same(info(1).stake, 0);
        same(token.balanceOf(ANYBODY), STAKE / 20);
        same(token.totalSupply(), supply - STAKE + STAKE / 20);
        same(token.balanceOf(address(multisig)), 3 * STAKE);
        same(multisig.totalStake(), 3 * STAKE);
        same(multisig.excluded(), 2);
        same(core.inboxLength(), 1);
        // It votes no more from here on, and has left with the next set.
        Update memory update = next();
        bytes memory three = votes(update, 0, 7);
        vm.expectPartialRevert(bytes4(keccak256("QuorumMissing(uint256,uint256)")));
        multisig.execute(update, 0, three, "");
        bytes memory set = bytes.concat(entry(0), entry(2), entry(3));
        execute(next(set), set);
        same(multisig.excluded(), 0);
    }

    function test_twoAcksForOneUnitCostTheStake() public {
        JobReceipt memory a = receipt(0, 10);
        JobReceipt memory b = receipt(9, 1);
        bytes memory ackA = ack(nodeKey(2), a);
        bytes memory ackB = ack(nodeKey(2), b);
        multisig.proveDoubleAck(b, ackB, a, ackA);
        stands(2, Standing.SLASHED);
    }

    function test_anotherResultForTheSameUnitsIsAContradiction() public {
        JobReceipt memory a = receipt(0, 10);
        JobReceipt memory b = receipt(0, 10);
        b.resultsRoot = keccak256("others");
        multisig.proveDoubleAck(a, ack(nodeKey(2), a), b, ack(nodeKey(2), b));
        stands(2, Standing.SLASHED);
    }

    function test_anOldKeyIsStillItsOperators() public {
        rotateAs(1, 1);
        step(bytes.concat(entry(0), entry(1, 1), entry(2), entry(3)));
        prove(nodeKey(1));
        stands(1, Standing.SLASHED);
        same(multisig.excluded(), 2);
    }

    function test_stakeIsTakenWhereverItStands() public {
        joinAs(4);
        prove(nodeKey(4));
        stands(4, Standing.SLASHED);
        exitAs(1);
        prove(nodeKey(1));
        stands(1, Standing.SLASHED);
        leaveAs(2);
        prove(nodeKey(2));
        stands(2, Standing.SLASHED);
        same(token.balanceOf(address(multisig)), 2 * STAKE);
    }

    function test_whoHasWithdrawnLosesNothingButMayNotComeBack() public {
        leaveAs(1);
        pass(UNBONDING);
        withdrawAs(1);
        bytes memory a = vote(nodeKey(1), 1, 0, A);
        bytes memory b = vote(nodeKey(1), 1, 0, B);
        vm.expectEmit(true, true, true, true, address(multisig));
        emit Equivocation.EquivocationProven(operator(1), node(1), address(this), 0, 0);
        multisig.proveDoubleVote(1, 0, A, a, B, b);
        (bytes32 x, bytes32 y) = point(nodeKey(1));
        bytes memory proof = proofOf(nodeKey(1), operator(1));
        vm.startPrank(operator(1));
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(1), Standing.SLASHED));
        multisig.join(x, y, address(0), proof, STAKE);
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(1), Standing.SLASHED));
        multisig.rejoin();
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(1), Standing.SLASHED));
        multisig.withdraw();
        vm.stopPrank();
    }

    function test_anOffenderDoesNotRewardItself() public {
        prove(nodeKey(1), operator(1));
        same(token.balanceOf(operator(1)), 99 * STAKE);
        uint256 key = nodeKey(2, 1);
        (bytes32 x, bytes32 y) = point(key);
        bytes memory proof = proofOf(key, operator(2));
        vm.prank(operator(2));
        multisig.rotate(x, y, PAYEE, proof);
        prove(nodeKey(2), PAYEE);
        same(token.balanceOf(PAYEE), 0);
        same(token.balanceOf(address(multisig)), 2 * STAKE);
    }

    function test_theRewardIsRoundedDown() public {
        vm.prank(operator(1));
        multisig.topUp(19);
        prove(nodeKey(1), ANYBODY);
        same(token.balanceOf(ANYBODY), STAKE / 20);
        same(token.balanceOf(address(multisig)), 3 * STAKE);
    }

    // ---- what is no proof ----

    function refusesVotes(
        bytes4 code,
        uint64 epoch,
        uint32 round,
        bytes32 a,
        bytes memory signatureA,
        bytes32 b,
        bytes memory signatureB
    ) private {
        vm.expectPartialRevert(code);
        multisig.proveDoubleVote(epoch, round, a, signatureA, b, signatureB);
    }

    function test_oneVoteTwiceIsNothing() public {
        bytes memory a = vote(nodeKey(1), 1, 0, A);
        refusesVotes(Equivocation.NothingContradicted.selector, 1, 0, A, a, A, a);
    }

    function test_votesInTwoRoundsOrEpochsAreNothing() public {
        bytes memory a = vote(nodeKey(1), 1, 0, A);
        bytes memory later = vote(nodeKey(1), 1, 1, B);
        bytes memory nextEpoch = vote(nodeKey(1), 2, 0, B);
        // Under any epoch and round, one of the two is a signature of somebody else.
        refusesVotes(Equivocation.SignersDiffer.selector, 1, 0, A, a, B, later);
        refusesVotes(Equivocation.SignersDiffer.selector, 1, 1, A, a, B, later);
        refusesVotes(Equivocation.SignersDiffer.selector, 1, 0, A, a, B, nextEpoch);
        refusesVotes(Equivocation.SignersDiffer.selector, 2, 0, A, a, B, nextEpoch);
    }

    function test_votesOfTwoValidatorsAreNothing() public {
        refusesVotes(
            Equivocation.SignersDiffer.selector, 1, 0, A, vote(nodeKey(1), 1, 0, A), B, vote(nodeKey(2), 1, 0, B)
        );
    }

    function test_votesOnAnotherChainOrForAnotherDeploymentAreNothing() public {
        vm.chainId(block.chainid + 1);
        bytes memory a = vote(nodeKey(1), 1, 0, A);
        bytes memory b = vote(nodeKey(1), 1, 0, B);
        vm.chainId(block.chainid - 1);
        bytes memory here = vote(nodeKey(1), 1, 0, A);
        refusesVotes(Equivocation.SignersDiffer.selector, 1, 0, A, here, B, b);
        (bool done,) = address(multisig).call(abi.encodeCall(multisig.proveDoubleVote, (1, 0, A, a, B, b)));
        holds(!done, "nothing");
        stands(1, Standing.ACTIVE);
    }

    function test_aKeyOfNobodyLosesNothing() public {
        bytes memory a = vote(0xBAD, 1, 0, A);
        bytes memory b = vote(0xBAD, 1, 0, B);
        vm.expectRevert(abi.encodeWithSelector(Equivocation.KeyUnknown.selector, vm.addr(0xBAD)));
        multisig.proveDoubleVote(1, 0, A, a, B, b);
        // The account of an operator is not its node key.
        a = vote(operatorKey(1), 1, 0, A);
        b = vote(operatorKey(1), 1, 0, B);
        vm.expectRevert(abi.encodeWithSelector(Equivocation.KeyUnknown.selector, operator(1)));
        multisig.proveDoubleVote(1, 0, A, a, B, b);
    }

    function test_whoLostEverythingLosesNothingMore() public {
        prove(nodeKey(1));
        bytes memory a = vote(nodeKey(1), 1, 0, A);
        bytes memory b = vote(nodeKey(1), 1, 0, B);
        vm.expectRevert(abi.encodeWithSelector(Equivocation.AlreadySlashed.selector, operator(1)));
        multisig.proveDoubleVote(1, 0, A, a, B, b);
    }

    function test_onlyCompactSignaturesWithALowSCount() public {
        bytes memory a = vote(nodeKey(1), 1, 0, A);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(nodeKey(1), typed(1, 0, B));
        refusesVotes(Equivocation.SignatureInvalid.selector, 1, 0, A, a, B, abi.encodePacked(r, s, v));
        refusesVotes(Equivocation.SignatureInvalid.selector, 1, 0, A, "", B, a);
        refusesVotes(Equivocation.SignatureInvalid.selector, 1, 0, A, a, B, new bytes(64));
        // The other form of the same signature is another signer's here, or none's.
        bytes32 high = bytes32(ORDER - uint256(s));
        bytes memory other = abi.encodePacked(r, high | bytes32(uint256(28 - v) << 255));
        (bool done,) = address(multisig).call(abi.encodeCall(multisig.proveDoubleVote, (1, 0, A, a, B, other)));
        holds(!done, "nothing");
        stands(1, Standing.ACTIVE);
        bytes32 justHigh = bytes32(uint256(0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A1));
        refusesVotes(Equivocation.SignatureInvalid.selector, 1, 0, A, a, B, abi.encodePacked(r, justHigh));
    }

    function refusesAcks(bytes4 code, JobReceipt memory a, JobReceipt memory b) private {
        bytes memory ackA = ack(nodeKey(2), a);
        bytes memory ackB = ack(nodeKey(2), b);
        vm.expectPartialRevert(code);
        multisig.proveDoubleAck(a, ackA, b, ackB);
        vm.expectPartialRevert(code);
        multisig.proveDoubleAck(b, ackB, a, ackA);
    }

    function test_oneReceiptTwiceIsNothing() public {
        refusesAcks(Equivocation.NothingContradicted.selector, receipt(0, 10), receipt(0, 10));
    }

    function test_unitsApartAreNothing() public {
        refusesAcks(Equivocation.UnitsApart.selector, receipt(0, 10), receipt(10, 5));
        refusesAcks(Equivocation.UnitsApart.selector, receipt(0, 10), receipt(100, 5));
        refusesAcks(Equivocation.UnitsApart.selector, receipt(0, 10), receipt(0, 0));
        refusesAcks(Equivocation.UnitsApart.selector, receipt(0, 10), receipt(5, 0));
    }

    function test_rangesAtTheEndOfAllNumbersDoNotWrap() public {
        refusesAcks(Equivocation.UnitsApart.selector, receipt(type(uint64).max, 2), receipt(0, 10));
        refusesAcks(Equivocation.UnitsApart.selector, receipt(type(uint64).max - 1, 1), receipt(type(uint64).max, 5));
    }

    function test_anotherLeaseOrJobIsNothing() public {
        // After a certificate voided a receipt the units are leased anew, and an honest witness acknowledges again.
        JobReceipt memory again = receipt(0, 10);
        again.lease = 4;
        refusesAcks(Equivocation.UnitsApart.selector, receipt(0, 10), again);
        again = receipt(0, 10);
        again.jobId = keccak256("another job");
        refusesAcks(Equivocation.UnitsApart.selector, receipt(0, 10), again);
    }

    function testFuzz_onlyRangesThatMeetContradict(uint8 firstA, uint8 countA, uint8 firstB, uint8 countB) public {
        JobReceipt memory a = receipt(firstA, countA);
        JobReceipt memory b = receipt(firstB, countB);
        b.fuel = 7;
        bool meet = false;
        for (uint256 unit = firstA; unit < uint256(firstA) + countA; ++unit) {
            if (unit >= firstB && unit < uint256(firstB) + countB) meet = true;
        }
        bytes memory ackA = ack(nodeKey(2), a);
        bytes memory ackB = ack(nodeKey(2), b);
        if (!meet) vm.expectRevert(Equivocation.UnitsApart.selector);
        multisig.proveDoubleAck(a, ackA, b, ackB);
        same(standing(2) == Standing.SLASHED ? 1 : 0, meet ? 1 : 0);
    }

    function test_aVoteIsNoAck() public {
        (JobReceipt memory a, JobReceipt memory b) = (receipt(0, 10), receipt(5, 1));
        (bytes memory ackA, bytes memory other) = (ack(nodeKey(2), a), vote(nodeKey(2), 1, 0, hashOf(b)));
        vm.expectPartialRevert(Equivocation.SignersDiffer.selector);
        multisig.proveDoubleAck(a, ackA, b, other);
    }
}
