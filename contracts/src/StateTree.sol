// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {StructHash} from "./StructHash.sol";
import {Allotment, Job, Payout} from "./Structs.sol";

/// @title Proofs of inclusion in the state tree (rule 2.1.1)
/// @notice A sparse Merkle tree over 256-bit paths, most significant bit first, zero to the left. Leaves are hashed
/// twice and over 96 bytes, so that no inner node, which is hashed once over 64 bytes, can be passed off as a leaf.
library StateTree {
    using StructHash for Allotment;
    using StructHash for Job;
    using StructHash for Payout;

    uint8 internal constant ALLOTMENT_TYPE = 2;
    uint8 internal constant JOB_TYPE = 3;
    uint8 internal constant PAYOUT_TYPE = 5;

    /// @notice A path has 256 bits, so that no proof is longer.
    error ProofTooLong(uint256 length);

    /// @notice The root that an allotment leaf and its siblings, from the leaf upwards, lead to.
    function rootOf(Allotment calldata leaf, bytes32[] calldata siblings) internal pure returns (bytes32) {
        bytes32 key = keccak256(abi.encode(leaf.account, leaf.asset, leaf.home));
        return rootOf(ALLOTMENT_TYPE, key, leaf.hash(), siblings);
    }

    /// @notice The root that a job leaf and its siblings, from the leaf upwards, lead to.
    function rootOf(Job calldata leaf, bytes32[] calldata siblings) internal pure returns (bytes32) {
        return rootOf(JOB_TYPE, leaf.jobId, leaf.hash(), siblings);
    }

    /// @notice The root that a payout leaf and its siblings, from the leaf upwards, lead to.
    function rootOf(Payout calldata leaf, bytes32[] calldata siblings) internal pure returns (bytes32) {
        return rootOf(PAYOUT_TYPE, payoutKey(leaf.account, leaf.asset), leaf.hash(), siblings);
    }

    /// @notice What the payout leaf of an account and an asset is found by.
    function payoutKey(address account, address asset) internal pure returns (bytes32) {
        return keccak256(abi.encode(account, asset));
    }

    /// @notice The root that a leaf of any type and its siblings, from the leaf upwards, lead to.
    /// @param leafType the number of its type
    /// @param key what it is found by
    /// @param structHash what it says
    /// @param siblings the proof; sibling i sits at bit depth − 1 − i of the path, counted from the most significant one
    function rootOf(uint8 leafType, bytes32 key, bytes32 structHash, bytes32[] calldata siblings)
        internal
        pure
        returns (bytes32 node)
    {
        uint256 depth = siblings.length;
        if (depth > 256) revert ProofTooLong(depth);
        node = keccak256(bytes.concat(keccak256(abi.encode(leafType, key, structHash))));
        // The bit of sibling 0 becomes the lowest one. Shifting by 256 leaves zero, as it must when there is none.
        uint256 path = uint256(keccak256(abi.encode(leafType, key))) >> (256 - depth);
        assembly ("memory-safe") {
            let at := siblings.offset
            for { let end := add(at, shl(5, depth)) } lt(at, end) { at := add(at, 0x20) } {
                // Scratch space: the node goes right, and the sibling left, when the bit is set.
                let right := shl(5, and(path, 1))
                mstore(right, node)
                mstore(xor(right, 0x20), calldataload(at))
                node := keccak256(0x00, 0x40)
                path := shr(1, path)
            }
        }
    }
}
