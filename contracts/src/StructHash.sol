// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Allotment, AssetTotals, InboxItem, Job, JobReceipt, Payout, Slash, Update} from "./Structs.sol";

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
    bytes32 internal constant ALLOTMENT = keccak256(
        "Allotment(address account,address asset,address home,uint256 amount,uint256 releasing,uint64 releaseAt)"
    );
    bytes32 internal constant JOB = keccak256(
        "Job(bytes32 jobId,address user,address home,address asset,uint256 held,uint64 unitCount,uint64 deadline,uint64 anchoredAt,uint64 closingAt,uint64 settledCount,bytes settled)"
    );
    bytes32 internal constant JOB_RECEIPT = keccak256(
        "JobReceipt(bytes32 jobId,uint64 lease,uint64 first,uint64 count,uint64 fuel,bytes32 resultsRoot,uint64 drawHeight)"
    );
    bytes32 internal constant ACK = keccak256("Ack(bytes32 jobId,uint64 lease,bytes32 receiptHash)");
    bytes32 internal constant NODE_KEY_PROOF =
        keccak256("NodeKeyProof(address operator,bytes32 nodeKeyX,bytes32 nodeKeyY)");

    /// @notice The digest of an update: what validators vote for.
    /// @dev Copied word by word, because every epoch pays for it. A word that is wider than its type makes another
    /// digest than the one of any update that somebody could have voted for.
    function hash(Update calldata update) internal pure returns (bytes32 digest) {
        bytes32 typeHash = UPDATE;
        bytes32 totals = hash(update.totals);
        bytes32 ejections = keccak256(abi.encodePacked(update.ejections));
        bytes32 slashes = hash(update.slashes);
        assembly ("memory-safe") {
            // Eleven fields, of which the eighth to the tenth count by the hash of what they point to.
            let encoded := mload(0x40)
            mstore(encoded, typeHash)
            calldatacopy(add(encoded, 0x20), update, 0x160)
            mstore(add(encoded, 0x100), totals)
            mstore(add(encoded, 0x120), ejections)
            mstore(add(encoded, 0x140), slashes)
            digest := keccak256(encoded, 0x180)
        }
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

    /// @notice The struct hash of an allotment leaf.
    function hash(Allotment calldata allotment) internal pure returns (bytes32) {
        return keccak256(abi.encode(ALLOTMENT, allotment));
    }

    /// @notice The struct hash of a job leaf; the bits of its settled units count by their hash.
    function hash(Job calldata job) internal pure returns (bytes32) {
        bytes memory head = abi.encode(JOB, job.jobId, job.user, job.home, job.asset, job.held);
        bytes memory tail = abi.encode(
            job.unitCount, job.deadline, job.anchoredAt, job.closingAt, job.settledCount, keccak256(job.settled)
        );
        return keccak256(bytes.concat(head, tail));
    }

    /// @notice The struct hash of a worker's receipt.
    function hash(JobReceipt calldata receipt) internal pure returns (bytes32) {
        return keccak256(abi.encode(JOB_RECEIPT, receipt));
    }

    /// @notice The struct hash of a witness's acknowledgement.
    function ack(bytes32 jobId, uint64 lease, bytes32 receiptHash) internal pure returns (bytes32) {
        return keccak256(abi.encode(ACK, jobId, lease, receiptHash));
    }

    /// @notice The struct hash of the proof that an operator's node key is in its hands.
    function nodeKeyProof(address operator, bytes32 x, bytes32 y) internal pure returns (bytes32) {
        return keccak256(abi.encode(NODE_KEY_PROOF, operator, x, y));
    }

    function hash(AssetTotals[] calldata totals) private pure returns (bytes32) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := totals.offset
        }
        return _hashAll(ASSET_TOTALS, offset, totals.length, 0xc0);
    }

    function hash(Slash[] calldata slashes) private pure returns (bytes32) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := slashes.offset
        }
        return _hashAll(SLASH, offset, slashes.length, 0x60);
    }

    /// @dev The hash of the hashes of structs that stand one after the other in the calldata, `size` bytes each.
    function _hashAll(bytes32 typeHash, uint256 offset, uint256 count, uint256 size)
        private
        pure
        returns (bytes32 result)
    {
        assembly ("memory-safe") {
            // Type hash and fields in free memory, then the hash in its place of the list that grows behind it.
            let encoded := mload(0x40)
            let list := add(encoded, add(size, 0x20))
            let end := list
            mstore(encoded, typeHash)
            for {} count { count := sub(count, 1) } {
                calldatacopy(add(encoded, 0x20), offset, size)
                mstore(end, keccak256(encoded, add(size, 0x20)))
                offset := add(offset, size)
                end := add(end, 0x20)
            }
            result := keccak256(list, sub(end, list))
        }
    }
}
