// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Verification of votes; the only part of the multisig that can be replaced
interface IVoteVerifier {
    /// @notice Reverts unless every vote is by a validator of the set; counting them is the multisig's.
    /// @param hash the EIP-712 hash that was signed
    /// @param set the account whose code is the set (CodeStore): node address and operator, 20 bytes each, per position
    /// @param validators how many positions the set has
    /// @param votes what the scheme needs
    /// @return voters bit i stands for position i
    function verify(bytes32 hash, address set, uint256 validators, bytes calldata votes)
        external
        view
        returns (uint256 voters);
}
