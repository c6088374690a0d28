// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ISmartnodesCore} from "../interfaces/ISmartnodesCore.sol";
import {ISmartnodesToken} from "../interfaces/ISmartnodesToken.sol";

/// @notice What governs the validators, as deployed. Times in seconds.
/// @param epochLength an epoch closes this long after the one before, at the earliest
/// @param roundLength how long a round of votes lasts
/// @param joinPeriod how long one place in the set takes, for every sixteenth validator one place more
/// @param exitNotice how long who asked to leave goes on voting at most
/// @param unbonding how long stake stays slashable after its owner left
/// @param minimumStake in wei of SNO
struct MultisigTerms {
    uint32 epochLength;
    uint32 roundLength;
    uint32 joinPeriod;
    uint32 exitNotice;
    uint32 unbonding;
    uint256 minimumStake;
}

/// @notice The terms that governance sets one by one; the lengths of epochs and rounds go together.
enum Term {
    JoinPeriod,
    ExitNotice,
    Unbonding,
    MinimumStake
}

/// @title The terms of the validators, under governance
/// @notice Every setter checks bounds in the unit that it names. A change acts on what begins after it: a notice or an
/// unbonding that runs keeps its end.
abstract contract Terms is AccessManaged {
    using SafeCast for uint256;

    struct Stored {
        uint32 joinPeriod;
        uint32 exitNotice;
        uint32 unbonding;
        uint40 lastEligibleAt;
        uint96 minimumStake;
    }

    /// @notice Where the updates go.
    ISmartnodesCore public immutable core;
    /// @notice SNO, in which the stake is paid.
    ISmartnodesToken public immutable token;

    Stored internal _terms;

    /// @notice A term was set; times in seconds, stake in wei of SNO.
    event TermSet(Term indexed term, uint256 value);

    /// @notice The value is out of its bounds, which both count as allowed.
    error TermOutOfBounds(Term term, uint256 value, uint256 least, uint256 most);

    constructor(ISmartnodesCore core_, ISmartnodesToken token_, address access, MultisigTerms memory terms)
        AccessManaged(access)
    {
        core = core_;
        token = token_;
        _setJoinPeriod(terms.joinPeriod);
        _setExitNotice(terms.exitNotice);
        _setUnbonding(terms.unbonding);
        _setMinimumStake(terms.minimumStake);
    }

    /// @notice Sets how long one place in the set takes: 1 second to 30 days. Only by governance.
    function setJoinPeriod(uint32 value) external restricted {
        _setJoinPeriod(value);
    }

    /// @notice Sets the notice of an exit: 1 second to 30 days. Only by governance.
    function setExitNotice(uint32 value) external restricted {
        _setExitNotice(value);
    }

    /// @notice Sets how long stake stays slashable after an exit: 1 second to 365 days. Only by governance.
    function setUnbonding(uint32 value) external restricted {
        _setUnbonding(value);
    }

    /// @notice Sets what joining takes at least: 10^18 to 10^25 wei of SNO. Only by governance.
    function setMinimumStake(uint256 value) external restricted {
        _setMinimumStake(value);
    }

    /// @notice How long one place in the set takes, in seconds; `max(1, N/16)` places per period.
    function joinPeriod() external view returns (uint32) {
        return _terms.joinPeriod;
    }

    /// @notice The notice of an exit, in seconds.
    function exitNotice() external view returns (uint32) {
        return _terms.exitNotice;
    }

    /// @notice How long stake stays slashable after its owner left, in seconds.
    function unbonding() external view returns (uint32) {
        return _terms.unbonding;
    }

    /// @notice What joining takes at least, in wei of SNO.
    function minimumStake() external view returns (uint256) {
        return _terms.minimumStake;
    }

    /// @dev Queues an item for the state; returns the position after it.
    function _queue(uint8 kind, address account, address asset, uint256 amount, address target, bytes32 data)
        internal
        returns (uint40 position)
    {
        return (uint256(core.queue(kind, account, asset, amount, target, data)) + 1).toUint40();
    }

    /// @dev The epoch whose update comes next.
    function _nextEpoch() internal view returns (uint64) {
        return core.epoch() + 1;
    }

    function _setJoinPeriod(uint32 value) private {
        _bounded(Term.JoinPeriod, value, 1 seconds, 30 days);
        _terms.joinPeriod = value;
    }

    function _setExitNotice(uint32 value) private {
        _bounded(Term.ExitNotice, value, 1 seconds, 30 days);
        _terms.exitNotice = value;
    }

    function _setUnbonding(uint32 value) private {
        _bounded(Term.Unbonding, value, 1 seconds, 365 days);
        _terms.unbonding = value;
    }

    function _setMinimumStake(uint256 value) private {
        _bounded(Term.MinimumStake, value, 1e18, 1e25);
        _terms.minimumStake = value.toUint96();
    }

    function _bounded(Term term, uint256 value, uint256 least, uint256 most) private {
        if (value < least || value > most) revert TermOutOfBounds(term, value, least, most);
        emit TermSet(term, value);
    }
}
