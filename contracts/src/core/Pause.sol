// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ISmartnodesCore} from "../interfaces/ISmartnodesCore.sol";
import {CoreBase} from "./CoreBase.sol";

/// @title The pause: time to look at something that went wrong
/// @notice Stops updates and new deposits, never claims, releases, escapes or withdrawals; exits can be asked for, and
/// complete by time after it. Seven days in each quarter of 91 days from genesis are all there is, so that a pause can
/// neither last nor open the escape hatch.
abstract contract Pause is CoreBase {
    uint256 private constant QUARTER = 91 days;
    uint256 private constant BUDGET = 7 days;

    uint64 private _pausedUntil;
    mapping(uint256 quarter => uint256) private _pauseSpent;

    /// @notice Updates and deposits are stopped until then.
    event PauseStarted(address indexed caller, uint64 until);
    /// @notice The pause was lifted before its end; what was announced stays spent.
    event PauseEnded(address indexed caller, uint64 until);

    /// @notice Updates and deposits are stopped until then.
    error Paused(uint64 until);
    /// @notice A quarter has not that many seconds of pause left.
    error PauseBudgetExceeded(uint256 quarter, uint256 wanted, uint256 left);
    /// @notice Nothing is paused.
    error NotPaused();

    /// @notice Stops updates and deposits for some seconds from now, or from the end of the present pause; by
    /// governance or the guardian. Each second is charged to the quarter in which it lies.
    /// @param secondsLong how long
    function pause(uint32 secondsLong) external restricted {
        if (secondsLong == 0) revert AmountZero();
        uint256 from = _pausedUntil > block.timestamp ? _pausedUntil : block.timestamp;
        uint256 until = from + secondsLong;
        while (from < until) {
            uint256 quarter = _quarterOf(from);
            uint256 end = uint256(genesis) + (quarter + 1) * QUARTER;
            if (end > until) end = until;
            uint256 left = BUDGET - _pauseSpent[quarter];
            // Two quarters at most, because a third would need a whole one between them.
            if (end - from > left) revert PauseBudgetExceeded(quarter, end - from, left);
            _pauseSpent[quarter] += end - from;
            from = end;
        }
        _pausedUntil = SafeCast.toUint64(until);
        _position = _position.withGuard();
        emit PauseStarted(msg.sender, _pausedUntil);
    }

    /// @notice Lifts the pause; by governance or the guardian.
    function unpause() external restricted {
        uint64 until = _pausedUntil;
        if (until <= block.timestamp) revert NotPaused();
        _pausedUntil = 0;
        emit PauseEnded(msg.sender, until);
    }

    /// @inheritdoc ISmartnodesCore
    function pausedUntil() external view override returns (uint64) {
        return _pausedUntil;
    }

    /// @notice How many seconds of pause are left in the quarter of a time.
    function pauseLeft(uint64 time) external view returns (uint256) {
        return BUDGET - _pauseSpent[_quarterOf(time)];
    }

    function _checkPause() internal view {
        uint64 until = _pausedUntil;
        if (until > block.timestamp) revert Paused(until);
    }

    function _quarterOf(uint256 time) private view returns (uint256) {
        return time < genesis ? 0 : (time - genesis) / QUARTER;
    }
}
