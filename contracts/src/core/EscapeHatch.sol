// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {ISmartnodesMultisig} from "../interfaces/ISmartnodesMultisig.sol";
import {StateTree} from "../StateTree.sol";
import {Allotment, InboxItem, Job} from "../Structs.sol";
import {Updates} from "./Updates.sol";

/// @title The escape hatch: balances by proof when nothing is executed any more
/// @notice Open after 30 days of silence. Whatever leaves is queued for the state, and until the state has taken all of
/// it, updates have no body; so nothing that has escaped can be promised or paid again.
abstract contract EscapeHatch is Updates {
    using Checkpoints for Checkpoints.Trace208;

    /// @dev An account's escapes of an asset that the state may not have taken.
    /// @param epoch the last executed one at the oldest of them
    /// @param barrier how many items must be consumed before the state has taken all of them
    struct EscapeMark {
        uint64 epoch;
        uint64 barrier;
    }

    uint256 private constant SILENCE = 30 days;

    mapping(bytes32 once => bool) private _escaped;
    mapping(address account => mapping(address asset => EscapeMark)) private _marks;
    /// @dev Per asset: what has escaped in all, by the length of the inbox after it.
    mapping(address asset => Checkpoints.Trace208) private _escapes;

    /// @notice An account got its money back without the validators; index is where the inbox tells the state.
    event Escaped(
        address indexed account, address indexed asset, uint256 amount, address home, bytes32 jobId, uint64 index
    );

    /// @notice The proof leads to another root.
    error ProofInvalid(bytes32 actual, bytes32 expected);
    /// @notice The hatch opens 30 days after this time, if nothing is executed until then.
    error SilenceMissing(uint64 since);
    /// @notice There is nothing in it.
    error NothingToEscape(address account, address asset);
    /// @notice It was paid before.
    error AlreadyEscaped(address account, address asset);
    /// @notice The state has not taken an escape of this account and asset from an earlier silence, so that its root
    /// does not tell what is left.
    error EscapePending(address account, address asset, uint64 barrier);
    /// @notice No more can escape than is neither earned nor burnt.
    error EscapesExceedBalances(address asset, uint256 escapes, uint256 balances);
    /// @notice No such deposit waits in the inbox.
    error DepositUnknown(uint64 index);

    /// @notice Pays an account what it has allotted to a home, or its free balance; anyone may call.
    /// @param leaf the allotment leaf; the money goes to its account
    /// @param siblings the proof against the last root, from the leaf upwards
    function escapeAllotment(Allotment calldata leaf, bytes32[] calldata siblings) external nonReentrant {
        _checkProof(StateTree.rootOf(leaf, siblings), stateRoot());
        bytes32 key = keccak256(abi.encode(leaf.account, leaf.asset, leaf.home));
        _escapeLeaf(StateTree.ALLOTMENT_TYPE, key, leaf.account, leaf.asset, leaf.amount, leaf.home, 0);
    }

    /// @notice Pays a user what is still held for its job; anyone may call.
    /// @param leaf the job leaf; the money goes to its user
    /// @param siblings the proof against the last root, from the leaf upwards
    function escapeJob(Job calldata leaf, bytes32[] calldata siblings) external nonReentrant {
        _checkProof(StateTree.rootOf(leaf, siblings), stateRoot());
        _escapeLeaf(StateTree.JOB_TYPE, leaf.jobId, leaf.user, leaf.asset, leaf.held, leaf.home, leaf.jobId);
    }

    /// @notice Pays back a deposit that the state has not taken; anyone may call.
    /// @param item the item as it was queued; the money goes to its account
    function escapeDeposit(InboxItem calldata item) external nonReentrant {
        if (item.kind != DEPOSIT || item.index < _position.inboxConsumed() || !_queued(item)) {
            revert DepositUnknown(item.index);
        }
        _escape(keccak256(abi.encode(item.index)), item.account, item.asset, item.amount, item.target, 0);
    }

    /// @notice What has escaped of an asset that the last executed state has not taken yet.
    function escapesUnconsumed(address asset) public view returns (uint256) {
        Checkpoints.Trace208 storage trace = _escapes[asset];
        return trace.latest() - trace.upperLookupRecent(_position.inboxConsumed());
    }

    function _checkProof(bytes32 actual, bytes32 expected) internal pure {
        if (actual != expected) revert ProofInvalid(actual, expected);
    }

    function _escapeLeaf(
        uint8 leafType,
        bytes32 key,
        address account,
        address asset,
        uint256 amount,
        address home,
        bytes32 jobId
    ) private {
        EscapeMark storage mark = _marks[account][asset];
        uint64 current = epoch();
        // The drain may have stopped half way: then this root knows deposits or moves of which it does not know the
        // escape, and what it shows as left has been paid already.
        if (mark.epoch != current && mark.barrier > _position.inboxConsumed()) {
            revert EscapePending(account, asset, mark.barrier);
        }
        _escape(keccak256(abi.encode(current, leafType, key)), account, asset, amount, home, jobId);
    }

    function _escape(bytes32 once, address account, address asset, uint256 amount, address home, bytes32 jobId)
        private
    {
        uint64 since = ISmartnodesMultisig(multisig).lastExecution();
        if (block.timestamp < since + SILENCE) revert SilenceMissing(since);
        if (amount == 0) revert NothingToEscape(account, asset);
        if (_escaped[once]) revert AlreadyEscaped(account, asset);
        _escaped[once] = true;
        uint256 escapes = escapesUnconsumed(asset) + amount;
        uint256 most = outstanding(asset);
        if (escapes > most) revert EscapesExceedBalances(asset, escapes, most);
        Book storage book = _books[asset];
        book.claimed += amount;
        uint64 index = _queue(ESCAPE, account, asset, amount, home, jobId);
        _escapeBarrier = index + 1;
        _position = _position.withGuard();
        EscapeMark storage mark = _marks[account][asset];
        // As long as one from before waits, its epoch stays: a later escape must not wash it away.
        if (mark.barrier <= _position.inboxConsumed()) mark.epoch = epoch();
        mark.barrier = index + 1;
        Checkpoints.Trace208 storage trace = _escapes[asset];
        trace.push(SafeCast.toUint48(index + 1), SafeCast.toUint208(trace.latest() + amount));
        emit Escaped(account, asset, amount, home, jobId, index);
        _pay(asset, account, amount);
    }
}
