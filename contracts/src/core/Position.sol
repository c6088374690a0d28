// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice Where the state stands, in one slot, because every execution reads and writes all of it. From the lowest
/// bit: epoch, asOf, inboxLength, inboxConsumed, lengthAtLast, lengthAtBefore (40 bits each), tracked (8), guarded (1).
type Position is uint256;

using PositionFields for Position global;

/// @title The fields of a position
library PositionFields {
    uint256 private constant AS_OF = 40;
    uint256 private constant LENGTH = 80;
    uint256 private constant CONSUMED = 120;
    uint256 private constant AT_LAST = 160;
    uint256 private constant AT_BEFORE = 200;
    uint256 private constant TRACKED = 240;
    uint256 private constant GUARDED = 248;

    /// @notice The position after an execution.
    /// @param epoch_ the executed epoch
    /// @param asOf_ the chain time of its state
    /// @param consumed how many items that state has taken
    /// @param tracked_ how many assets it has totals of
    /// @param guarded_ whether the orderly return goes on
    function advance(Position position, uint64 epoch_, uint64 asOf_, uint64 consumed, uint256 tracked_, bool guarded_)
        internal
        pure
        returns (Position)
    {
        uint256 next = SafeCast.toUint40(epoch_) | uint256(SafeCast.toUint40(asOf_)) << AS_OF;
        next |= uint256(inboxLength(position)) << LENGTH | uint256(SafeCast.toUint40(consumed)) << CONSUMED;
        next |= uint256(inboxLength(position)) << AT_LAST | uint256(lengthAtLast(position)) << AT_BEFORE;
        next |= uint256(SafeCast.toUint8(tracked_)) << TRACKED | (guarded_ ? 1 << GUARDED : 0);
        return Position.wrap(next);
    }

    /// @notice The position with one item more in the inbox.
    function withItem(Position position) internal pure returns (Position) {
        // The length is checked to fit; then the addition cannot reach the field above it.
        SafeCast.toUint40(uint256(inboxLength(position)) + 1);
        return Position.wrap(Position.unwrap(position) + (1 << LENGTH));
    }

    /// @notice The position with the mark that executions have to look at pause and barrier.
    function withGuard(Position position) internal pure returns (Position) {
        return Position.wrap(Position.unwrap(position) | 1 << GUARDED);
    }

    /// @notice The last executed epoch.
    function epoch(Position position) internal pure returns (uint40) {
        return uint40(Position.unwrap(position));
    }

    /// @notice The chain time of its state.
    function asOf(Position position) internal pure returns (uint40) {
        return uint40(Position.unwrap(position) >> AS_OF);
    }

    /// @notice How many items have been queued.
    function inboxLength(Position position) internal pure returns (uint40) {
        return uint40(Position.unwrap(position) >> LENGTH);
    }

    /// @notice How many of them the state has taken.
    function inboxConsumed(Position position) internal pure returns (uint40) {
        return uint40(Position.unwrap(position) >> CONSUMED);
    }

    /// @notice The length of the inbox at the last execution.
    function lengthAtLast(Position position) internal pure returns (uint40) {
        return uint40(Position.unwrap(position) >> AT_LAST);
    }

    /// @notice The length of the inbox at the execution before that.
    function lengthAtBefore(Position position) internal pure returns (uint40) {
        return uint40(Position.unwrap(position) >> AT_BEFORE);
    }

    /// @notice How many assets have totals.
    function tracked(Position position) internal pure returns (uint256) {
        return uint8(Position.unwrap(position) >> TRACKED);
    }

    /// @notice Whether a pause or an orderly return may stand.
    function guarded(Position position) internal pure returns (bool) {
        return Position.unwrap(position) >> GUARDED != 0;
    }
}
