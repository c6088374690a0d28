// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title What the governor decided waits here before it acts
/// @notice Only the governor proposes and cancels, anybody executes what has waited, and nobody administers it but
/// itself. It is the administrator of SmartnodesAccess, hence the only one who changes a parameter.
contract SmartnodesTimelock is TimelockController {
    /// @notice The longest delay, in seconds.
    uint256 public constant MOST_DELAY = 30 days;

    /// @notice The delay is longer than can be; in seconds.
    error DelayOutOfBounds(uint256 delay, uint256 most);
    /// @notice Without a governor nothing could ever be decided.
    error GovernorMissing();

    /// @param minDelay how long a decision waits at least, in seconds
    /// @param governor the address that the governor will have
    constructor(uint256 minDelay, address governor)
        TimelockController(_bounded(minDelay), _only(governor), _only(address(0)), address(0))
    {
        if (governor == address(0)) revert GovernorMissing();
    }

    /// @notice Changes the delay, in seconds; only by a decision that waited here.
    function updateDelay(uint256 newDelay) public override {
        super.updateDelay(_bounded(newDelay));
    }

    function _bounded(uint256 delay) private pure returns (uint256) {
        if (delay > MOST_DELAY) revert DelayOutOfBounds(delay, MOST_DELAY);
        return delay;
    }

    function _only(address account) private pure returns (address[] memory list) {
        list = new address[](1);
        list[0] = account;
    }
}
