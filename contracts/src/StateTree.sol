// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {StructHash} from "./StructHash.sol";
import {Payout} from "./Structs.sol";

/// @title Proofs of inclusion in the state tree (rule 2.1.1)
/// @notice A sparse Merkle tree over 256-bit paths, most significant bit first, zero to the left. Leaves are hashed
/// twice and over 96 bytes, so that no inner node, which is hashed once over 64 bytes, can be passed off as a leaf.
library StateTree {
    using StructHash for Payout;

    uint8 internal constant PAYOUT_TYPE = 5;

    /// @notice A path has 256 bits, so that no proof is longer.
    error ProofTooLong(uint256 length);

    /// @notice The root that a payout leaf and its siblings, from the leaf upwards, lead to.
    function rootOf(Payout calldata payout, bytes32[] calldata siblings) internal pure returns (bytes32 node) {
        bytes32 key = keccak256(abi.encode(payout.account, payout.asset));
        uint256 path = uint256(keccak256(abi.encode(PAYOUT_TYPE, key)));
        uint256 depth = siblings.length;
        if (depth > 256) revert ProofTooLong(depth);
        node = keccak256(bytes.concat(keccak256(abi.encode(PAYOUT_TYPE, key, payout.hash()))));
        for (uint256 i = 0; i < depth; ++i) {
            // Sibling i sits at bit depth − 1 − i counted from the most significant one.
            bool right = (path >> (256 - depth + i)) & 1 == 1;
            node =
                right ? keccak256(abi.encodePacked(siblings[i], node)) : keccak256(abi.encodePacked(node, siblings[i]));
        }
    }
}
