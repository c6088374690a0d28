// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Emission} from "../src/Emission.sol";

/// @title The emission schedule, second by second
/// @notice Each function holds for all its arguments; halmos looks for a counterexample. Together with the sums at the
/// ends of the years, which are computed, the first one bounds the schedule at every second by induction.
contract EmissionChecks {
    uint256 private constant YEAR = 31_536_000;
    uint256 private constant CENTURY = 100 * YEAR;

    function check_everySecondOfACenturyMintsTheRateOfItsYear(uint64 elapsed) public pure {
        if (elapsed >= CENTURY) return;
        uint256 minted = Emission.upTo(elapsed + 1) - Emission.upTo(elapsed);
        uint256 rate = hourly(elapsed) / 1 hours;
        // Rounding down at both ends moves the difference by one wei at most.
        assert(minted == rate || minted == rate + 1);
    }

    function check_theSumsAtTheEndsOfTheYears() public pure {
        uint256 sum = 0;
        for (uint64 year = 0; year < 12; ++year) {
            assert(Emission.upTo(year * 31_536_000) == sum);
            sum += hourly(year * 31_536_000) * 8760;
        }
    }

    function hourly(uint256 elapsed) private pure returns (uint256) {
        if (elapsed < YEAR) return 5625e18;
        if (elapsed < 2 * YEAR) return 3375e18;
        if (elapsed < 3 * YEAR) return 2025e18;
        if (elapsed < 4 * YEAR) return 1215e18;
        if (elapsed < 5 * YEAR) return 729e18;
        if (elapsed < 6 * YEAR) return 437.4e18;
        return 420e18;
    }
}
