// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Totals of one asset in a state, in its smallest unit; zero is the native coin.
struct AssetTotals {
    address asset;
    uint256 balances;
    uint256 payouts;
    uint256 heldBack;
    uint256 burnt;
    uint256 minted;
}

/// @notice Stake taken from an operator.
struct Slash {
    address operator;
    uint256 amount;
    bytes32 evidenceId;
}

/// @notice Everything that an execution puts on the chain; its EIP-712 struct hash is the digest that is voted for.
struct Update {
    uint64 epoch;
    bytes32 previousStateRoot;
    bytes32 stateRoot;
    bytes32 bodyHash;
    uint64 inboxCount;
    bytes32 inboxHash;
    uint64 asOf;
    AssetTotals[] totals;
    address[] ejections;
    Slash[] slashes;
    bytes32 nextSetHash;
}

/// @notice What Core queued for the state; kind: 1 deposit, 2 release, 3 join, 4 exit, 5 rotation, 6 parameter, 7 escape.
struct InboxItem {
    uint64 index;
    uint8 kind;
    address account;
    address asset;
    uint256 amount;
    address target;
    bytes32 data;
}

/// @notice Leaf 5 of the state: what an account has earned in all of one asset, never decreasing.
struct Payout {
    address account;
    address asset;
    address payout;
    uint256 cumulative;
}

/// @notice A validator of the first set. The node key is the public key x ‖ y; payout zero means the operator.
struct Founder {
    address operator;
    bytes32 nodeKeyX;
    bytes32 nodeKeyY;
    address payout;
    uint256 stake;
}

/// @notice An operator as the multisig knows it; staked tells whether the stake has been paid in.
struct Operator {
    address nodeAddress;
    bool staked;
    address payout;
    uint256 stake;
}
