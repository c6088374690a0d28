// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SmartnodesCore} from "../src/SmartnodesCore.sol";
import {StateTree} from "../src/StateTree.sol";
import {AssetTotals, Payout, Update} from "../src/Structs.sol";
import {Reclaimer, Refuser} from "./Coins.sol";
import {CoreScene} from "./CoreScene.sol";
import {Tree} from "./Tree.sol";

contract CoreClaimTest is CoreScene {
    bytes32[] private none;

    function test_aClaimPaysTheDifferenceWhoeverCalls() public {
        depositToken(100);
        Payout memory leaf = Payout(address(1), address(token), PAYEE, 40);
        uint64 epoch = settle(one(leaf));
        vm.expectEmit(true, true, true, true, address(core));
        emit SmartnodesCore.PayoutClaimed(address(1), address(token), PAYEE, epoch, 40, 40);
        core.claim(epoch, leaf, none);
        same(token.balanceOf(PAYEE), 40);
        leaf.cumulative = 55;
        core.claim(settle(one(leaf)), leaf, none);
        same(token.balanceOf(PAYEE), 55);
        same(core.claimed(address(1), address(token)), 55);
        same(core.claimedInAll(address(token)), 55);
    }

    function test_theNativeCoinAndErc20sArePaid() public {
        depositNative(100);
        Payout memory leaf = Payout(address(1), NATIVE, PAYEE, 40);
        core.claim(settle(one(leaf)), leaf, none);
        same(PAYEE.balance, 40);
        same(address(core).balance, 60);
        vm.startPrank(USER);
        coin.approve(address(core), 9);
        core.deposit(address(coin), 9, HOME);
        vm.stopPrank();
        Payout memory other = Payout(address(1), address(coin), PAYEE, 9);
        Update memory update = next();
        update.totals = list(totals(NATIVE, 60, 40), totals(address(coin), 0, 9));
        update.stateRoot = Tree.root(one(other));
        core.applyUpdate(update);
        core.claim(2, other, none);
        same(coin.balanceOf(PAYEE), 9);
    }

    function test_aSecondClaimPaysNothing() public {
        depositNative(100);
        Payout memory leaf = Payout(address(1), NATIVE, PAYEE, 40);
        uint64 epoch = settle(one(leaf));
        core.claim(epoch, leaf, none);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.NothingToClaim.selector, address(1), NATIVE, 40));
        core.claim(epoch, leaf, none);
    }

    function test_anOldRootPaysNothingBeyondANewerOne() public {
        depositNative(100);
        Payout memory old = Payout(address(1), NATIVE, PAYEE, 40);
        uint64 first = settle(one(old));
        Payout memory leaf = Payout(address(1), NATIVE, PAYEE, 60);
        core.claim(settle(one(leaf)), leaf, none);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.NothingToClaim.selector, address(1), NATIVE, 60));
        core.claim(first, old, none);
    }

    function test_theLastSixteenRootsProve() public {
        depositNative(100);
        Payout memory leaf = Payout(address(1), NATIVE, PAYEE, 40);
        uint64 epoch = settle(one(leaf));
        for (uint256 i = 0; i < 16; ++i) {
            core.applyUpdate(next(totals(NATIVE, 60, 40)));
        }
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.EpochNotClaimable.selector, 1, 17));
        core.claim(epoch, leaf, none);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.EpochNotClaimable.selector, 18, 17));
        core.claim(18, leaf, none);
        deploy(address(coin));
        depositNative(100);
        settle(one(leaf));
        for (uint256 i = 0; i < 15; ++i) {
            core.applyUpdate(next(totals(NATIVE, 60, 40)));
        }
        core.claim(1, leaf, none);
        same(PAYEE.balance, 40);
    }

    function test_everyFieldOfTheLeafIsProven() public {
        depositNative(100);
        Payout memory leaf = Payout(address(1), NATIVE, PAYEE, 40);
        uint64 epoch = settle(one(leaf));
        for (uint256 field = 0; field < 4; ++field) {
            Payout memory forged = Payout(address(1), NATIVE, PAYEE, 40);
            if (field == 0) forged.account = address(2);
            if (field == 1) forged.asset = address(token);
            if (field == 2) forged.payout = address(this);
            if (field == 3) forged.cumulative = 41;
            vm.expectRevert(
                abi.encodeWithSelector(SmartnodesCore.ProofInvalid.selector, Tree.leafHash(forged), Tree.leafHash(leaf))
            );
            core.claim(epoch, forged, none);
        }
    }

    function testFuzz_everyLeafOfATreeIsProvenAndNoOtherProofIs(uint256 salt, uint8 size) public {
        uint256 n = bound(size, 1, 12);
        Payout[] memory leaves = new Payout[](n);
        for (uint256 i = 0; i < n; ++i) {
            leaves[i] = Payout(address(uint160(uint256(keccak256(abi.encode(salt, i))))), NATIVE, PAYEE, i + 1);
        }
        depositNative(1000);
        uint64 epoch = settle(leaves);
        uint256 paid = 0;
        for (uint256 i = 0; i < n; ++i) {
            bytes32[] memory proof = Tree.proof(leaves, leaves[i]);
            if (proof.length != 0) {
                bytes32[] memory wrong = Tree.proof(leaves, leaves[i]);
                wrong[salt % wrong.length] ^= bytes32(uint256(1));
                vm.expectPartialRevert(SmartnodesCore.ProofInvalid.selector);
                core.claim(epoch, leaves[i], wrong);
            }
            core.claim(epoch, leaves[i], proof);
            same(PAYEE.balance, paid += i + 1);
        }
    }

    function test_siblingsInAnotherOrderOrNumberAreRefused() public {
        depositNative(1000);
        Payout[] memory leaves = new Payout[](8);
        for (uint256 i = 0; i < 8; ++i) {
            leaves[i] = Payout(address(uint160(0x1000 + i)), NATIVE, PAYEE, i + 1);
        }
        uint64 epoch = settle(leaves);
        bytes32[] memory proof = Tree.proof(leaves, leaves[0]);
        bytes32[] memory longer = new bytes32[](proof.length + 1);
        bytes32[] memory shorter = new bytes32[](proof.length - 1);
        for (uint256 i = 0; i < proof.length; ++i) {
            longer[i + 1] = proof[i];
            if (i != 0) shorter[i - 1] = proof[i];
        }
        vm.expectPartialRevert(SmartnodesCore.ProofInvalid.selector);
        core.claim(epoch, leaves[0], longer);
        vm.expectPartialRevert(SmartnodesCore.ProofInvalid.selector);
        core.claim(epoch, leaves[0], shorter);
        (proof[0], proof[1]) = (proof[1], proof[0]);
        vm.expectPartialRevert(SmartnodesCore.ProofInvalid.selector);
        core.claim(epoch, leaves[0], proof);
    }

    function test_anInnerNodeIsNoLeaf() public {
        // A root over two children: 64 bytes hashed once. Whatever leaf is shown for it, its hash is over a hash of
        // 96 bytes, so that an empty proof cannot meet the root.
        Payout[] memory leaves = new Payout[](2);
        leaves[0] = Payout(address(1), NATIVE, PAYEE, 1);
        leaves[1] = Payout(address(2), NATIVE, PAYEE, 2);
        depositNative(1000);
        uint64 epoch = settle(leaves);
        bytes32 root = core.stateRoot();
        bytes32[] memory proof = Tree.proof(leaves, leaves[0]);
        bytes32 sibling = proof[proof.length - 1];
        holds(root != Tree.leafHash(leaves[0]) && root != sibling, "an inner node");
        Payout memory forged = Payout(
            address(uint160(uint256(Tree.leafHash(leaves[0])))), NATIVE, address(uint160(uint256(sibling))), 900
        );
        vm.expectPartialRevert(SmartnodesCore.ProofInvalid.selector);
        core.claim(epoch, forged, none);
    }

    function test_aProofHasAtMost256Siblings() public {
        depositNative(100);
        Payout memory leaf = Payout(address(1), NATIVE, PAYEE, 40);
        uint64 epoch = settle(one(leaf));
        vm.expectRevert(abi.encodeWithSelector(StateTree.ProofTooLong.selector, 257));
        core.claim(epoch, leaf, new bytes32[](257));
        vm.expectPartialRevert(SmartnodesCore.ProofInvalid.selector);
        core.claim(epoch, leaf, new bytes32[](256));
    }

    function test_aLeafWithoutPayoutAddressIsNotPaid() public {
        depositNative(100);
        Payout memory leaf = Payout(address(1), NATIVE, address(0), 40);
        uint64 epoch = settle(one(leaf));
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.PayoutMissing.selector, address(1)));
        core.claim(epoch, leaf, none);
    }

    function test_aDishonestRootCannotPayOutTheBalancesOfOthers() public {
        depositNative(100);
        Payout memory leaf = Payout(address(1), NATIVE, PAYEE, 100);
        Update memory update = next(totals(NATIVE, 60, 40));
        update.stateRoot = Tree.root(one(leaf));
        core.applyUpdate(update);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.ClaimsExceedPayouts.selector, NATIVE, 100, 40));
        core.claim(1, leaf, none);
    }

    function test_aReceiverThatRefusesOnlyFailsItself() public {
        depositNative(100);
        Payout[] memory leaves = new Payout[](2);
        leaves[0] = Payout(address(1), NATIVE, address(new Refuser()), 10);
        leaves[1] = Payout(address(2), NATIVE, PAYEE, 20);
        uint64 epoch = settle(leaves);
        bytes32[] memory proof = Tree.proof(leaves, leaves[0]);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesCore.PaymentRefused.selector, leaves[0].payout));
        core.claim(epoch, leaves[0], proof);
        same(core.claimed(address(1), NATIVE), 0);
        core.claim(epoch, leaves[1], Tree.proof(leaves, leaves[1]));
        same(PAYEE.balance, 20);
        core.applyUpdate(next(totals(NATIVE, 70, 30)));
    }

    function test_aClaimInsideAClaimPaysNothing() public {
        depositNative(100);
        Reclaimer reclaimer = new Reclaimer(core);
        Payout memory leaf = Payout(address(1), NATIVE, address(reclaimer), 40);
        uint64 epoch = settle(one(leaf));
        reclaimer.arm(abi.encodeCall(core.claim, (epoch, leaf, none)));
        core.claim(epoch, leaf, none);
        holds(reclaimer.tried() && !reclaimer.succeeded(), "tried and refused");
        same(address(reclaimer).balance, 40);
    }

    function test_theGenesisRootPaysNothing() public {
        Payout memory leaf = Payout(address(1), NATIVE, PAYEE, 40);
        vm.expectPartialRevert(SmartnodesCore.ProofInvalid.selector);
        core.claim(0, leaf, none);
    }

    function test_burntAndPaidSnoLeavesEnoughForAll() public {
        depositToken(100);
        vm.warp(GENESIS + 3600);
        Payout memory leaf = Payout(address(1), address(token), PAYEE, 70);
        Update memory update = next(AssetTotals(address(token), 20, 70, 5, 10, 5));
        update.stateRoot = Tree.root(one(leaf));
        core.applyUpdate(update);
        core.claim(1, leaf, none);
        same(token.balanceOf(address(core)), 25);
    }
}
