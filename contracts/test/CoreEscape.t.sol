// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Claims} from "../src/core/Claims.sol";
import {EscapeHatch} from "../src/core/EscapeHatch.sol";
import {Inbox} from "../src/core/Inbox.sol";
import {Money} from "../src/core/Money.sol";
import {Updates} from "../src/core/Updates.sol";
import {StateTree} from "../src/StateTree.sol";
import {Allotment, AssetTotals, InboxItem, Job, Payout, Update} from "../src/Structs.sol";
import {HookedCoin, Reclaimer, Refuser} from "./Coins.sol";
import {CoreScene} from "./CoreScene.sol";
import {Tree} from "./Tree.sol";

contract CoreEscapeTest is CoreScene {
    bytes32 private constant ITEM = keccak256(
        "InboxItem(uint64 index,uint8 kind,address account,address asset,uint256 amount,address target,bytes32 data)"
    );
    bytes32 private constant JOB = keccak256("job");
    address private constant OTHER = address(0x07);

    Allotment private allotted;
    Allotment private free;
    Allotment private others;
    Job private job;
    Payout private earned;

    /// @dev USER has 60 allotted to HOME, 25 free and 10 held for a job; OTHER has 40; 15 are earned; all native coin.
    function setUp() public override {
        super.setUp();
        depositNative(150);
        allotted = Allotment(USER, NATIVE, HOME, 60, 20, 9);
        free = Allotment(USER, NATIVE, address(0), 25, 0, 0);
        others = Allotment(OTHER, NATIVE, HOME, 40, 0, 0);
        job = Job(JOB, USER, HOME, NATIVE, 10, 100, GENESIS + 1 days, 1, 0, 3, hex"0700000000000000000000000f");
        earned = Payout(address(1), NATIVE, PAYEE, 15);
        vm.warp(GENESIS + 600);
        AssetTotals memory sums = AssetTotals(NATIVE, 135, 15, 0, 0, 0);
        Update memory update = next(sums);
        update.stateRoot = Tree.root(leaves());
        execute(update);
    }

    function leaves() private view returns (Tree.Entry[] memory all) {
        all = new Tree.Entry[](5);
        all[0] = Tree.entry(allotted);
        all[1] = Tree.entry(free);
        all[2] = Tree.entry(others);
        all[3] = Tree.entry(job);
        all[4] = Tree.entry(earned);
    }

    function proof(Tree.Entry memory wanted) private view returns (bytes32[] memory) {
        return Tree.proof(leaves(), wanted);
    }

    function silence() private {
        vm.warp(uint256(lastExecution) + 30 days);
    }

    function escape(Allotment memory leaf) private {
        vm.prank(ANYBODY);
        core.escapeAllotment(leaf, proof(Tree.entry(leaf)));
    }

    function escape(Job memory leaf) private {
        vm.prank(ANYBODY);
        core.escapeJob(leaf, proof(Tree.entry(leaf)));
    }

    function drain(uint64 count) private view returns (Update memory update) {
        update = consuming(count);
        update.bodyHash = 0;
    }

    // ---- allotments ----

    function test_anAllotmentIsPaidToItsAccountAfterSilence() public {
        silence();
        bytes32 item = keccak256(abi.encode(ITEM, 1, 7, USER, NATIVE, 60, HOME, 0));
        bytes32 rolling = keccak256(abi.encode(core.inboxHashAt(1), item));
        bytes32[] memory siblings = proof(Tree.entry(allotted));
        vm.expectEmit(true, true, true, true, address(core));
        emit Inbox.InboxItemQueued(1, 7, USER, NATIVE, 60, HOME, bytes32(0), rolling);
        vm.expectEmit(true, true, true, true, address(core));
        emit EscapeHatch.Escaped(USER, NATIVE, 60, HOME, bytes32(0), 1);
        vm.prank(ANYBODY);
        core.escapeAllotment(allotted, siblings);
        same(USER.balance, 60);
        same(core.claimedInAll(NATIVE), 60);
        same(core.escapesUnconsumed(NATIVE), 60);
        same(core.escapeBarrier(), 2);
        same(core.inboxHashAt(2), rolling);
    }

    function test_freeBalanceIsPaidToo() public {
        silence();
        escape(free);
        same(USER.balance, 25);
    }

    function test_aJobIsPaidToItsUser() public {
        silence();
        bytes32 item = keccak256(abi.encode(ITEM, 1, 7, USER, NATIVE, 10, HOME, JOB));
        bytes32 rolling = keccak256(abi.encode(core.inboxHashAt(1), item));
        vm.expectEmit(true, true, true, true, address(core));
        emit EscapeHatch.Escaped(USER, NATIVE, 10, HOME, JOB, 1);
        escape(job);
        same(USER.balance, 10);
        same(core.inboxHashAt(2), rolling);
    }

    function test_eachIsPaidOnce() public {
        silence();
        escape(allotted);
        escape(job);
        bytes memory again = abi.encodeWithSelector(EscapeHatch.AlreadyEscaped.selector, USER, NATIVE);
        bytes32[] memory siblings = proof(Tree.entry(allotted));
        vm.expectRevert(again);
        core.escapeAllotment(allotted, siblings);
        siblings = proof(Tree.entry(job));
        vm.expectRevert(again);
        core.escapeJob(job, siblings);
        // The others of the same account and asset are its own all the same.
        escape(free);
        escape(others);
        same(USER.balance, 95);
        same(OTHER.balance, 40);
        same(core.claimedInAll(NATIVE), 135);
    }

    function test_thereIsNoEscapeWhileUpdatesAreExecuted() public {
        bytes32[] memory siblings = proof(Tree.entry(allotted));
        bytes32[] memory siblingsOfJob = proof(Tree.entry(job));
        bytes memory open = abi.encodeWithSelector(EscapeHatch.SilenceMissing.selector, GENESIS + 600);
        vm.warp(GENESIS + 600 + 30 days - 1);
        depositNative(7);
        vm.expectRevert(open);
        core.escapeAllotment(allotted, siblings);
        vm.expectRevert(open);
        core.escapeJob(job, siblingsOfJob);
        vm.expectRevert(open);
        core.escapeDeposit(depositItem(1, NATIVE, 7));
        vm.warp(GENESIS + 600 + 30 days);
        core.escapeAllotment(allotted, siblings);
    }

    function test_everyFieldOfALeafIsProven() public {
        silence();
        bytes32[] memory siblings = proof(Tree.entry(allotted));
        for (uint256 field = 0; field < 6; ++field) {
            Allotment memory forged = allotted;
            if (field == 0) forged.account = ANYBODY;
            if (field == 1) forged.asset = address(token);
            if (field == 2) forged.home = OTHER;
            if (field == 3) forged.amount = 61;
            if (field == 4) forged.releasing = 0;
            if (field == 5) forged.releaseAt = 0;
            vm.expectPartialRevert(EscapeHatch.ProofInvalid.selector);
            core.escapeAllotment(forged, siblings);
        }
        siblings = proof(Tree.entry(job));
        for (uint256 field = 0; field < 11; ++field) {
            Job memory forged = job;
            if (field == 0) forged.jobId = bytes32(0);
            if (field == 1) forged.user = ANYBODY;
            if (field == 2) forged.home = OTHER;
            if (field == 3) forged.asset = address(token);
            if (field == 4) forged.held = 11;
            if (field == 5) forged.unitCount = 99;
            if (field == 6) ++forged.deadline;
            if (field == 7) ++forged.anchoredAt;
            if (field == 8) ++forged.closingAt;
            if (field == 9) ++forged.settledCount;
            if (field == 10) forged.settled = hex"07";
            vm.expectPartialRevert(EscapeHatch.ProofInvalid.selector);
            core.escapeJob(forged, siblings);
        }
        core.escapeJob(job, siblings);
    }

    function test_onlyTheLastRootProves() public {
        bytes32[] memory siblings = proof(Tree.entry(allotted));
        execute(next(totals(NATIVE, 135, 15)));
        silence();
        vm.expectPartialRevert(EscapeHatch.ProofInvalid.selector);
        core.escapeAllotment(allotted, siblings);
    }

    function test_aPayoutIsNoAllotmentAndAnAllotmentNoPayout() public {
        silence();
        bytes32[] memory siblings = proof(Tree.entry(allotted));
        vm.expectPartialRevert(EscapeHatch.ProofInvalid.selector);
        core.claim(1, Payout(USER, NATIVE, HOME, 60), siblings);
        siblings = proof(Tree.entry(earned));
        vm.expectPartialRevert(EscapeHatch.ProofInvalid.selector);
        core.escapeAllotment(Allotment(address(1), NATIVE, PAYEE, 15, 0, 0), siblings);
        vm.expectRevert(abi.encodeWithSelector(StateTree.ProofTooLong.selector, 257));
        core.escapeAllotment(allotted, new bytes32[](257));
    }

    function test_anEmptyLeafPaysNothing() public {
        allotted.amount = 0;
        job.held = 0;
        Update memory update = next(totals(NATIVE, 135, 15));
        update.stateRoot = Tree.root(leaves());
        execute(update);
        silence();
        bytes32[] memory siblings = proof(Tree.entry(allotted));
        vm.expectRevert(abi.encodeWithSelector(EscapeHatch.NothingToEscape.selector, USER, NATIVE));
        core.escapeAllotment(allotted, siblings);
        siblings = proof(Tree.entry(job));
        vm.expectRevert(abi.encodeWithSelector(EscapeHatch.NothingToEscape.selector, USER, NATIVE));
        core.escapeJob(job, siblings);
    }

    function test_aDishonestRootCannotLetEarningsEscape() public {
        others.amount = 136;
        Update memory update = next(totals(NATIVE, 135, 15));
        update.stateRoot = Tree.root(leaves());
        execute(update);
        silence();
        bytes32[] memory siblings = proof(Tree.entry(others));
        vm.expectRevert(abi.encodeWithSelector(EscapeHatch.EscapesExceedBalances.selector, NATIVE, 136, 135));
        core.escapeAllotment(others, siblings);
        escape(allotted);
        escape(free);
        escape(job);
        vm.expectRevert(abi.encodeWithSelector(EscapeHatch.EscapesExceedBalances.selector, NATIVE, 95 + 136, 135));
        core.escapeAllotment(others, siblings);
    }

    // ---- deposits ----

    function test_anUnconsumedDepositIsPaidBackOnce() public {
        depositNative(7);
        silence();
        InboxItem memory item = depositItem(1, NATIVE, 7);
        vm.expectEmit(true, true, true, true, address(core));
        emit EscapeHatch.Escaped(USER, NATIVE, 7, HOME, bytes32(0), 2);
        vm.prank(ANYBODY);
        core.escapeDeposit(item);
        same(USER.balance, 7);
        vm.expectRevert(abi.encodeWithSelector(EscapeHatch.AlreadyEscaped.selector, USER, NATIVE));
        core.escapeDeposit(item);
    }

    function test_equalDepositsArePaidBackEach() public {
        depositNative(7);
        depositNative(7);
        silence();
        core.escapeDeposit(depositItem(1, NATIVE, 7));
        core.escapeDeposit(depositItem(2, NATIVE, 7));
        same(USER.balance, 14);
    }

    function test_aConsumedDepositIsInTheState() public {
        silence();
        vm.expectRevert(abi.encodeWithSelector(EscapeHatch.DepositUnknown.selector, 0));
        core.escapeDeposit(depositItem(0, NATIVE, 150));
    }

    function test_everyFieldOfADepositIsProven() public {
        depositNative(7);
        depositNative(8);
        silence();
        for (uint256 field = 0; field < 9; ++field) {
            InboxItem memory forged = depositItem(1, NATIVE, 7);
            if (field == 0) forged.index = 2;
            if (field == 1) forged.kind = 2;
            if (field == 2) forged.account = ANYBODY;
            if (field == 3) forged.asset = address(token);
            if (field == 4) forged.amount = 8;
            if (field == 5) forged.target = OTHER;
            if (field == 6) forged.data = bytes32(uint256(1));
            if (field == 7) forged.index = 3;
            if (field == 8) forged.index = type(uint64).max;
            vm.expectRevert(abi.encodeWithSelector(EscapeHatch.DepositUnknown.selector, forged.index));
            core.escapeDeposit(forged);
        }
    }

    function test_anItemThatIsNoDepositDoesNotEscape() public {
        vm.prank(USER);
        core.release(NATIVE, HOME, 5);
        silence();
        InboxItem memory item = InboxItem(1, 2, USER, NATIVE, 5, HOME, bytes32(0));
        vm.expectRevert(abi.encodeWithSelector(EscapeHatch.DepositUnknown.selector, 1));
        core.escapeDeposit(item);
        escape(allotted);
        item = InboxItem(2, 7, USER, NATIVE, 60, HOME, bytes32(0));
        vm.expectRevert(abi.encodeWithSelector(EscapeHatch.DepositUnknown.selector, 2));
        core.escapeDeposit(item);
    }

    function test_aDepositOfAnAssetThatTheStateDoesNotKnowEscapes() public {
        depositCoin(9);
        silence();
        core.escapeDeposit(depositItem(1, address(coin), 9));
        same(coin.balanceOf(USER), 1000 ether);
    }

    // ---- SNO that Core is short of ----

    function test_anEscapeMintsWhatCoreIsShortOf() public {
        free = Allotment(USER, address(token), address(0), 30, 0, 0);
        vm.warp(GENESIS + 3600);
        Update memory update = next();
        update.totals = list(totals(NATIVE, 135, 15), AssetTotals(address(token), 30, 0, 0, 0, 30));
        update.stateRoot = Tree.root(leaves());
        execute(update);
        silence();
        uint256 before = token.balanceOf(USER);
        same(token.balanceOf(address(core)), 0);
        escape(free);
        same(token.balanceOf(USER), before + 30);
    }

    // ---- receivers ----

    function test_aReceiverThatRefusesOnlyFailsItself() public {
        Refuser refuser = new Refuser();
        vm.deal(address(refuser), 0);
        others.account = address(refuser);
        Update memory update = next(totals(NATIVE, 135, 15));
        update.stateRoot = Tree.root(leaves());
        execute(update);
        silence();
        bytes32[] memory siblings = proof(Tree.entry(others));
        vm.expectRevert(abi.encodeWithSelector(Money.PaymentRefused.selector, address(refuser)));
        core.escapeAllotment(others, siblings);
        same(core.escapesUnconsumed(NATIVE), 0);
        escape(allotted);
        same(USER.balance, 60);
    }

    function test_anEscapeInsideAnEscapePaysNothing() public {
        Reclaimer reclaimer = new Reclaimer(core);
        others.account = address(reclaimer);
        earned = Payout(address(1), NATIVE, address(reclaimer), 15);
        Update memory update = next(totals(NATIVE, 135, 15));
        update.stateRoot = Tree.root(leaves());
        execute(update);
        depositNative(7);
        silence();
        bytes32[] memory siblings = proof(Tree.entry(others));
        bytes[] memory calls = new bytes[](4);
        calls[0] = abi.encodeCall(core.escapeAllotment, (others, siblings));
        calls[1] = abi.encodeCall(core.escapeJob, (job, proof(Tree.entry(job))));
        calls[2] = abi.encodeCall(core.escapeDeposit, (depositItem(1, NATIVE, 7)));
        calls[3] = abi.encodeCall(core.claim, (2, earned, proof(Tree.entry(earned))));
        for (uint256 i = 0; i < 4; ++i) {
            reclaimer.arm(calls[i]);
            uint256 snapshot = vm.snapshotState();
            core.escapeAllotment(others, siblings);
            holds(reclaimer.tried() && !reclaimer.succeeded(), "tried and refused");
            same(address(reclaimer).balance, 40);
            vm.revertToState(snapshot);
        }
    }

    function test_aPauseStopsNoEscape() public {
        depositNative(7);
        silence();
        core.pause(7 days);
        escape(allotted);
        escape(job);
        core.escapeDeposit(depositItem(1, NATIVE, 7));
        same(USER.balance, 77);
    }

    // ---- the orderly return ----

    function test_afterAnEscapeTheInboxIsDrainedFirst() public {
        silence();
        escape(allotted);
        Update memory update = next(totals(NATIVE, 75, 75));
        vm.expectRevert(abi.encodeWithSelector(Updates.BodyNotEmpty.selector, 1, 2));
        core.applyUpdate(update);
        update.bodyHash = 0;
        execute(update);
        same(core.inboxConsumed(), 2);
        same(core.escapesUnconsumed(NATIVE), 0);
        // Then bodies are back, and have to be.
        update = next(totals(NATIVE, 75, 75));
        update.bodyHash = 0;
        vm.expectRevert(Updates.BodyMissing.selector);
        core.applyUpdate(update);
        execute(next(totals(NATIVE, 75, 75)));
    }

    function test_theDrainMayTakeManyUpdates() public {
        silence();
        escape(allotted);
        escape(free);
        escape(others);
        same(core.escapeBarrier(), 4);
        for (uint64 i = 2; i < 4; ++i) {
            Update memory update = drain(i);
            update.totals = list(totals(NATIVE, 135, 15));
            execute(update);
            Update memory full = next(totals(NATIVE, 135, 15));
            vm.expectRevert(abi.encodeWithSelector(Updates.BodyNotEmpty.selector, i, 4));
            core.applyUpdate(full);
        }
        Update memory last = drain(4);
        last.totals = list(totals(NATIVE, 10, 140));
        execute(last);
        execute(next(totals(NATIVE, 10, 140)));
    }

    function test_theDrainKeepsTheRulesOfTheInbox() public {
        silence();
        escape(allotted);
        Update memory update = drain(2);
        update.inboxHash = core.inboxHashAt(1);
        vm.expectPartialRevert(Inbox.InboxHashMismatch.selector);
        core.applyUpdate(update);
        // Two executions after the escape it must have been taken.
        for (uint256 i = 0; i < 2; ++i) {
            same(core.inboxRequired(), 1);
            update = drain(1);
            update.totals = list(totals(NATIVE, 135, 15));
            execute(update);
        }
        same(core.inboxRequired(), 2);
        update = drain(1);
        vm.expectRevert(abi.encodeWithSelector(Inbox.InboxCountOutOfRange.selector, 1, 2, 2));
        core.applyUpdate(update);
    }

    function test_anEscapeDuringTheReturnRaisesTheBarrier() public {
        silence();
        escape(allotted);
        Update memory update = drain(2);
        update.totals = list(totals(NATIVE, 75, 75));
        escape(others);
        execute(update);
        update = next(totals(NATIVE, 75, 75));
        vm.expectRevert(abi.encodeWithSelector(Updates.BodyNotEmpty.selector, 2, 3));
        core.applyUpdate(update);
        // Its silence is over.
        bytes32[] memory siblings = proof(Tree.entry(free));
        vm.expectPartialRevert(EscapeHatch.ProofInvalid.selector);
        core.escapeAllotment(free, siblings);
    }

    function test_theHatchClosesWithTheFirstExecution() public {
        silence();
        escape(allotted);
        Update memory update = drain(2);
        update.totals = list(totals(NATIVE, 75, 75));
        allotted.amount = 0;
        update.stateRoot = Tree.root(leaves());
        execute(update);
        bytes32[] memory siblings = proof(Tree.entry(others));
        vm.expectRevert(abi.encodeWithSelector(EscapeHatch.SilenceMissing.selector, lastExecution));
        core.escapeAllotment(others, siblings);
    }

    // ---- the same money is never paid twice ----

    function test_whatEscapedIsNotClaimedFromTheEarningsOfOthers() public {
        silence();
        escape(allotted);
        escape(free);
        escape(others);
        escape(job);
        // All that is left is what was earned, and it is there.
        bytes32[] memory siblings = proof(Tree.entry(earned));
        core.claim(1, earned, siblings);
        same(PAYEE.balance, 15);
        same(address(core).balance, 0);
        same(core.claimedInAll(NATIVE), 150);
    }

    function test_claimsBeyondPayoutsAndEscapesAreRefusedInSilence() public {
        earned.cumulative = 16;
        Update memory update = next(totals(NATIVE, 135, 15));
        update.stateRoot = Tree.root(leaves());
        execute(update);
        silence();
        escape(allotted);
        bytes32[] memory siblings = proof(Tree.entry(earned));
        vm.expectRevert(abi.encodeWithSelector(Claims.ClaimsExceedPayouts.selector, NATIVE, 76, 75));
        core.claim(2, earned, siblings);
    }

    function test_aHalfDrainedEscapeCannotEscapeAgain() public {
        silence();
        escape(allotted);
        // A drain that stops before the escape: the state still shows the allotment as it was.
        Update memory update = drain(1);
        update.totals = list(totals(NATIVE, 135, 15));
        update.stateRoot = Tree.root(leaves());
        execute(update);
        silence();
        bytes32[] memory siblings = proof(Tree.entry(allotted));
        bytes memory pending = abi.encodeWithSelector(EscapeHatch.EscapePending.selector, USER, NATIVE, 2);
        vm.expectRevert(pending);
        core.escapeAllotment(allotted, siblings);
        // Nor under another home, where an exit may have moved it, nor as the money of a job.
        siblings = proof(Tree.entry(free));
        vm.expectRevert(pending);
        core.escapeAllotment(free, siblings);
        siblings = proof(Tree.entry(job));
        vm.expectRevert(pending);
        core.escapeJob(job, siblings);
        // Others are not held up by it.
        escape(others);
        same(OTHER.balance, 40);
        same(USER.balance, 60);
        // When it is taken, what is left can escape.
        update = drain(3);
        update.totals = list(totals(NATIVE, 35, 115));
        allotted.amount = 0;
        others.amount = 0;
        update.stateRoot = Tree.root(leaves());
        execute(update);
        silence();
        escape(free);
        same(USER.balance, 85);
    }

    function test_aLaterDepositDoesNotWashAPendingEscapeAway() public {
        silence();
        escape(allotted);
        Update memory update = drain(1);
        update.totals = list(totals(NATIVE, 135, 15));
        update.stateRoot = Tree.root(leaves());
        execute(update);
        vm.deal(OTHER, 0);
        uint256 had = USER.balance;
        depositNative(7);
        silence();
        core.escapeDeposit(depositItem(2, NATIVE, 7));
        same(USER.balance, 7);
        same(had, 60);
        bytes32[] memory siblings = proof(Tree.entry(allotted));
        vm.expectRevert(abi.encodeWithSelector(EscapeHatch.EscapePending.selector, USER, NATIVE, 4));
        core.escapeAllotment(allotted, siblings);
        // Also when the first is taken and the second is not.
        update = drain(2);
        update.totals = list(totals(NATIVE, 75, 75));
        update.stateRoot = Tree.root(leaves());
        execute(update);
        silence();
        vm.expectRevert(abi.encodeWithSelector(EscapeHatch.EscapePending.selector, USER, NATIVE, 4));
        core.escapeAllotment(allotted, siblings);
    }

    function test_escapesThatAreTakenCountAsPayoutsAndNoMoreAsEscapes() public {
        silence();
        escape(allotted);
        escape(others);
        same(core.escapesUnconsumed(NATIVE), 100);
        Update memory update = drain(2);
        update.totals = list(totals(NATIVE, 75, 75));
        update.stateRoot = Tree.root(leaves());
        execute(update);
        same(core.escapesUnconsumed(NATIVE), 40);
        same(core.escapesUnconsumed(address(token)), 0);
        // 75 payouts and 40 escapes: 15 can be claimed beside the 100 that have left, and not one more.
        bytes32[] memory siblings = proof(Tree.entry(earned));
        core.claim(2, earned, siblings);
        update = drain(3);
        update.totals = list(totals(NATIVE, 35, 115));
        execute(update);
        same(core.escapesUnconsumed(NATIVE), 0);
        same(core.claimedInAll(NATIVE), payoutsOf(NATIVE));
    }

    function test_aTokenCannotEscapeAgainWhileItIsPaid() public {
        HookedCoin hooked = new HookedCoin(USER, 1000);
        deploy(address(hooked));
        vm.startPrank(USER);
        hooked.approve(address(core), 1000);
        core.deposit(address(hooked), 10, HOME);
        vm.stopPrank();
        silence();
        InboxItem memory item = depositItem(0, address(hooked), 10);
        hooked.aim(address(core), abi.encodeCall(core.escapeDeposit, (item)));
        core.escapeDeposit(item);
        holds(hooked.tried() && !hooked.succeeded(), "tried and refused");
        same(hooked.balanceOf(USER), 1000);
    }
}
