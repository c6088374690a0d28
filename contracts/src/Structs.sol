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

/// @notice What Core queued for the state; kind: 1 deposit, 2 release, 3 join, 4 exit, 5 rotation, 6 parameter, 7 escape,
/// 8 network.
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

/// @notice Leaf 2 of the state: money of an account that one home may promise; home zero is free balance.
struct Allotment {
    address account;
    address asset;
    address home;
    uint256 amount;
    uint256 releasing;
    uint64 releaseAt;
}

/// @notice Leaf 3 of the state: a job and the money held for it.
struct Job {
    bytes32 jobId;
    address user;
    address home;
    address asset;
    uint256 held;
    uint64 unitCount;
    uint64 deadline;
    uint64 anchoredAt;
    uint64 closingAt;
    uint64 settledCount;
    bytes settled;
}

/// @notice A worker's commitment to the results of a lease; witnesses sign Ack(jobId, lease, receiptHash) for it.
struct JobReceipt {
    bytes32 jobId;
    uint64 lease;
    uint64 first;
    uint64 count;
    uint64 fuel;
    bytes32 resultsRoot;
    uint64 drawHeight;
}

/// @notice A validator of the first set. The node key is the public key x ‖ y; payout zero means the operator.
struct Founder {
    address operator;
    bytes32 nodeKeyX;
    bytes32 nodeKeyY;
    address payout;
    uint256 stake;
}

/// @notice Where an operator stands. FOUNDER: named at deployment, stake missing. QUEUED: staked, waits for a set.
/// ACTIVE: in the set. EXITING: asked to leave, votes until the next set or its notice ends. UNBONDING: out, the stake
/// can be withdrawn from `since` on. SLASHED: lost its stake by proof, for good.
enum Standing {
    NONE,
    FOUNDER,
    QUEUED,
    ACTIVE,
    EXITING,
    UNBONDING,
    SLASHED
}

/// @notice An operator as the multisig knows it.
/// @param nodeAddress the node key that it serves with (the newest that it asked for)
/// @param standing where it stands
/// @param inSet whether the current set has it
/// @param since QUEUED: the earliest time in a set; EXITING: when the notice ends; UNBONDING: when it can withdraw
/// @param payout where its stake goes back to, and its earnings
/// @param stake in wei of SNO
struct Operator {
    address nodeAddress;
    Standing standing;
    bool inSet;
    uint40 since;
    address payout;
    uint256 stake;
}

/// @notice An asset that is accepted from the beginning.
/// @param asset zero for the native coin
/// @param rate SNO wei that 10^18 of its smallest units count for under the deposit cap
struct AssetTerms {
    address asset;
    uint256 rate;
}

/// @notice What governance sets, in the order of the state's parameters; units and bounds: ParameterBounds.
enum Parameter {
    EpochLength,
    RoundLength,
    ConfirmationDepth,
    FeeBasisPoints,
    ReferenceFee,
    ScoreDecay,
    Witnesses,
    JurySize,
    SampleSize,
    HoldLifetime,
    ClosingDelay,
    ReleaseDelay,
    Treasury,
    Genesis,
    MaxUnitsPerJob,
    MaxUnitsPerLease,
    HoldSlash
}
