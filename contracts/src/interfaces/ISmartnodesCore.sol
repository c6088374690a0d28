// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Update} from "../Structs.sol";

/// @title What the multisig needs of Core
interface ISmartnodesCore {
    /// @notice The only account that applies updates.
    function multisig() external view returns (address);

    /// @notice The start of all schedules, in seconds.
    function genesis() external view returns (uint64);

    /// @notice The last executed epoch.
    function epoch() external view returns (uint64);

    /// @notice The EIP-712 domain of everything that is signed.
    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() external view returns (bytes32);

    /// @notice Applies the update of the next epoch; only by the multisig.
    function applyUpdate(Update calldata update) external;
}
