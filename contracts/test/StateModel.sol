// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The validators of the replicated state, as its rules say: they know the inbox and nothing else
/// @dev Written from the rules of the state, apart from the contracts, so that the sets that it wants are those that
/// honest validators vote for.
library StateModel {
    enum Status {
        NONE,
        ACTIVE,
        QUEUED,
        LEFT
    }

    struct Item {
        uint8 kind;
        address account;
        uint256 x;
        bytes32 y;
        uint64 eligibleAt;
    }

    struct Validator {
        address operator;
        address node;
        Status status;
        uint64 ordinal;
        uint64 eligibleAt;
    }

    uint8 internal constant JOIN = 3;
    uint8 internal constant EXIT = 4;
    uint8 internal constant ROTATION = 5;

    /// @notice Takes one item of the inbox.
    function take(Validator[] memory all, uint64 index, Item memory item) internal pure returns (Validator[] memory) {
        if (item.kind != JOIN && item.kind != EXIT && item.kind != ROTATION) return all;
        uint256 place = find(all, item.account);
        if (item.kind == JOIN) {
            if (place == all.length) all = grown(all);
            Validator memory joiner = all[place];
            if (joiner.status == Status.ACTIVE) return all;
            joiner.operator = item.account;
            joiner.node = nodeOf(item);
            joiner.status = Status.QUEUED;
            joiner.ordinal = 256 + index;
            joiner.eligibleAt = item.eligibleAt;
            return all;
        }
        if (place == all.length) return all;
        Validator memory known = all[place];
        if (known.status != Status.ACTIVE && known.status != Status.QUEUED) return all;
        if (item.kind == EXIT) known.status = Status.LEFT;
        else known.node = nodeOf(item);
        return all;
    }

    /// @notice Activates who waited long enough, in the order of the ordinals, 256 at most.
    function activate(Validator[] memory all, uint64 asOf) internal pure {
        uint256 active = 0;
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].status == Status.ACTIVE) ++active;
        }
        while (active < 256) {
            uint256 first = all.length;
            for (uint256 i = 0; i < all.length; ++i) {
                if (all[i].status != Status.QUEUED) continue;
                if (first == all.length || all[i].ordinal < all[first].ordinal) first = i;
            }
            // The first that cannot enter yet stops the queue, so that who enters stands at the end of the set.
            if (first == all.length || all[first].eligibleAt > asOf) return;
            all[first].status = Status.ACTIVE;
            ++active;
        }
    }

    /// @notice The set that votes on the next epoch: who is active, in the order of the ordinals.
    function set(Validator[] memory all) internal pure returns (bytes memory entries) {
        bool[] memory done = new bool[](all.length);
        while (true) {
            uint256 first = all.length;
            for (uint256 i = 0; i < all.length; ++i) {
                if (done[i] || all[i].status != Status.ACTIVE) continue;
                if (first == all.length || all[i].ordinal < all[first].ordinal) first = i;
            }
            if (first == all.length) return entries;
            done[first] = true;
            entries = bytes.concat(entries, bytes20(all[first].node), bytes20(all[first].operator));
        }
    }

    function find(Validator[] memory all, address operator) internal pure returns (uint256 place) {
        while (place < all.length && all[place].operator != operator) {
            ++place;
        }
    }

    function nodeOf(Item memory item) private pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encodePacked(item.x, item.y)))));
    }

    function grown(Validator[] memory all) private pure returns (Validator[] memory more) {
        more = new Validator[](all.length + 1);
        for (uint256 i = 0; i < all.length; ++i) {
            more[i] = all[i];
        }
    }
}
