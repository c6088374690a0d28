// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Bits} from "../src/Bits.sol";
import {MultisigTerms} from "../src/multisig/Terms.sol";
import {SmartnodesMultisig} from "../src/SmartnodesMultisig.sol";
import {Operator, Slash, Standing, Update} from "../src/Structs.sol";
import {MultisigScene} from "./MultisigScene.sol";
import {StateModel} from "./StateModel.sol";
import {Vm} from "./Vm.sol";

/// @title Operators and honest validators in any order
/// @notice Operators come and go as they like. Validators vote for what their state, which has seen a part of the inbox,
/// says at the moment of the proposal; it is executed when operators have done more. An update that was voted for must
/// be executed whatever happened in between, unless too few of the voters are left.
contract MultisigActions is MultisigScene {
    using StateModel for StateModel.Validator[];

    uint256 public constant OPERATORS = 9;
    uint256 private constant FOUNDERS = 5;

    uint256 private time;
    StateModel.Item[] private items;
    StateModel.Validator[] private state;
    StateModel.Validator[] private nextState;
    uint64 private consumed;
    /// @dev The votes that counted in the last execution, as announced.
    uint256 private counted;
    bytes private drafted;
    bytes private proposalSet;
    mapping(uint256 operator => uint256) private generation;

    uint256 public paidIn;
    uint256 public paidOut;
    uint256 public burnt;
    uint256 public rewarded;
    uint256 public executions;
    uint256 public setChanges;
    uint256 public ejections;
    uint256 public rejoins;
    uint256 public comebacks;
    uint256 public shortOfVotes;
    uint256 public takenOut;
    uint256 public surprises;

    /// @dev A proposal that honest validators would vote for is refused.
    event Surprise(bytes reason);

    constructor() {
        vm.warp(GENESIS);
        deploy(FOUNDERS);
        stakeAll(FOUNDERS);
        time = GENESIS + EPOCH;
        paidIn = FOUNDERS * STAKE;
        for (uint256 i = 0; i < FOUNDERS; ++i) {
            state.push(StateModel.Validator(operator(i), node(i), StateModel.Status.ACTIVE, uint64(i), 0));
        }
    }

    function standardTerms() internal pure override returns (MultisigTerms memory) {
        return MultisigTerms(EPOCH, ROUND, 700, 900, 3000, STAKE);
    }

    function subject() external view returns (SmartnodesMultisig) {
        return multisig;
    }

    function held() external view returns (uint256) {
        return token.balanceOf(address(multisig));
    }

    function owner(uint256 i) external pure returns (address) {
        return operator(i);
    }

    function boundTo(address nodeAddress) external view returns (address) {
        return core.operatorOf(nodeAddress);
    }

    modifier watched() {
        vm.warp(time);
        vm.recordLogs();
        _;
        collect();
    }

    // ---- operators ----

    function join(uint256 i, uint256 extra) external watched {
        i = i % OPERATORS;
        if (standing(i) != Standing.NONE) return;
        uint256 amount = STAKE + extra % STAKE;
        joinAs(i, nodeKey(i, generation[i]), amount);
        paidIn += amount;
        if (info(i).inSet) ++comebacks;
    }

    function topUp(uint256 i, uint256 amount) external watched {
        i = i % OPERATORS;
        if (standing(i) == Standing.NONE || standing(i) == Standing.SLASHED) return;
        amount = 1 + amount % STAKE;
        vm.prank(operator(i));
        multisig.topUp(amount);
        paidIn += amount;
    }

    function rotate(uint256 i) external watched {
        i = i % OPERATORS;
        if (standing(i) != Standing.QUEUED && standing(i) != Standing.ACTIVE) return;
        rotateAs(i, ++generation[i]);
    }

    function exit(uint256 i) external watched {
        i = i % OPERATORS;
        if (standing(i) != Standing.QUEUED && standing(i) != Standing.ACTIVE) return;
        if (settled() > 3) exitAs(i);
    }

    function rejoin(uint256 i) external watched {
        i = i % OPERATORS;
        if (standing(i) != Standing.EXITING && standing(i) != Standing.UNBONDING) return;
        if (info(i).stake < STAKE) return;
        rejoinAs(i);
        ++rejoins;
        if (info(i).inSet) ++comebacks;
    }

    function completeExit(uint256 i) external watched {
        // Rarely, because most runs would end where no quorum is left.
        if (info(i % OPERATORS).inSet && Bits.count(everybody()) <= multisig.quorum() && i >> 8 & 7 != 0) return;
        i = i % OPERATORS;
        bool seated = standing(i) == Standing.ACTIVE || standing(i) == Standing.QUEUED;
        if (seated && info(i).stake < 1 ether) ++takenOut;
        else if (standing(i) != Standing.EXITING || info(i).since > time) return;
        multisig.completeExit(operator(i));
    }

    function withdraw(uint256 i) external watched {
        i = i % OPERATORS;
        if (standing(i) != Standing.UNBONDING || info(i).since > time) return;
        paidOut += info(i).stake;
        withdrawAs(i);
    }

    function equivocate(uint256 i, uint256 luck) external watched {
        // Rarely, because nobody comes back from it.
        if (luck >> 8 & 3 != 0) return;
        bool byItself = luck & 1 == 1;
        i = i % OPERATORS;
        if (generation[i] == 0 || standing(i) == Standing.NONE || standing(i) == Standing.SLASHED) return;
        if (settled() < 5 || Bits.count(everybody()) <= multisig.quorum()) return;
        // An old key serves as well as the newest one.
        uint256 key = nodeKey(i, generation[i] - 1);
        if (core.operatorOf(vm.addr(key)) == address(0)) return;
        bytes memory a = sign(key, typed(7, 7, "a"));
        bytes memory b = sign(key, typed(7, 7, "b"));
        uint256 before = token.balanceOf(ANYBODY);
        uint256 stake = info(i).stake;
        vm.prank(byItself ? operator(i) : ANYBODY);
        multisig.proveDoubleVote(7, 7, "a", a, "b", b);
        uint256 reward = token.balanceOf(ANYBODY) - before;
        rewarded += reward;
        burnt += stake - reward;
    }

    function wait(uint256 elapsed) external {
        time += elapsed % 1500;
    }

    // ---- validators ----

    function propose(uint256 salt) external watched {
        draft(salt);
    }

    function submit(uint256 salt) external watched {
        if (!fresh()) draft(salt);
        if (!fresh()) return;
        Update memory proposal = abi.decode(drafted, (Update));
        if (multisig.epochStart() > time) time = multisig.epochStart();
        vm.warp(time);
        uint256 all = type(uint256).max >> (256 - multisig.validatorCount());
        bytes memory signatures = votes(proposal, 0, all);
        uint256 left = all & ~multisig.excluded();
        uint256 before = token.totalSupply();
        bytes32 setHash = multisig.validatorSetHash();
        if (Bits.count(left) < multisig.quorum()) {
            vm.expectPartialRevert(SmartnodesMultisig.QuorumMissing.selector);
            multisig.execute(proposal, 0, signatures, proposalSet);
            ++shortOfVotes;
            return;
        }
        multisig.execute(proposal, 0, signatures, proposalSet);
        collect();
        burnt += before - token.totalSupply();
        consumed = proposal.inboxCount;
        delete state;
        for (uint256 i = 0; i < nextState.length; ++i) {
            state.push(nextState[i]);
        }
        ++executions;
        ejections += proposal.ejections.length;
        if (multisig.validatorSetHash() != setHash) ++setChanges;
        bool asMeant = core.epoch() == proposal.epoch && multisig.lastExecution() == time
            && keccak256(multisig.validatorSet()) == keccak256(state.set());
        if (!asMeant || counted != left) ++surprises;
    }

    function fresh() private view returns (bool) {
        return drafted.length != 0 && abi.decode(drafted, (Update)).epoch == core.epoch() + 1;
    }

    /// @dev What a proposer whose view ends somewhere between what it must and what it can have seen would propose.
    function draft(uint256 salt) private {
        uint64 least = core.inboxRequired();
        uint64 count = least + uint64(salt % (core.inboxLength() - least + 1));
        uint64 asOf = core.asOf() + uint64((salt >> 16) % (time - core.asOf() + 1));
        StateModel.Validator[] memory view_ = state;
        for (uint64 i = consumed; i < count; ++i) {
            view_ = view_.take(i, items[i]);
        }
        view_.activate(asOf);
        Update memory update = seeing(next(), count);
        update.asOf = asOf;
        if (salt >> 32 & 7 == 0) {
            uint256 unlucky = (salt >> 40) % OPERATORS;
            uint256 place = view_.find(operator(unlucky));
            if (info(unlucky).inSet && place < view_.length) {
                ejecting(update, unlucky);
                view_[place].status = StateModel.Status.LEFT;
            }
        }
        if (salt >> 48 & 3 == 0) slashing(update, (salt >> 56) % OPERATORS, (salt >> 64) % (2 * STAKE));
        bytes memory set = view_.set();
        if (set.length == 0) return;
        update.nextSetHash = keccak256(set);
        bytes memory passed =
            salt >> 250 & 1 == 0 && update.nextSetHash == multisig.validatorSetHash() ? bytes("") : set;
        // More ejections than a day allows is all that voters may have against it.
        try multisig.checkUpdate(update, passed) {}
        catch (bytes memory reason) {
            if (bytes4(reason) != bytes4(keccak256("EjectionLimitExceeded(uint256,uint256)"))) {
                ++surprises;
                emit Surprise(reason);
            }
            return;
        }
        keep(update, passed, view_);
    }

    function keep(Update memory update, bytes memory set, StateModel.Validator[] memory view_) private {
        drafted = abi.encode(update);
        proposalSet = set;
        delete nextState;
        for (uint256 i = 0; i < view_.length; ++i) {
            nextState.push(view_[i]);
        }
    }

    /// @dev How many have stake in the set or wait for it; a few always stay, so that there is something to watch.
    function settled() private view returns (uint256 count) {
        for (uint256 i = 0; i < OPERATORS; ++i) {
            if (standing(i) == Standing.QUEUED || standing(i) == Standing.ACTIVE) ++count;
        }
    }

    function collect() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bytes32 queued = keccak256("InboxItemQueued(uint64,uint8,address,address,uint256,address,bytes32,bytes32)");
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == SmartnodesMultisig.EpochExecuted.selector) {
                (,,,, counted,,) =
                    abi.decode(logs[i].data, (uint32, bytes32, bytes32, bytes32, uint256, uint64, uint64));
            }
            if (logs[i].emitter != address(core) || logs[i].topics[0] != queued) continue;
            (uint8 kind, address asset, uint256 amount,, bytes32 data,) =
                abi.decode(logs[i].data, (uint8, address, uint256, address, bytes32, bytes32));
            address account = address(uint160(uint256(logs[i].topics[2])));
            items.push(StateModel.Item(kind, account, amount, data, uint64(uint160(asset))));
        }
    }

    /// @dev Anybody with stake gets it back without a single execution. Nothing of it stays.
    function everybodyCanLeave() external returns (bool) {
        uint256 before = vm.snapshotState();
        vm.warp(time);
        for (uint256 i = 0; i < OPERATORS; ++i) {
            Operator memory member = info(i);
            if (member.standing == Standing.NONE || member.standing == Standing.SLASHED) continue;
            if (member.standing == Standing.QUEUED || member.standing == Standing.ACTIVE) exitAs(i);
            if (member.standing != Standing.UNBONDING) {
                vm.warp(info(i).since);
                multisig.completeExit(operator(i));
            }
            if (vm.getBlockTimestamp() < info(i).since) vm.warp(info(i).since);
            uint256 had = token.balanceOf(member.payout);
            withdrawAs(i);
            if (token.balanceOf(member.payout) != had + member.stake) return false;
        }
        bool empty = token.balanceOf(address(multisig)) == 0;
        return vm.revertToState(before) && empty;
    }
}
