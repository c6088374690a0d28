// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Update} from "../Structs.sol";

/// @title What the multisig needs of Core
interface ISmartnodesCore {
    /// @notice The only account that applies updates, binds node keys and queues for operators.
    function multisig() external view returns (address);

    /// @notice The start of all schedules, in seconds.
    function genesis() external view returns (uint64);

    /// @notice The last executed epoch.
    function epoch() external view returns (uint64);

    /// @notice Until when updates and deposits are stopped; a time that has passed means that they are not.
    function pausedUntil() external view returns (uint64);

    /// @notice How many inbox items have been queued.
    function inboxLength() external view returns (uint64);

    /// @notice The operator that a node key was bound to, for good; zero when none.
    function operatorOf(address nodeAddress) external view returns (address);

    /// @notice The EIP-712 domain of everything that is signed.
    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() external view returns (bytes32);

    /// @notice Applies the update of the next epoch; only by the multisig.
    function applyUpdate(Update calldata update) external;

    /// @notice Binds a node key to an operator for good, by proof of possession; only by the multisig.
    /// @param operator whom the key serves; binding it to the same operator again changes nothing
    /// @param x the key's coordinate
    /// @param y the key's coordinate
    /// @param proof the key's compact signature (EIP-2098, 64 bytes) over NodeKeyProof(operator, x, y)
    /// @return nodeAddress the address of the key
    function bindNodeKey(address operator, bytes32 x, bytes32 y, bytes calldata proof)
        external
        returns (address nodeAddress);

    /// @notice Queues an item about an operator or a length of time; only by the multisig.
    /// @return index where it stands
    function queue(uint8 kind, address account, address asset, uint256 amount, address target, bytes32 data)
        external
        returns (uint64 index);

    /// @notice Burns SNO that the multisig sent to Core in the same call: slashed stake; only by the multisig.
    function burnStake(uint256 amount) external;
}
