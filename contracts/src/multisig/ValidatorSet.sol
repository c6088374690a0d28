// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {CodeStore} from "../CodeStore.sol";
import {Standing, Update} from "../Structs.sol";
import {Roster} from "./Roster.sol";

/// @title The change from one set to the next
/// @notice The next set is the current one in its order without those who leave, then those who join. It is the set of
/// the executed state, and that state has seen a part of the inbox only, while this contract knows all of it. So every
/// check asks first whether the state can have known: an update that was voted for stays executable whatever operators
/// do in between, and whoever has no stake by then is taken as excluded.
abstract contract ValidatorSet is Roster {
    using SafeCast for uint256;

    /// @dev What an update changes in the set. `from`: per position of the next set the position before plus one, zero for who
    /// joins. `leavers`: the first `leaving` of them leave.
    struct Change {
        bytes set;
        uint256[] from;
        address[] leavers;
        uint256 leaving;
    }

    /// @notice The set changed with the execution of an epoch.
    event ValidatorSetChanged(uint64 indexed epoch, bytes32 indexed setHash, uint256 count);
    /// @notice An operator was ejected by an update; its stake can be withdrawn from `withdrawableAt` (seconds) on.
    event OperatorEjected(address indexed operator, uint64 withdrawableAt);

    /// @notice The set that was passed is not the one that was voted for.
    error NextSetMismatch(bytes32 actual, bytes32 expected);
    /// @notice An active validator is missing in the next set and is not ejected.
    error RemovalUnjustified(address operator);
    /// @notice Ejected are operators of the current set that the next one does not have, each once.
    error EjectionInvalid(uint256 ejected, uint256 named);
    /// @notice This operator cannot be in the next set, or not twice.
    error EntryInvalid(address operator);
    /// @notice The node key does not serve this operator.
    error NodeKeyForeign(address nodeAddress, address operator);

    /// @dev Checks that the next set is the one that was voted for, and says whether anything depends on it: the set
    /// changes, or somebody in it is ejected or came back.
    function _changes(Update calldata update, bytes calldata nextSet) internal view returns (bool) {
        bytes32 current = _setHash;
        bytes32 passed = nextSet.length == 0 ? current : keccak256(nextSet);
        if (passed != update.nextSetHash) revert NextSetMismatch(passed, update.nextSetHash);
        return passed != current || _marked(RETURNING) || update.ejections.length != 0;
    }

    /// @dev Checks a change of the set.
    function _plan(Update calldata update, bytes calldata nextSet) internal view returns (Change memory change) {
        bytes memory old = validatorSet();
        uint256 count = old.length / ENTRY;
        change.set = nextSet.length == 0 ? old : nextSet;
        change.leavers = new address[](count);
        uint256 next = change.set.length / ENTRY;
        if (next == 0 || next > MOST_VALIDATORS || next * ENTRY != change.set.length) {
            revert SetLengthWrong(change.set.length);
        }
        change.from = new uint256[](next);
        uint256 kept = _walk(update.ejections, change, old);
        for (uint256 i = kept; i < next; ++i) {
            _checkJoiner(update, change, kept, i);
        }
    }

    /// @dev Puts a change into effect; positions are those of the next set from here on.
    function _change(Update calldata update, Change memory change) internal {
        uint64 consumed = update.inboxCount;
        for (uint256 i = 0; i < change.leaving; ++i) {
            _remove(change.leavers[i], consumed, _contains(update.ejections, change.leavers[i]));
        }
        bool returning = _marked(RETURNING);
        uint256 before = _excluded;
        uint256 bits = 0;
        bool open = false;
        for (uint256 i = 0; i < change.from.length; ++i) {
            uint256 from = change.from[i];
            if (from != 0 && ((before >> (from - 1)) & 1) == 1) bits |= 1 << i;
            if (from != 0 && !returning) continue;
            (, address operator) = _entry(change.set, i);
            Member memory member = _member(operator);
            member.inSet = true;
            // The state has seen the newest JOIN and has it in its set: it is back. Otherwise it leaves once more first.
            if (member.standing == Standing.QUEUED) {
                if (member.lastItem <= consumed) (member.standing, member.firstItem) = (Standing.ACTIVE, 0);
                else open = true;
            }
            _store(operator, member);
            if (from == 0 && _backing(member) == 0) bits |= 1 << i;
        }
        _mark(RETURNING, open);
        _exclude(bits);
        if (update.nextSetHash == _setHash) return;
        _setHash = update.nextSetHash;
        _front.set = CodeStore.write(change.set);
        _front.last = uint8(change.from.length - 1);
        emit ValidatorSetChanged(update.epoch, update.nextSetHash, change.from.length);
    }

    /// @dev Walks the current and the next set side by side; returns how many stay.
    function _walk(address[] calldata ejections, Change memory change, bytes memory old)
        private
        view
        returns (uint256 kept)
    {
        uint256 ejected = 0;
        uint256 next = change.from.length;
        for (uint256 i = 0; i < change.leavers.length; ++i) {
            (address oldNode, address operator) = _entry(old, i);
            if (kept < next) {
                (address node, address candidate) = _entry(change.set, kept);
                if (candidate == operator) {
                    if (node != oldNode) _checkNode(node, operator);
                    change.from[kept++] = i + 1;
                    continue;
                }
            }
            if (_contains(ejections, operator)) ++ejected;
            else if (_members[operator].standing == Standing.ACTIVE) revert RemovalUnjustified(operator);
            change.leavers[change.leaving++] = operator;
        }
        if (ejected != ejections.length) revert EjectionInvalid(ejected, ejections.length);
    }

    /// @dev Reverts unless the state can have this operator as a new validator.
    function _checkJoiner(Update calldata update, Change memory change, uint256 kept, uint256 position) private view {
        (address node, address operator) = _entry(change.set, position);
        Member memory member = _member(operator);
        // The state has seen no JOIN by which it could come in.
        if (member.firstItem == 0 || member.firstItem > update.inboxCount) revert EntryInvalid(operator);
        // A state that has seen everything takes queued operators only, and none too early.
        if (
            member.lastItem <= update.inboxCount
                && (member.standing != Standing.QUEUED || member.eligibleAt > block.timestamp)
        ) revert EntryInvalid(operator);
        if (member.inSet && !_leaves(change, operator)) revert EntryInvalid(operator);
        if (_contains(update.ejections, operator)) revert EntryInvalid(operator);
        for (uint256 i = kept; i < position; ++i) {
            (, address other) = _entry(change.set, i);
            if (other == operator) revert EntryInvalid(operator);
        }
        _checkNode(node, operator);
    }

    /// @dev Lets an operator go. One that has come back in the meantime stays queued.
    function _remove(address operator, uint64 consumed, bool ejected) private {
        Member memory member = _member(operator);
        member.inSet = false;
        if (member.standing != Standing.QUEUED && member.lastItem <= consumed) member.firstItem = 0;
        if (member.standing == Standing.EXITING || member.standing == Standing.ACTIVE) {
            _unbond(member);
        }
        _store(operator, member);
        if (ejected) emit OperatorEjected(operator, member.since);
    }

    function _checkNode(address node, address operator) private view {
        if (core.operatorOf(node) != operator) revert NodeKeyForeign(node, operator);
    }

    function _leaves(Change memory change, address operator) private pure returns (bool) {
        for (uint256 i = 0; i < change.leaving; ++i) {
            if (change.leavers[i] == operator) return true;
        }
        return false;
    }

    function _contains(address[] calldata list, address operator) private pure returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) {
            if (list[i] == operator) return true;
        }
        return false;
    }
}
