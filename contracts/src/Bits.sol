// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Bitmaps of positions in the set of validators
library Bits {
    /// @notice The number of set bits, up to 256.
    /// @dev Sums of neighbours of growing width.
    function count(uint256 x) internal pure returns (uint256) {
        unchecked {
            x -= (x >> 1) & (type(uint256).max / 3);
            x = (x & (type(uint256).max / 5)) + ((x >> 2) & (type(uint256).max / 5));
            x = (x + (x >> 4)) & (type(uint256).max / 17);
            // Bytes of at most 8 each; in 16 bits from here on, because 256 does not fit into eight.
            x = (x & (type(uint256).max / 257)) + ((x >> 8) & (type(uint256).max / 257));
            return (x * (type(uint256).max / 65_535)) >> 240;
        }
    }
}
