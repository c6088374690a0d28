// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Claims} from "./core/Claims.sol";
import {CoreBase} from "./core/CoreBase.sol";
import {Networks} from "./core/Networks.sol";
import {NodeKeys} from "./core/NodeKeys.sol";
import {Parameters} from "./core/Parameters.sol";
import {Updates} from "./core/Updates.sol";
import {ISmartnodesToken} from "./interfaces/ISmartnodesToken.sol";
import {AssetTerms} from "./Structs.sol";

/// @title Core of Smartnodes: inbox, state roots, money
/// @notice Queues what happens on the chain for the replicated state, holds the deposits, keeps the roots of the last
/// executed epochs and pays what those roots prove. It takes updates from one multisig only and is never replaced.
/// @dev Amounts are in the smallest unit of their asset, times in seconds. Asset zero is the native coin. Governance
/// acts through the access manager; nobody else can change anything but what is its own.
contract SmartnodesCore is Claims, NodeKeys, Networks, Parameters {
    /// @param token_ SNO, made for this address
    /// @param multisig_ the address that the multisig will have
    /// @param access the address that the access manager will have
    /// @param genesis_ the start of all schedules
    /// @param genesisStateRoot_ the root of the state before the first epoch
    /// @param assets what is accepted beside SNO: the native coin (zero) and ERC-20s, each with its rate
    constructor(
        ISmartnodesToken token_,
        address multisig_,
        address access,
        uint64 genesis_,
        bytes32 genesisStateRoot_,
        AssetTerms[] memory assets
    ) CoreBase(token_, multisig_, access, genesis_) Updates(genesisStateRoot_) {
        _approve(address(token_), 1e18);
        for (uint256 i = 0; i < assets.length; ++i) {
            _approve(assets[i].asset, assets[i].rate);
        }
    }
}
