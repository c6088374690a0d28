// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Payout} from "../src/Structs.sol";

/// @title The state tree of payouts, built as rule 2.1.1 says, apart from the code under test
library Tree {
    bytes32 private constant PAYOUT =
        keccak256("Payout(address account,address asset,address payout,uint256 cumulative)");

    function root(Payout[] memory leaves) internal pure returns (bytes32) {
        return subtree(leaves, 0);
    }

    function proof(Payout[] memory leaves, Payout memory wanted) internal pure returns (bytes32[] memory siblings) {
        bytes32[] memory downwards = new bytes32[](256);
        uint256 depth = 0;
        while (leaves.length > 1) {
            bool right = bit(wanted, depth);
            downwards[depth] = subtree(side(leaves, depth, !right), depth + 1);
            leaves = side(leaves, depth, right);
            ++depth;
        }
        siblings = new bytes32[](depth);
        for (uint256 i = 0; i < depth; ++i) {
            siblings[i] = downwards[depth - 1 - i];
        }
    }

    function path(Payout memory leaf) internal pure returns (bytes32) {
        return keccak256(abi.encode(uint8(5), keccak256(abi.encode(leaf.account, leaf.asset))));
    }

    function leafHash(Payout memory leaf) internal pure returns (bytes32) {
        bytes32 hash = keccak256(abi.encode(PAYOUT, leaf.account, leaf.asset, leaf.payout, leaf.cumulative));
        bytes32 key = keccak256(abi.encode(leaf.account, leaf.asset));
        return keccak256(bytes.concat(keccak256(abi.encode(uint8(5), key, hash))));
    }

    function subtree(Payout[] memory leaves, uint256 depth) private pure returns (bytes32) {
        if (leaves.length == 0) return 0;
        if (leaves.length == 1) return leafHash(leaves[0]);
        bytes32 left = subtree(side(leaves, depth, false), depth + 1);
        return keccak256(bytes.concat(left, subtree(side(leaves, depth, true), depth + 1)));
    }

    function side(Payout[] memory leaves, uint256 depth, bool right) private pure returns (Payout[] memory chosen) {
        uint256 n = 0;
        for (uint256 i = 0; i < leaves.length; ++i) {
            if (bit(leaves[i], depth) == right) ++n;
        }
        chosen = new Payout[](n);
        for (uint256 i = leaves.length; i != 0; --i) {
            if (bit(leaves[i - 1], depth) == right) chosen[--n] = leaves[i - 1];
        }
    }

    function bit(Payout memory leaf, uint256 depth) private pure returns (bool) {
        return (uint256(path(leaf)) >> (255 - depth)) & 1 == 1;
    }
}
