// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title Who may call the restricted functions of Core and the multisig
/// @notice The timelock, and nobody else; except that a guardian may stop executions and deposits for a while
/// (`pause(uint32)` and `unpause()` of Core, within Core's own budget). The guardian can be revoked by the timelock.
contract SmartnodesAccess is AccessManager {
    /// @notice Whoever has this role pauses Core and ends the pause.
    uint64 public constant GUARDIAN = 1;

    /// @notice Core's address is missing.
    error CoreMissing();

    /// @param timelock the administrator
    /// @param core whose pause the guardian has
    /// @param guardian zero: nobody but the timelock
    constructor(address timelock, address core, address guardian) AccessManager(timelock) {
        if (core == address(0)) revert CoreMissing();
        _setTargetFunctionRole(core, bytes4(keccak256("pause(uint32)")), GUARDIAN);
        _setTargetFunctionRole(core, bytes4(keccak256("unpause()")), GUARDIAN);
        _grantRole(GUARDIAN, timelock, 0, 0);
        if (guardian != address(0)) _grantRole(GUARDIAN, guardian, 0, 0);
    }
}
