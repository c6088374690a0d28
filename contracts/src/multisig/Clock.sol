// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ISmartnodesMultisig} from "../interfaces/ISmartnodesMultisig.sol";
import {ParameterBounds} from "../ParameterBounds.sol";
import {Parameter} from "../Structs.sol";
import {Terms} from "./Terms.sol";

/// @title When epochs close and rounds begin, and the chance that comes with each execution
/// @notice Epoch e closes at `max(T_{e−1} + epochLength, execution of e−1)`; round r of it begins `r · roundLength`
/// later. Both lengths live here and travel to the state through the inbox, so that the two never count in different
/// units.
abstract contract Clock is Terms, ISmartnodesMultisig {
    using SafeCast for uint256;

    struct Time {
        uint40 executedAt;
        uint40 start;
        uint32 epochLength;
        uint32 roundLength;
        uint32 nextEpochLength;
        uint32 nextRoundLength;
        uint40 lengthsAt;
    }

    uint8 private constant PARAMETER = 6;

    Time private _time;

    /// @notice The seed after the last execution; before the first one what was fixed at deployment.
    bytes32 public seed;

    /// @notice Lengths were set, in seconds; they act from the update on that has consumed `inboxCount` items.
    event LengthsSet(uint32 epochLength, uint32 roundLength, uint64 inboxCount);

    /// @notice A round is shorter than an epoch.
    error RoundTooLong(uint256 roundLength, uint256 epochLength);
    /// @notice Lengths that were set before wait for an update that has consumed so many items.
    error LengthsPending(uint64 inboxCount);
    /// @notice The round of these votes has not begun.
    error RoundNotStarted(uint256 start, uint256 now_);

    constructor(uint32 epochLength_, uint32 roundLength_, uint64 genesis, bytes32 seed0) {
        _checkLengths(epochLength_, roundLength_);
        _time.epochLength = epochLength_;
        _time.roundLength = roundLength_;
        _time.executedAt = uint256(genesis).toUint40();
        _time.start = (uint256(genesis) + epochLength_).toUint40();
        seed = seed0;
    }

    /// @notice Sets the lengths of epochs and rounds, in seconds, for the epoch after the one whose update has consumed
    /// the items that are queued here. Only by governance.
    function setLengths(uint32 epochLength_, uint32 roundLength_) external restricted {
        if (_time.lengthsAt != 0) revert LengthsPending(_time.lengthsAt);
        _checkLengths(epochLength_, roundLength_);
        _queue(PARAMETER, address(0), address(0), epochLength_, address(0), _index(Parameter.EpochLength));
        uint40 last = _queue(PARAMETER, address(0), address(0), roundLength_, address(0), _index(Parameter.RoundLength));
        _time.nextEpochLength = epochLength_;
        _time.nextRoundLength = roundLength_;
        _time.lengthsAt = last;
        emit LengthsSet(epochLength_, roundLength_, last);
    }

    /// @inheritdoc ISmartnodesMultisig
    function lastExecution() external view returns (uint64) {
        return _time.executedAt;
    }

    /// @notice When round 0 of the next epoch begins.
    function epochStart() external view returns (uint64) {
        return _time.start;
    }

    /// @notice An epoch closes this long after the one before at the earliest, in seconds.
    function epochLength() external view returns (uint32) {
        return _time.epochLength;
    }

    /// @notice How long a round of votes lasts, in seconds.
    function roundLength() external view returns (uint32) {
        return _time.roundLength;
    }

    /// @dev Reverts before a round of the next epoch has begun.
    function _checkRound(uint32 round) internal view {
        uint256 start = uint256(_time.start) + uint256(round) * _time.roundLength;
        if (block.timestamp < start) revert RoundNotStarted(start, block.timestamp);
    }

    /// @dev Ends an epoch: new lengths if its update has consumed them, the next start, the next seed.
    function _advance(uint64 epoch, uint64 inboxCount) internal {
        Time memory time = _time;
        if (time.lengthsAt != 0 && inboxCount >= time.lengthsAt) {
            time.epochLength = time.nextEpochLength;
            time.roundLength = time.nextRoundLength;
            time.lengthsAt = 0;
        }
        uint256 due = uint256(time.start) + time.epochLength;
        time.executedAt = uint40(block.timestamp);
        time.start = due > block.timestamp ? due.toUint40() : uint40(block.timestamp);
        _time = time;
        seed = keccak256(abi.encode(seed, block.prevrandao, epoch));
    }

    function _checkLengths(uint32 epochLength_, uint32 roundLength_) private pure {
        ParameterBounds.check(Parameter.EpochLength, epochLength_);
        ParameterBounds.check(Parameter.RoundLength, roundLength_);
        if (roundLength_ >= epochLength_) revert RoundTooLong(roundLength_, epochLength_);
    }

    function _index(Parameter which) private pure returns (bytes32) {
        return bytes32(uint256(which));
    }
}
