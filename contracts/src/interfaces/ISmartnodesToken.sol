// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/// @title What Core and the multisig need of SNO
interface ISmartnodesToken is IERC20, IERC20Permit {
    /// @notice The only account that mints and burns.
    function core() external view returns (address);

    /// @notice The start of the emission schedule, in seconds.
    function genesis() external view returns (uint64);

    /// @notice What has been minted after genesis in all; never above the schedule.
    function minted() external view returns (uint256);

    /// @notice Creates an amount within the schedule; only by Core.
    function mint(address to, uint256 amount) external;

    /// @notice Destroys an amount of the caller's own balance; only by Core.
    function burn(uint256 amount) external;
}
