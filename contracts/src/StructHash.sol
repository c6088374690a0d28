// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AssetTotals, InboxItem, Payout, Slash, Update} from "./Structs.sol";

/// @title EIP-712 struct hashes of everything that the contracts identify
/// @notice Rule 1 of the protocol: whatever is signed, identified or put into a tree is known by its `hashStruct`.
/// @dev A struct of fixed-width fields only is encoded as its fields one after the other, which is what EIP-712 hashes.
library StructHash {
    bytes32 internal constant ASSET_TOTALS = keccak256(
        "AssetTotals(address asset,uint256 balances,uint256 payouts,uint256 heldBack,uint256 burnt,uint256 minted)"
    );
    bytes32 internal constant SLASH = keccak256("Slash(address operator,uint256 amount,bytes32 evidenceId)");
    bytes32 internal constant UPDATE = keccak256(
        "Update(uint64 epoch,bytes32 previousStateRoot,bytes32 stateRoot,bytes32 bodyHash,uint64 inboxCount,bytes32 inboxHash,uint64 asOf,AssetTotals[] totals,address[] ejections,Slash[] slashes,bytes32 nextSetHash)AssetTotals(address asset,uint256 balances,uint256 payouts,uint256 heldBack,uint256 burnt,uint256 minted)Slash(address operator,uint256 amount,bytes32 evidenceId)"
    );
    bytes32 internal constant VOTE = keccak256("Vote(uint64 epoch,uint32 round,bytes32 digest)");
    bytes32 internal constant INBOX_ITEM = keccak256(
        "InboxItem(uint64 index,uint8 kind,address account,address asset,uint256 amount,address target,bytes32 data)"
    );
    bytes32 internal constant PAYOUT =
        keccak256("Payout(address account,address asset,address payout,uint256 cumulative)");

    /// @notice The digest of an update: what validators vote for.
    function hash(Update calldata update) internal pure returns (bytes32) {
        // Two halves, because one call with twelve values needs more stack slots than the EVM reaches.
        bytes memory head = abi.encode(
            UPDATE, update.epoch, update.previousStateRoot, update.stateRoot, update.bodyHash, update.inboxCount
        );
        bytes memory tail = abi.encode(
            update.inboxHash,
            update.asOf,
            hash(update.totals),
            keccak256(abi.encodePacked(update.ejections)),
            hash(update.slashes),
            update.nextSetHash
        );
        return keccak256(bytes.concat(head, tail));
    }

    /// @notice The struct hash of a vote for a digest in one round of one epoch.
    function vote(uint64 epoch, uint32 round, bytes32 digest) internal pure returns (bytes32) {
        return keccak256(abi.encode(VOTE, epoch, round, digest));
    }

    /// @notice The struct hash of an inbox item.
    function hash(InboxItem memory item) internal pure returns (bytes32) {
        return keccak256(abi.encode(INBOX_ITEM, item));
    }

    /// @notice The struct hash of a payout leaf.
    function hash(Payout calldata payout) internal pure returns (bytes32) {
        return keccak256(abi.encode(PAYOUT, payout));
    }

    function hash(AssetTotals[] calldata totals) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](totals.length);
        for (uint256 i = 0; i < totals.length; ++i) {
            hashes[i] = keccak256(abi.encode(ASSET_TOTALS, totals[i]));
        }
        return keccak256(abi.encodePacked(hashes));
    }

    function hash(Slash[] calldata slashes) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](slashes.length);
        for (uint256 i = 0; i < slashes.length; ++i) {
            hashes[i] = keccak256(abi.encode(SLASH, slashes[i]));
        }
        return keccak256(abi.encodePacked(hashes));
    }
}
