// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SmartnodesCore} from "../src/SmartnodesCore.sol";
import {SmartnodesToken} from "../src/SmartnodesToken.sol";
import {Allotment, AssetTotals, InboxItem, Job, Payout, Update} from "../src/Structs.sol";
import {CoreScene} from "./CoreScene.sol";
import {Tree} from "./Tree.sol";

/// @title Everything that can happen to Core, in any order, beside a model of what is whose
/// @notice Three accounts, three assets, one job per account (account i pays in asset i). The model knows for each
/// account and asset what is allotted, held, earned, waiting in the inbox and gone by escape; every call must succeed or
/// fail exactly as the model says.
contract CoreActions is CoreScene {
    uint256 public constant N = 3;

    /// @dev A line of the inbox. epoch: the last executed one when it was queued.
    struct Line {
        uint8 kind;
        uint256 who;
        uint256 which;
        uint256 amount;
        uint64 epoch;
        bool job;
        bool escaped;
    }

    address[3] public accounts = [address(0x1001), address(0x1002), address(0x1003)];
    address[3] public assets;
    Line[] private inbox;
    uint256 public taken;

    uint256[3][3] private allotted;
    uint256[3][3] private releasing;
    uint256[3] private held;
    uint256[3][3] private earned;
    uint256[3][3] private waiting;
    uint256[3][3] private left;
    uint256[3][3] public paid;
    uint256 private minted;
    uint256 private burnt;
    uint256 public staked;

    mapping(uint256 slot => Tree.Entry[]) private entriesOf;
    mapping(uint256 slot => uint256[3][3]) private earnedOf;
    mapping(bytes32 once => bool) private escaped;
    uint256[3][3] private lastClaimed;

    uint256 public uncovered;
    uint256 public shrunk;
    uint256 public immutable supplyAtGenesis;

    constructor() {
        setUp();
        assets = [NATIVE, address(coin), address(token)];
        supplyAtGenesis = token.totalSupply();
    }

    // ---- what the invariants look at ----

    function subject() external view returns (SmartnodesCore) {
        return core;
    }

    function sno() external view returns (SmartnodesToken) {
        return token;
    }

    function holding(uint256 which) public view returns (uint256) {
        return which == 0 ? address(core).balance : IERC20(assets[which]).balanceOf(address(core));
    }

    /// @dev All that an account ever was entitled to be paid, what it was paid included.
    function wealth(uint256 who, uint256 which) public view returns (uint256 sum) {
        sum = allotted[who][which] + earned[who][which] + waiting[who][which] + left[who][which];
        if (who == which) sum += held[who];
    }

    function owed(uint256 which) external view returns (uint256 sum) {
        for (uint256 who = 0; who < N; ++who) {
            sum += wealth(who, which) - paid[who][which];
        }
    }

    function books() external view returns (uint256, uint256) {
        return (minted, burnt);
    }

    function lines() external view returns (uint256) {
        return inbox.length;
    }

    // ---- in ----

    function deposit(uint256 who, uint256 which, uint256 amount) external {
        if (core.pausedUntil() > block.timestamp) return;
        (who, which, amount) = (who % N, which % N, bound(amount, 1, 5 ether));
        address account = accounts[who];
        if (which == 0) {
            vm.deal(account, account.balance + amount);
        } else {
            vm.prank(USER);
            require(IERC20(assets[which]).transfer(account, amount));
            vm.prank(account);
            IERC20(assets[which]).approve(address(core), amount);
        }
        vm.prank(account);
        core.deposit{value: which == 0 ? amount : 0}(assets[which], amount, HOME);
        waiting[who][which] += amount;
        inbox.push(Line(1, who, which, amount, core.epoch(), false, false));
    }

    function releaseSome(uint256 who, uint256 which, uint256 amount) external {
        (who, which, amount) = (who % N, which % N, bound(amount, 1, 9 ether));
        vm.prank(accounts[who]);
        core.release(assets[which], HOME, amount);
        inbox.push(Line(2, who, which, amount, core.epoch(), false, false));
    }

    function loseStake(uint256 amount) external {
        amount = bound(amount, 1, 1 ether);
        vm.prank(USER);
        token.transfer(address(core), amount);
        core.burnStake(amount);
        staked += amount;
    }

    // ---- time, pause, supply ----

    function sleep() external {
        if (core.inboxLength() % 2 == 0) vm.warp(uint256(lastExecution) + 30 days);
    }

    function pauseSome(uint32 length) external {
        uint256 left_ = core.pauseLeft(uint64(block.timestamp));
        length = uint32(bound(length, 1, 1 hours));
        if (left_ < length || core.pauseLeft(uint64(block.timestamp) + 1 days) < length) return;
        if (core.pausedUntil() > block.timestamp) core.unpause();
        else core.pause(length);
    }

    function settleSupply() external {
        core.settle();
    }

    // ---- epochs ----

    /// @dev An honest epoch: it takes part of the inbox, and unless escapes wait, money moves.
    function advance(uint256 elapsed, uint256 salt, uint256 count) external {
        vm.warp(block.timestamp + (elapsed % 6 hours));
        uint64 until = uint64(bound(count, core.inboxRequired(), core.inboxLength()));
        Update memory update = consuming(until);
        if (core.pausedUntil() > block.timestamp) {
            vm.expectPartialRevert(bytes4(keccak256("Paused(uint64)")));
            core.applyUpdate(update);
            return;
        }
        bool draining = taken < core.escapeBarrier();
        for (; taken < until; ++taken) {
            take(inbox[taken]);
        }
        if (draining) update.bodyHash = 0;
        else work(salt);
        update.totals = new AssetTotals[](N);
        for (uint256 which = 0; which < N; ++which) {
            uint256 place = 0;
            for (uint256 j = 0; j < N; ++j) {
                if (assets[j] < assets[which]) ++place;
            }
            update.totals[place] = sums(which);
        }
        publish(update);
    }

    function take(Line storage line) private {
        (uint256 who, uint256 which, uint256 amount) = (line.who, line.which, line.amount);
        if (line.kind == 1) {
            waiting[who][which] -= amount;
            allotted[who][which] += amount;
        } else if (line.kind == 2) {
            releasing[who][which] += amount;
        } else {
            uint256 there = line.job ? held[who] : allotted[who][which];
            if (there < amount) {
                ++uncovered;
                amount = there;
            }
            if (line.job) held[who] -= amount;
            else allotted[who][which] -= amount;
            left[who][which] += amount;
        }
    }

    function work(uint256 salt) private {
        for (uint256 who = 0; who < N; ++who) {
            salt = uint256(keccak256(abi.encode(salt)));
            uint256 to = (salt >> 8) % N;
            for (uint256 which = 0; which < N; ++which) {
                uint256 freed = releasing[who][which];
                if (freed > allotted[who][which]) freed = allotted[who][which];
                releasing[who][which] = 0;
                uint256 credit = bound(salt >> 16, 0, allotted[who][which] - freed);
                if (salt & 1 == 0) credit = 0;
                allotted[who][which] -= freed + credit;
                earned[who][which] += freed;
                earned[to][which] += credit;
            }
            uint256 promised = bound(salt >> 24, 0, allotted[who][who]);
            allotted[who][who] -= promised;
            uint256 work_ = bound(salt >> 32, 0, held[who]);
            held[who] = held[who] + promised - work_;
            earned[to][who] += work_;
        }
        uint256 fresh = bound(salt >> 40, 0, core.emission(uint64(block.timestamp) - GENESIS) - minted);
        minted += fresh;
        earned[salt % N][2] += fresh;
        uint256 gone = bound(salt >> 48, 0, allotted[salt % N][2]);
        allotted[salt % N][2] -= gone;
        burnt += gone;
    }

    function sums(uint256 which) private view returns (AssetTotals memory t) {
        t.asset = assets[which];
        t.balances = held[which];
        for (uint256 who = 0; who < N; ++who) {
            t.balances += allotted[who][which];
            t.payouts += earned[who][which] + left[who][which];
        }
        if (which == 2) (t.minted, t.burnt) = (minted, burnt);
    }

    function publish(Update memory update) private {
        uint256 slot = update.epoch % 16;
        delete entriesOf[slot];
        for (uint256 i = 0; i < N * N; ++i) {
            entriesOf[slot].push(Tree.entry(allotment(i / N, i % N)));
            entriesOf[slot].push(Tree.entry(payout(i / N, i % N, earned[i / N][i % N])));
            if (i < N) entriesOf[slot].push(Tree.entry(job(i)));
        }
        earnedOf[slot] = earned;
        update.stateRoot = Tree.root(entriesOf[slot]);
        execute(update);
    }

    // ---- leaves ----

    function allotment(uint256 who, uint256 which) private view returns (Allotment memory) {
        return Allotment(accounts[who], assets[which], HOME, allotted[who][which], releasing[who][which], 0);
    }

    function payout(uint256 who, uint256 which, uint256 sum) private view returns (Payout memory) {
        return Payout(accounts[who], assets[which], accounts[who], sum);
    }

    function job(uint256 who) private view returns (Job memory leaf) {
        leaf.jobId = keccak256(abi.encode("job", who));
        (leaf.user, leaf.home, leaf.asset, leaf.held) = (accounts[who], HOME, assets[who], held[who]);
        leaf.settled = abi.encodePacked(held[who]);
    }

    // ---- out ----

    function claim(uint256 back, uint256 who, uint256 which) public {
        uint64 current = core.epoch();
        if (current == 0) return;
        uint64 age = uint64(back % 16);
        uint64 epoch = age < current ? current - age : current;
        (who, which) = (who % N, which % N);
        Payout memory leaf = payout(who, which, earnedOf[epoch % 16][who][which]);
        bytes32[] memory proof = Tree.proof(entriesOf[epoch % 16], Tree.entry(leaf));
        uint256 before = core.claimed(leaf.account, leaf.asset);
        bool due = leaf.cumulative > before;
        _pays(who, which, due ? leaf.cumulative - before : 0, abi.encodeCall(core.claim, (epoch, leaf, proof)));
        if (core.claimed(leaf.account, leaf.asset) < lastClaimed[who][which]) ++shrunk;
        lastClaimed[who][which] = core.claimed(leaf.account, leaf.asset);
    }

    function escapeAllotment(uint256 who, uint256 which) public {
        (who, which) = (who % N, which % N);
        Allotment memory leaf = allotment(who, which);
        bytes32 once = keccak256(abi.encode("allotment", core.epoch(), who, which));
        bytes memory call_ = abi.encodeCall(core.escapeAllotment, (leaf, proofOf(Tree.entry(leaf))));
        escape(once, who, which, leaf.amount, false, core.epoch() != 0 && !pending(who, which), call_);
    }

    function escapeJob(uint256 who) public {
        who = who % N;
        Job memory leaf = job(who);
        bytes32 once = keccak256(abi.encode("job", core.epoch(), who));
        bytes memory call_ = abi.encodeCall(core.escapeJob, (leaf, proofOf(Tree.entry(leaf))));
        escape(once, who, who, leaf.held, true, core.epoch() != 0 && !pending(who, who), call_);
    }

    function escapeDeposit(uint256 index) public {
        if (inbox.length == 0) return;
        index = index % inbox.length;
        Line memory line = inbox[index];
        InboxItem memory item =
            InboxItem(uint64(index), line.kind, accounts[line.who], assets[line.which], line.amount, HOME, bytes32(0));
        bytes32 once = keccak256(abi.encode("deposit", index));
        bool open = line.kind == 1 && index >= taken;
        escape(once, line.who, line.which, line.amount, false, open, abi.encodeCall(core.escapeDeposit, (item)));
    }

    function escape(bytes32 once, uint256 who, uint256 which, uint256 amount, bool ofJob, bool open, bytes memory call_)
        private
    {
        bool silent = block.timestamp >= uint256(lastExecution) + 30 days;
        bool due = open && silent && !escaped[once] && amount != 0;
        _pays(who, which, due ? amount : 0, call_);
        if (!due) return;
        escaped[once] = true;
        inbox.push(Line(7, who, which, amount, core.epoch(), ofJob, false));
    }

    /// @dev Whether an escape of an earlier epoch has not been taken by the state.
    function pending(uint256 who, uint256 which) public view returns (bool) {
        for (uint256 i = taken; i < inbox.length; ++i) {
            Line storage line = inbox[i];
            if (line.kind == 7 && line.who == who && line.which == which && line.epoch != core.epoch()) return true;
        }
        return false;
    }

    function proofOf(Tree.Entry memory wanted) private view returns (bytes32[] memory) {
        return Tree.proof(entriesOf[core.epoch() % 16], wanted);
    }

    /// @dev The call pays exactly this, or fails when it is nothing.
    function _pays(uint256 who, uint256 which, uint256 amount, bytes memory call_) private {
        address account = accounts[who];
        uint256 before = which == 0 ? account.balance : IERC20(assets[which]).balanceOf(account);
        (bool done,) = address(core).call(call_);
        holds(done == (amount != 0), "done if and only if due");
        uint256 after_ = which == 0 ? account.balance : IERC20(assets[which]).balanceOf(account);
        same(after_ - before, amount);
        paid[who][which] += amount;
    }

    /// @dev After all that happened, nothing is executed any more, and everybody takes what is its own.
    function everybodyOut() external {
        vm.warp(uint256(lastExecution) + 30 days);
        uint256 length = inbox.length;
        for (uint256 i = taken; i < length; ++i) {
            escapeDeposit(i);
        }
        for (uint256 i = 0; i < N * N; ++i) {
            escapeAllotment(i / N, i % N);
            claim(0, i / N, i % N);
            if (i < N) escapeJob(i);
        }
    }
}
