// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Update} from "../src/Structs.sol";

/// @title The digest of an update by the rules of EIP-712, apart from the code under test
abstract contract UpdateDigest {
    function digestOf(Update memory update) internal pure returns (bytes32) {
        bytes32[] memory totals = new bytes32[](update.totals.length);
        for (uint256 i = 0; i < totals.length; ++i) {
            totals[i] = keccak256(
                abi.encode(
                    keccak256(
                        "AssetTotals(address asset,uint256 balances,uint256 payouts,uint256 heldBack,uint256 burnt,uint256 minted)"
                    ),
                    update.totals[i]
                )
            );
        }
        bytes32[] memory slashes = new bytes32[](update.slashes.length);
        for (uint256 i = 0; i < slashes.length; ++i) {
            slashes[i] = keccak256(
                abi.encode(keccak256("Slash(address operator,uint256 amount,bytes32 evidenceId)"), update.slashes[i])
            );
        }
        bytes memory head = abi.encode(
            keccak256(
                "Update(uint64 epoch,bytes32 previousStateRoot,bytes32 stateRoot,bytes32 bodyHash,uint64 inboxCount,bytes32 inboxHash,uint64 asOf,AssetTotals[] totals,address[] ejections,Slash[] slashes,bytes32 nextSetHash)AssetTotals(address asset,uint256 balances,uint256 payouts,uint256 heldBack,uint256 burnt,uint256 minted)Slash(address operator,uint256 amount,bytes32 evidenceId)"
            ),
            update.epoch,
            update.previousStateRoot,
            update.stateRoot,
            update.bodyHash,
            update.inboxCount,
            update.inboxHash
        );
        bytes memory tail = abi.encode(
            update.asOf,
            keccak256(abi.encodePacked(totals)),
            keccak256(abi.encodePacked(update.ejections)),
            keccak256(abi.encodePacked(slashes)),
            update.nextSetHash
        );
        return keccak256(bytes.concat(head, tail));
    }
}
