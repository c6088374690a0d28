// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ISmartnodesToken} from "../interfaces/ISmartnodesToken.sol";
import {Slash, Update} from "../Structs.sol";
import {Roster} from "./Roster.sol";

/// @title What an update may take from operators
/// @notice Bounded per day of block time (days since 1970), so that not even a dishonest quorum empties the set or the
/// stake before the others can leave: `max(1, N/16)` ejections, and a sixteenth of the stake. A slash that goes beyond
/// takes what is left, so that no update hangs on it. Slashed stake is burnt at once.
abstract contract Penalties is Roster {
    using SafeERC20 for ISmartnodesToken;

    struct Day {
        uint40 number;
        uint16 ejections;
        uint128 slashed;
    }

    uint256 private constant SHARE = 16;

    Day private _day;

    /// @notice Stake was taken by an update, in wei of SNO; as much of what it names as was left within the limits.
    event StakeSlashed(address indexed operator, uint256 amount, bytes32 indexed evidenceId);

    /// @notice More ejections than a day allows.
    error EjectionLimitExceeded(uint256 ejections, uint256 allowed);

    /// @dev Reverts when an update ejects more than the day leaves.
    function _checkEjections(uint256 named) internal view returns (uint256 today) {
        if (named == 0) return 0;
        uint256 share = _validators() / SHARE;
        uint256 allowed = share == 0 ? 1 : share;
        today = named + (_day.number == _today() ? _day.ejections : 0);
        if (today > allowed) revert EjectionLimitExceeded(today, allowed);
    }

    /// @dev Counts the ejections of an update and takes what it slashes.
    function _punish(Update calldata update) internal {
        if (update.ejections.length == 0 && update.slashes.length == 0) return;
        uint256 ejections = _checkEjections(update.ejections.length);
        Day memory day = _day;
        if (day.number != _today()) day = Day({number: _today(), ejections: 0, slashed: 0});
        // At most 16, since a set has at most 256; at most the supply of SNO.
        if (ejections != 0) day.ejections = uint16(ejections);
        uint256 taken = 0;
        for (uint256 i = 0; i < update.slashes.length; ++i) {
            uint256 limit = totalStake / SHARE;
            uint256 left = limit > day.slashed ? limit - day.slashed : 0;
            uint256 amount = _slash(update.slashes[i], left);
            day.slashed += uint128(amount);
            taken += amount;
        }
        _day = day;
        _burn(taken);
    }

    function _burn(uint256 amount) internal {
        if (amount == 0) return;
        token.safeTransfer(address(core), amount);
        core.burnStake(amount);
    }

    function _slash(Slash calldata slash, uint256 left) private returns (uint256 amount) {
        Member memory member = _member(slash.operator);
        amount = slash.amount < left ? slash.amount : left;
        if (amount > member.stake) amount = member.stake;
        member.stake -= uint96(amount);
        if (amount != 0) _store(slash.operator, member);
        emit StakeSlashed(slash.operator, amount, slash.evidenceId);
    }

    function _today() private view returns (uint40) {
        return uint40(block.timestamp / 1 days);
    }
}
