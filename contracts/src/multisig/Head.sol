// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "./Terms.sol";

/// @title What every execution reads and writes, in one slot
/// @dev Times are kept relative to genesis, so that 32 bits last for 136 years; an execution beyond them reverts.
abstract contract Head is Terms {
    /// @dev `set`: the account whose code is the current set. `executedAt`: seconds from genesis to the last execution.
    /// `untilStart`: seconds from there to the start of the next epoch; an epoch is executed after its start, so that
    /// this is never longer than an epoch. `last`: the last position of the set. `marks`: what is out of the ordinary.
    struct Front {
        address set;
        uint32 executedAt;
        uint24 untilStart;
        uint24 epochLength;
        uint8 last;
        uint8 marks;
    }

    /// @dev Founders are missing.
    uint8 internal constant UNSTAKED = 1;
    /// @dev Positions of the set are excluded.
    uint8 internal constant EXCLUDING = 2;
    /// @dev An operator of the set asked to leave and came back, and no update has decided on it.
    uint8 internal constant RETURNING = 4;
    /// @dev Lengths wait for the inbox.
    uint8 internal constant LENGTHS_PENDING = 8;
    /// @dev The first verifier was, or will be, replaced.
    uint8 internal constant VERIFIER_REPLACED = 16;

    /// @dev The start of all schedules, in seconds.
    uint64 internal immutable _genesis;

    Front internal _front;

    constructor() {
        _genesis = core.genesis();
    }

    function _mark(uint8 bit, bool on) internal {
        uint8 marks = _front.marks;
        uint8 marked = on ? marks | bit : marks & ~bit;
        if (marked != marks) _front.marks = marked;
    }

    function _marked(uint8 bit) internal view returns (bool) {
        return _front.marks & bit != 0;
    }

    function _validators() internal view returns (uint256) {
        return uint256(_front.last) + 1;
    }
}
