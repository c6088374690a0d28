// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Claims} from "../src/core/Claims.sol";
import {EscapeHatch} from "../src/core/EscapeHatch.sol";
import {Money} from "../src/core/Money.sol";
import {StateTree} from "../src/StateTree.sol";
import {AssetTotals, Payout, Update} from "../src/Structs.sol";
import {FalseCoin, HookedCoin, Reclaimer, Refuser, SilentCoin} from "./Coins.sol";
import {CoreScene} from "./CoreScene.sol";
import {Tree} from "./Tree.sol";

contract CoreClaimTest is CoreScene {
    function test_aClaimPaysTheDifferenceWhoeverCalls() public {
        depositToken(100);
        Payout memory leaf = Payout(address(1), address(token), PAYEE, 40);
        uint64 epoch = settle(one(leaf));
        vm.expectEmit(true, true, true, true, address(core));
        emit Claims.PayoutClaimed(address(1), address(token), PAYEE, epoch, 40, 40);
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
        vm.expectRevert(abi.encodeWithSelector(Claims.NothingToClaim.selector, address(1), NATIVE, 40));
        core.claim(epoch, leaf, none);
    }

    function test_anOldRootPaysNothingBeyondANewerOne() public {
        depositNative(100);
        Payout memory old = Payout(address(1), NATIVE, PAYEE, 40);
        uint64 first = settle(one(old));
        Payout memory leaf = Payout(address(1), NATIVE, PAYEE, 60);
        core.claim(settle(one(leaf)), leaf, none);
        vm.expectRevert(abi.encodeWithSelector(Claims.NothingToClaim.selector, address(1), NATIVE, 60));
        core.claim(first, old, none);
    }

    function test_theLastSixteenRootsProve() public {
        depositNative(100);
        Payout memory leaf = Payout(address(1), NATIVE, PAYEE, 40);
        uint64 epoch = settle(one(leaf));
        for (uint256 i = 0; i < 16; ++i) {
            core.applyUpdate(next(totals(NATIVE, 60, 40)));
        }
        vm.expectRevert(abi.encodeWithSelector(Claims.EpochNotClaimable.selector, 1, 17));
        core.claim(epoch, leaf, none);
        vm.expectRevert(abi.encodeWithSelector(Claims.EpochNotClaimable.selector, 18, 17));
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
                abi.encodeWithSelector(EscapeHatch.ProofInvalid.selector, Tree.leafHash(forged), Tree.leafHash(leaf))
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
                vm.expectPartialRevert(EscapeHatch.ProofInvalid.selector);
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
        vm.expectPartialRevert(EscapeHatch.ProofInvalid.selector);
        core.claim(epoch, leaves[0], longer);
        vm.expectPartialRevert(EscapeHatch.ProofInvalid.selector);
        core.claim(epoch, leaves[0], shorter);
        (proof[0], proof[1]) = (proof[1], proof[0]);
        vm.expectPartialRevert(EscapeHatch.ProofInvalid.selector);
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
        vm.expectPartialRevert(EscapeHatch.ProofInvalid.selector);
        core.claim(epoch, forged, none);
    }

    function test_aProofHasAtMost256Siblings() public {
        depositNative(100);
        Payout memory leaf = Payout(address(1), NATIVE, PAYEE, 40);
        uint64 epoch = settle(one(leaf));
        vm.expectRevert(abi.encodeWithSelector(StateTree.ProofTooLong.selector, 257));
        core.claim(epoch, leaf, new bytes32[](257));
        vm.expectPartialRevert(EscapeHatch.ProofInvalid.selector);
        core.claim(epoch, leaf, new bytes32[](256));
    }

    function test_aLeafWithoutPayoutAddressIsNotPaid() public {
        depositNative(100);
        Payout memory leaf = Payout(address(1), NATIVE, address(0), 40);
        uint64 epoch = settle(one(leaf));
        vm.expectRevert(abi.encodeWithSelector(Claims.PayoutMissing.selector, address(1)));
        core.claim(epoch, leaf, none);
    }

    function test_aDishonestRootCannotPayOutTheBalancesOfOthers() public {
        depositNative(100);
        Payout memory leaf = Payout(address(1), NATIVE, PAYEE, 100);
        Update memory update = next(totals(NATIVE, 60, 40));
        update.stateRoot = Tree.root(one(leaf));
        core.applyUpdate(update);
        vm.expectRevert(abi.encodeWithSelector(Claims.ClaimsExceedPayouts.selector, NATIVE, 100, 40));
        core.claim(1, leaf, none);
    }

    function test_aReceiverThatRefusesOnlyFailsItself() public {
        depositNative(100);
        Payout[] memory leaves = new Payout[](2);
        leaves[0] = Payout(address(1), NATIVE, address(new Refuser()), 10);
        leaves[1] = Payout(address(2), NATIVE, PAYEE, 20);
        uint64 epoch = settle(leaves);
        bytes32[] memory proof = Tree.proof(leaves, leaves[0]);
        vm.expectRevert(abi.encodeWithSelector(Money.PaymentRefused.selector, leaves[0].payout));
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
        vm.expectPartialRevert(EscapeHatch.ProofInvalid.selector);
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
        core.settle();
        same(token.balanceOf(address(core)), 25);
    }

    function test_aClaimMintsWhatCoreIsShortOf() public {
        vm.warp(GENESIS + 3600);
        Payout memory leaf = Payout(address(1), address(token), PAYEE, 70);
        Update memory update = next(AssetTotals(address(token), 0, 70, 0, 0, 70));
        update.stateRoot = Tree.root(one(leaf));
        core.applyUpdate(update);
        same(token.balanceOf(address(core)), 0);
        vm.expectEmit(true, true, true, true, address(core));
        emit Money.SupplySettled(70, 0);
        core.claim(1, leaf, none);
        same(token.balanceOf(PAYEE), 70);
        same(token.minted(), 70);
    }

    function test_aTokenThatAnswersNoFailsTheClaim() public {
        FalseCoin no = new FalseCoin(address(core), 10);
        deploy(address(no));
        // Nobody can deposit it, so that only a dishonest root pays it.
        Payout memory leaf = Payout(address(1), address(no), PAYEE, 0);
        core.applyUpdate(next(totals(address(no), 0, 0)));
        vm.startPrank(USER);
        vm.expectRevert(abi.encodeWithSignature("SafeERC20FailedOperation(address)", address(no)));
        core.deposit(address(no), 1, HOME);
        vm.stopPrank();
        same(core.claimed(leaf.account, leaf.asset), 0);
    }

    function test_aTokenThatAnswersNothingIsPaid() public {
        SilentCoin silent = new SilentCoin(USER, 100);
        deploy(address(silent));
        vm.startPrank(USER);
        silent.approve(address(core), 100);
        core.deposit(address(silent), 100, HOME);
        vm.stopPrank();
        Payout memory leaf = Payout(address(1), address(silent), PAYEE, 40);
        core.claim(settle(one(leaf)), leaf, none);
        same(silent.balanceOf(PAYEE), 40);
    }

    function test_aTokenCannotClaimDepositOrSettleWhileItIsPaid() public {
        HookedCoin hooked = new HookedCoin(USER, 1000);
        deploy(address(hooked));
        vm.startPrank(USER);
        hooked.approve(address(core), 1000);
        core.deposit(address(hooked), 100, HOME);
        vm.stopPrank();
        Payout memory leaf = Payout(address(1), address(hooked), PAYEE, 40);
        uint64 epoch = settle(one(leaf));
        Payout[] memory leaves = one(leaf);
        bytes[] memory calls = new bytes[](4);
        calls[0] = abi.encodeCall(core.claim, (epoch, leaf, none));
        calls[1] = abi.encodeCall(core.claimMany, (epoch, leaves, new bytes32[][](1)));
        calls[2] = abi.encodeCall(core.deposit, (NATIVE, 0, HOME));
        calls[3] = abi.encodeCall(core.settle, ());
        for (uint256 i = 0; i < calls.length; ++i) {
            hooked.aim(address(core), calls[i]);
            leaf.cumulative = 41 + i;
            core.claim(settle(one(leaf)), leaf, none);
            holds(hooked.tried() && !hooked.succeeded(), "tried and refused");
            same(hooked.answer(), abi.encodeWithSignature("ReentrancyGuardReentrantCall()"));
            same(hooked.balanceOf(PAYEE), 41 + i);
        }
    }

    function test_sixteenRootsAreKeptAtEveryAge() public {
        depositNative(1000);
        Payout[] memory leaves = new Payout[](40);
        for (uint256 i = 1; i < 40; ++i) {
            leaves[i] = Payout(address(1), NATIVE, PAYEE, i);
            same(settle(one(leaves[i])), i);
            for (uint64 age = 0; age <= i; ++age) {
                uint64 epoch = uint64(i) - age;
                if (age < 16) {
                    bytes32 root = epoch == 0 ? GENESIS_ROOT : Tree.leafHash(leaves[epoch]);
                    same(core.stateRootOf(epoch), root);
                    continue;
                }
                vm.expectRevert(abi.encodeWithSelector(Claims.EpochNotClaimable.selector, epoch, i));
                core.claim(epoch, leaves[epoch], none);
            }
        }
    }

    // ---- many at once ----

    function test_manyAreClaimedAtOnce() public {
        depositNative(1000);
        (Payout[] memory leaves, bytes32[][] memory proofs) = forest(29);
        core.claimMany(1, leaves, proofs);
        for (uint256 i = 0; i < leaves.length; ++i) {
            same(leaves[i].payout.balance, i + 1);
            same(core.claimed(leaves[i].account, NATIVE), i + 1);
        }
        same(core.claimedInAll(NATIVE), 435);
    }

    function test_ofManyThosePaidBeforeArePassedOver() public {
        depositNative(1000);
        (Payout[] memory leaves, bytes32[][] memory proofs) = forest(3);
        core.claim(1, leaves[1], proofs[1]);
        core.claimMany(1, leaves, proofs);
        core.claimMany(1, leaves, proofs);
        same(address(core).balance, 1000 - 6);
    }

    function test_theSameLeafTwiceAmongManyIsPaidOnce() public {
        depositNative(1000);
        (Payout[] memory leaves, bytes32[][] memory proofs) = forest(3);
        (leaves[2], proofs[2]) = (leaves[0], proofs[0]);
        core.claimMany(1, leaves, proofs);
        same(leaves[0].payout.balance, 1);
        same(core.claimedInAll(NATIVE), 3);
    }

    function test_aFalseProofAmongManyRefusesAll() public {
        depositNative(1000);
        (Payout[] memory leaves, bytes32[][] memory proofs) = forest(3);
        ++leaves[2].cumulative;
        vm.expectPartialRevert(EscapeHatch.ProofInvalid.selector);
        core.claimMany(1, leaves, proofs);
        same(core.claimedInAll(NATIVE), 0);
    }

    function test_aLeafWithNothingLeftIsStillProven() public {
        depositNative(1000);
        (Payout[] memory leaves, bytes32[][] memory proofs) = forest(3);
        core.claimMany(1, leaves, proofs);
        leaves[2].payout = address(this);
        vm.expectPartialRevert(EscapeHatch.ProofInvalid.selector);
        core.claimMany(1, leaves, proofs);
    }

    function test_eachLeafHasItsProof() public {
        vm.expectRevert(abi.encodeWithSelector(Claims.ProofsLengthWrong.selector, 2, 1));
        core.claimMany(0, new Payout[](2), new bytes32[][](1));
    }

    function test_manyNeedAKeptRootToo() public {
        vm.expectRevert(abi.encodeWithSelector(Claims.EpochNotClaimable.selector, 1, 0));
        core.claimMany(1, new Payout[](0), new bytes32[][](0));
    }

    function testFuzz_noOrderOfClaimsPaysMoreThanWasEarned(uint256 salt) public {
        depositNative(1 ether);
        uint256 earned = 0;
        for (uint256 i = 0; i < 20; ++i) {
            salt = uint256(keccak256(abi.encode(salt)));
            if (salt % 2 == 0) earned += (salt >> 8) % 1000;
            Payout memory leaf = Payout(address(1), NATIVE, PAYEE, earned);
            uint64 epoch = settle(one(leaf));
            if (salt & 2 == 0) continue;
            if (earned == core.claimed(address(1), NATIVE)) {
                vm.expectPartialRevert(Claims.NothingToClaim.selector);
            }
            core.claim(epoch, leaf, none);
            same(PAYEE.balance, earned);
        }
    }

    /// @dev Executes an epoch with n payouts of the native coin, i + 1 wei each to an address of its own.
    function forest(uint256 n) private returns (Payout[] memory leaves, bytes32[][] memory proofs) {
        leaves = new Payout[](n);
        proofs = new bytes32[][](n);
        for (uint256 i = 0; i < n; ++i) {
            leaves[i] = Payout(address(uint160(0x1000 + i)), NATIVE, address(uint160(0x2000 + i)), i + 1);
        }
        for (uint256 i = 0; i < n; ++i) {
            proofs[i] = Tree.proof(leaves, leaves[i]);
        }
        settle(leaves);
    }
}
