// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ISmartnodesCore} from "../interfaces/ISmartnodesCore.sol";
import {ISmartnodesToken} from "../interfaces/ISmartnodesToken.sol";
import {Position} from "./Position.sol";

/// @title What all parts of Core share: who it is wired to, and where the state stands
/// @dev Amounts are in the smallest unit of their asset, times in seconds. Asset zero is the native coin.
abstract contract CoreBase is ISmartnodesCore, AccessManaged, ReentrancyGuardTransient {
    address internal constant NATIVE = address(0);

    /// @notice SNO.
    ISmartnodesToken public immutable token;
    /// @inheritdoc ISmartnodesCore
    address public immutable override multisig;
    /// @inheritdoc ISmartnodesCore
    uint64 public immutable override genesis;

    Position internal _position;

    /// @notice Only the multisig may do this.
    error CallerNotMultisig(address caller);
    /// @notice The token was made for another Core, or counts from another genesis.
    error TokenNotWired(address tokenCore, uint64 tokenGenesis);
    /// @notice The multisig's or the authority's address is missing.
    error AddressMissing();
    /// @notice The amount must be above zero.
    error AmountZero();

    modifier onlyMultisig() {
        _checkMultisig();
        _;
    }

    constructor(ISmartnodesToken token_, address multisig_, address access, uint64 genesis_) AccessManaged(access) {
        if (token_.core() != address(this) || token_.genesis() != genesis_) {
            revert TokenNotWired(token_.core(), token_.genesis());
        }
        if (multisig_ == address(0) || access == address(0)) revert AddressMissing();
        token = token_;
        multisig = multisig_;
        genesis = genesis_;
    }

    /// @inheritdoc ISmartnodesCore
    function epoch() public view override returns (uint64) {
        return _position.epoch();
    }

    /// @notice The chain time of the last executed state; genesis before there is one.
    function asOf() external view returns (uint64) {
        return _position.asOf();
    }

    function _checkMultisig() private view {
        if (msg.sender != multisig) revert CallerNotMultisig(msg.sender);
    }
}
