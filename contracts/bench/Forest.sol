// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A leaf of any type with where it stands in the state tree
struct PlacedLeaf {
    uint256 path;
    bytes32 hash;
}

/// @title State trees that are as deep as those of many accounts, without the accounts
/// @notice Where no leaf of ours is, an arbitrary node stands; so every proof has `depth` siblings.
library Forest {
    function place(uint8 leafType, bytes32 key, bytes32 structHash) internal pure returns (PlacedLeaf memory) {
        return PlacedLeaf(
            uint256(keccak256(abi.encode(leafType, key))),
            keccak256(bytes.concat(keccak256(abi.encode(leafType, key, structHash))))
        );
    }

    function root(PlacedLeaf[] memory leaves, uint256 depth) internal pure returns (bytes32) {
        return node(leaves, 0, depth);
    }

    function proof(PlacedLeaf[] memory leaves, uint256 wanted, uint256 depth)
        internal
        pure
        returns (bytes32[] memory siblings)
    {
        siblings = new bytes32[](depth);
        uint256 path = leaves[wanted].path;
        for (uint256 level = 0; level < depth; ++level) {
            bool right = bit(path, level);
            // At the depth from the root; siblings are given from the leaf upwards.
            siblings[depth - 1 - level] = node(side(leaves, level, !right), level + 1, depth);
            leaves = side(leaves, level, right);
        }
    }

    function node(PlacedLeaf[] memory leaves, uint256 level, uint256 depth) private pure returns (bytes32) {
        if (leaves.length == 0) return keccak256(abi.encode("another", level));
        if (level == depth) {
            assert(leaves.length == 1);
            return leaves[0].hash;
        }
        bytes32 left = node(side(leaves, level, false), level + 1, depth);
        return keccak256(bytes.concat(left, node(side(leaves, level, true), level + 1, depth)));
    }

    function side(PlacedLeaf[] memory leaves, uint256 level, bool right)
        private
        pure
        returns (PlacedLeaf[] memory chosen)
    {
        uint256 count = 0;
        for (uint256 i = 0; i < leaves.length; ++i) {
            if (bit(leaves[i].path, level) == right) ++count;
        }
        chosen = new PlacedLeaf[](count);
        for (uint256 i = leaves.length; i != 0; --i) {
            if (bit(leaves[i - 1].path, level) == right) chosen[--count] = leaves[i - 1];
        }
    }

    function bit(uint256 path, uint256 level) private pure returns (bool) {
        return (path >> (255 - level)) & 1 == 1;
    }
}
