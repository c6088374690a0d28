// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What Core needs of the multisig
interface ISmartnodesMultisig {
    /// @notice The block time of the last execution; genesis before there is one.
    function lastExecution() external view returns (uint64);

    /// @notice The stake of all validators of the current set together, in wei of SNO.
    function totalStake() external view returns (uint256);
}
