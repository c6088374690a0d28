// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {StateTree} from "../src/StateTree.sol";
import {Payout} from "../src/Structs.sol";

/// @title Directions of short proofs in the state tree, against the definition (rule 2.1.1)
contract TreeChecks {
    bytes32 private constant PAYOUT =
        keccak256("Payout(address account,address asset,address payout,uint256 cumulative)");

    function rootOf(Payout calldata leaf, bytes32[] calldata siblings) external pure returns (bytes32) {
        return StateTree.rootOf(leaf, siblings);
    }

    function check_aLeafAloneIsTheRoot(Payout calldata leaf) public view {
        assert(this.rootOf(leaf, new bytes32[](0)) == leafHash(leaf));
    }

    /// @dev The path has to be concrete, because the code places the node in memory by its bits; so there is one leaf
    /// for each way that three bits can go, and everything else is arbitrary.
    function check_threeSiblingsStandWhereTheBitsSay(address payout, uint256 cumulative, bytes32[3] calldata values)
        public
        view
    {
        bytes32[] memory siblings = new bytes32[](3);
        (siblings[0], siblings[1], siblings[2]) = (values[0], values[1], values[2]);
        for (uint256 way = 0; way < 8; ++way) {
            Payout memory leaf = Payout(accountWith(way), address(0), payout, cumulative);
            bytes32 node = above(leafHash(leaf), values[0], way & 1 == 1);
            node = above(node, values[1], way & 2 == 2);
            assert(this.rootOf(leaf, siblings) == above(node, values[2], way & 4 == 4));
        }
    }

    function check_anotherAmountIsAnotherRoot(address payout, uint256 a, uint256 b, bytes32 sibling) public view {
        if (a == b) return;
        bytes32[] memory siblings = new bytes32[](1);
        siblings[0] = sibling;
        for (uint256 way = 0; way < 8; way += 4) {
            address account = accountWith(way);
            bytes32 root = this.rootOf(Payout(account, address(0), payout, a), siblings);
            assert(root != this.rootOf(Payout(account, address(0), payout, b), siblings));
        }
    }

    /// @dev An account whose path begins with these three bits.
    function accountWith(uint256 way) private pure returns (address account) {
        do {
            account = address(uint160(account) + 1);
        } while (uint256(path(account, address(0))) >> 253 != way);
    }

    function above(bytes32 node, bytes32 sibling, bool right) private pure returns (bytes32) {
        return right ? keccak256(abi.encodePacked(sibling, node)) : keccak256(abi.encodePacked(node, sibling));
    }

    function path(address account, address asset) private pure returns (bytes32) {
        return keccak256(abi.encode(uint8(5), keccak256(abi.encode(account, asset))));
    }

    function leafHash(Payout memory leaf) private pure returns (bytes32) {
        bytes32 hash = keccak256(abi.encode(PAYOUT, leaf.account, leaf.asset, leaf.payout, leaf.cumulative));
        bytes32 key = keccak256(abi.encode(leaf.account, leaf.asset));
        return keccak256(bytes.concat(keccak256(abi.encode(uint8(5), key, hash))));
    }
}
