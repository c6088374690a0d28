// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ISmartnodesMultisig} from "../interfaces/ISmartnodesMultisig.sol";
import {ParameterBounds} from "../ParameterBounds.sol";
import {Parameter} from "../Structs.sol";
import {Head} from "./Head.sol";

/// @title When epochs close and rounds begin, and the chance that comes with each execution
/// @notice Epoch e closes at `max(T_{e−1} + epochLength, execution of e−1)`; round r of it begins `r · roundLength`
/// later. Both lengths live here and travel to the state through the inbox, so that the two never count in different
/// units.
abstract contract Clock is Head, ISmartnodesMultisig {
    using SafeCast for uint256;

    struct Lengths {
        uint24 round;
        uint24 nextEpoch;
        uint24 nextRound;
        uint40 actAt;
    }

    uint8 private constant PARAMETER = 6;

    Lengths private _lengths;

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

    constructor(uint32 epochLength_, uint32 roundLength_, bytes32 seed0) {
        _checkLengths(epochLength_, roundLength_);
        _front.epochLength = uint24(epochLength_);
        _front.untilStart = uint24(epochLength_);
        _lengths.round = uint24(roundLength_);
        seed = seed0;
    }

    /// @notice Sets the lengths of epochs and rounds, in seconds, for the epoch after the one whose update has consumed
    /// the items that are queued here. Only by governance.
    /// @dev Lengths that wait are not replaced: an update may consume their items without those of the next, and from
    /// there on the state would count in other lengths than this contract.
    function setLengths(uint32 epochLength_, uint32 roundLength_) external restricted {
        if (_marked(LENGTHS_PENDING)) revert LengthsPending(_lengths.actAt);
        _checkLengths(epochLength_, roundLength_);
        _queue(PARAMETER, address(0), address(0), epochLength_, address(0), _index(Parameter.EpochLength));
        uint40 last = _queue(PARAMETER, address(0), address(0), roundLength_, address(0), _index(Parameter.RoundLength));
        // Both are bounded by a day.
        _lengths.nextEpoch = uint24(epochLength_);
        _lengths.nextRound = uint24(roundLength_);
        _lengths.actAt = last;
        _mark(LENGTHS_PENDING, true);
        emit LengthsSet(epochLength_, roundLength_, last);
    }

    /// @inheritdoc ISmartnodesMultisig
    function lastExecution() external view returns (uint64) {
        return _genesis + _front.executedAt;
    }

    /// @notice When round 0 of the next epoch begins.
    function epochStart() external view returns (uint64) {
        return _start(_front);
    }

    /// @notice An epoch closes this long after the one before at the earliest, in seconds.
    function epochLength() external view returns (uint32) {
        return _front.epochLength;
    }

    /// @notice How long a round of votes lasts, in seconds.
    function roundLength() external view returns (uint32) {
        return _lengths.round;
    }

    /// @dev Reverts before a round of the next epoch has begun.
    function _checkRound(Front memory front, uint32 round) internal view {
        uint256 start = _start(front);
        if (round != 0) start += uint256(round) * _lengths.round;
        if (block.timestamp < start) revert RoundNotStarted(start, block.timestamp);
    }

    /// @dev Ends an epoch: new lengths if its update has consumed them, the next start, the next seed.
    function _advance(uint64 epoch, uint64 inboxCount) internal {
        Front memory front = _front;
        uint256 start = _start(front);
        if (front.marks & LENGTHS_PENDING != 0 && inboxCount >= _lengths.actAt) {
            front.epochLength = _lengths.nextEpoch;
            front.marks &= ~LENGTHS_PENDING;
            _lengths.round = _lengths.nextRound;
        }
        start += front.epochLength;
        front.executedAt = (block.timestamp - _genesis).toUint32();
        // The epoch that ends had begun, so that the next begins at most one length from now.
        front.untilStart = start > block.timestamp ? uint24(start - block.timestamp) : 0;
        _front = front;
        seed = keccak256(abi.encode(seed, block.prevrandao, epoch));
    }

    function _start(Front memory front) private view returns (uint64) {
        return _genesis + front.executedAt + front.untilStart;
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
