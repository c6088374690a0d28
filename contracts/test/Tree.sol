// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Allotment, Job, Payout} from "../src/Structs.sol";

/// @title The state tree, built as rule 2.1.1 says, apart from the code under test
library Tree {
    struct Entry {
        bytes32 path;
        bytes32 hash;
    }

    bytes32 private constant ALLOTMENT = keccak256(
        "Allotment(address account,address asset,address home,uint256 amount,uint256 releasing,uint64 releaseAt)"
    );
    bytes32 private constant JOB = keccak256(
        "Job(bytes32 jobId,address user,address home,address asset,uint256 held,uint64 unitCount,uint64 deadline,uint64 anchoredAt,uint64 closingAt,uint64 settledCount,bytes settled)"
    );
    bytes32 private constant PAYOUT =
        keccak256("Payout(address account,address asset,address payout,uint256 cumulative)");

    // ---- leaves ----

    function entry(Payout memory leaf) internal pure returns (Entry memory) {
        bytes32 hash = keccak256(abi.encode(PAYOUT, leaf.account, leaf.asset, leaf.payout, leaf.cumulative));
        return entry(5, keccak256(abi.encode(leaf.account, leaf.asset)), hash);
    }

    function entry(Allotment memory leaf) internal pure returns (Entry memory) {
        bytes32 hash = keccak256(
            abi.encode(ALLOTMENT, leaf.account, leaf.asset, leaf.home, leaf.amount, leaf.releasing, leaf.releaseAt)
        );
        return entry(2, keccak256(abi.encode(leaf.account, leaf.asset, leaf.home)), hash);
    }

    function entry(Job memory leaf) internal pure returns (Entry memory) {
        bytes memory words = abi.encode(JOB, leaf.jobId, leaf.user, leaf.home, leaf.asset, leaf.held, leaf.unitCount);
        bytes memory more =
            abi.encode(leaf.deadline, leaf.anchoredAt, leaf.closingAt, leaf.settledCount, keccak256(leaf.settled));
        return entry(3, leaf.jobId, keccak256(bytes.concat(words, more)));
    }

    function entry(uint8 leafType, bytes32 key, bytes32 hash) internal pure returns (Entry memory) {
        return Entry({
            path: keccak256(abi.encode(leafType, key)),
            hash: keccak256(bytes.concat(keccak256(abi.encode(leafType, key, hash))))
        });
    }

    function entries(Payout[] memory leaves) internal pure returns (Entry[] memory all) {
        all = new Entry[](leaves.length);
        for (uint256 i = 0; i < leaves.length; ++i) {
            all[i] = entry(leaves[i]);
        }
    }

    function one(Entry memory only) internal pure returns (Entry[] memory all) {
        all = new Entry[](1);
        all[0] = only;
    }

    function leafHash(Payout memory leaf) internal pure returns (bytes32) {
        return entry(leaf).hash;
    }

    // ---- the tree ----

    function root(Payout[] memory leaves) internal pure returns (bytes32) {
        return subtree(entries(leaves), 0);
    }

    function root(Entry[] memory all) internal pure returns (bytes32) {
        return subtree(all, 0);
    }

    function proof(Payout[] memory leaves, Payout memory wanted) internal pure returns (bytes32[] memory) {
        return proof(entries(leaves), entry(wanted));
    }

    function proof(Entry[] memory all, Entry memory wanted) internal pure returns (bytes32[] memory siblings) {
        bytes32[] memory downwards = new bytes32[](256);
        uint256 depth = 0;
        while (all.length > 1) {
            bool right = bit(wanted, depth);
            downwards[depth] = subtree(side(all, depth, !right), depth + 1);
            all = side(all, depth, right);
            ++depth;
        }
        siblings = new bytes32[](depth);
        for (uint256 i = 0; i < depth; ++i) {
            siblings[i] = downwards[depth - 1 - i];
        }
    }

    function subtree(Entry[] memory all, uint256 depth) private pure returns (bytes32) {
        if (all.length == 0) return 0;
        if (all.length == 1) return all[0].hash;
        bytes32 left = subtree(side(all, depth, false), depth + 1);
        return keccak256(bytes.concat(left, subtree(side(all, depth, true), depth + 1)));
    }

    function side(Entry[] memory all, uint256 depth, bool right) private pure returns (Entry[] memory chosen) {
        uint256 n = 0;
        for (uint256 i = 0; i < all.length; ++i) {
            if (bit(all[i], depth) == right) ++n;
        }
        chosen = new Entry[](n);
        for (uint256 i = all.length; i != 0; --i) {
            if (bit(all[i - 1], depth) == right) chosen[--n] = all[i - 1];
        }
    }

    function bit(Entry memory each, uint256 depth) private pure returns (bool) {
        return (uint256(each.path) >> (255 - depth)) & 1 == 1;
    }
}
