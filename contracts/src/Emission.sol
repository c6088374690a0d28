// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Emission schedule of SNO (rule 2.4)
/// @notice Everything is in seconds and in wei; no other contract holds a rate of its own.
library Emission {
    uint256 internal constant YEAR = 31_536_000 seconds;
    uint256 internal constant HOURS_PER_YEAR = 8760;
    uint256 internal constant FIRST_HOURLY = 5625e18;
    uint256 internal constant TAIL_HOURLY = 420e18;

    /// @notice What may have been minted in all when `elapsed` seconds have passed since genesis.
    function upTo(uint64 elapsed) internal pure returns (uint256 total) {
        uint256 fullYears = elapsed / YEAR;
        uint256 hourly = FIRST_HOURLY;
        for (uint256 year = 0; year < fullYears; ++year) {
            if (hourly == TAIL_HOURLY) {
                // From here every year is the same, so that the loop has seven turns at most.
                total += (fullYears - year) * TAIL_HOURLY * HOURS_PER_YEAR;
                break;
            }
            total += hourly * HOURS_PER_YEAR;
            hourly = (hourly * 6) / 10;
            if (hourly < TAIL_HOURLY) hourly = TAIL_HOURLY;
        }
        total += (hourly * (elapsed % YEAR)) / 1 hours;
    }
}
