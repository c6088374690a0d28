// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISmartnodesCore} from "../interfaces/ISmartnodesCore.sol";
import {StructHash} from "../StructHash.sol";
import {InboxItem} from "../Structs.sol";
import {CoreBase} from "./CoreBase.sol";
import {Position} from "./Position.sol";

/// @title The inbox: what happens on the chain, in the order in which the state must take it (rule 2.3)
/// @notice Every item changes a rolling hash, which each update names; so a reorg cannot leave an item behind that the
/// chain has lost, and nobody can leave one out for longer than two executions.
abstract contract Inbox is CoreBase {
    using StructHash for InboxItem;

    uint8 internal constant DEPOSIT = 1;
    uint8 internal constant RELEASE = 2;
    uint8 internal constant JOIN = 3;
    uint8 internal constant PARAMETER = 6;
    uint8 internal constant ESCAPE = 7;
    uint8 internal constant NETWORK = 8;
    /// @dev No update has to take more than this at once, however long the inbox is.
    uint64 private constant MUST_CONSUME = 1000;

    mapping(uint64 count => bytes32) private _inboxHashes;

    /// @notice An item was queued. inboxHash is the rolling hash after it, that is `inboxHashAt(index + 1)`.
    event InboxItemQueued(
        uint64 indexed index,
        uint8 kind,
        address indexed account,
        address asset,
        uint256 amount,
        address target,
        bytes32 data,
        bytes32 inboxHash
    );

    /// @notice The multisig queues only what is about operators and lengths of time.
    error KindNotQueueable(uint8 kind);
    /// @notice The inbox is not that long.
    error InboxPositionUnknown(uint64 count, uint64 length);
    /// @notice An update consumes at least what it must and at most what is there.
    error InboxCountOutOfRange(uint64 actual, uint64 least, uint64 most);
    /// @notice The update saw another inbox.
    error InboxHashMismatch(bytes32 actual, bytes32 expected);

    /// @inheritdoc ISmartnodesCore
    function queue(uint8 kind, address account, address asset, uint256 amount, address target, bytes32 data)
        external
        override
        onlyMultisig
        returns (uint64 index)
    {
        if (kind < JOIN || kind > PARAMETER) revert KindNotQueueable(kind);
        return _queue(kind, account, asset, amount, target, data);
    }

    /// @inheritdoc ISmartnodesCore
    function inboxLength() external view override returns (uint64) {
        return _position.inboxLength();
    }

    /// @notice How many items the last executed state has consumed.
    function inboxConsumed() external view returns (uint64) {
        return _position.inboxConsumed();
    }

    /// @notice The rolling hash after the first `count` items.
    function inboxHashAt(uint64 count) external view returns (bytes32) {
        uint64 length = _position.inboxLength();
        if (count > length) revert InboxPositionUnknown(count, length);
        return _inboxHashes[count];
    }

    /// @notice How many items the next update must have consumed at least.
    function inboxRequired() external view returns (uint64) {
        return _required(_position);
    }

    function _queue(uint8 kind, address account, address asset, uint256 amount, address target, bytes32 data)
        internal
        returns (uint64 index)
    {
        Position position = _position;
        index = position.inboxLength();
        InboxItem memory item = InboxItem(index, kind, account, asset, amount, target, data);
        bytes32 rolling = _roll(index, item);
        _position = position.withItem();
        _inboxHashes[index + 1] = rolling;
        emit InboxItemQueued(index, kind, account, asset, amount, target, data, rolling);
    }

    /// @dev The rolling hash that an item at a place leads to.
    function _roll(uint64 index, InboxItem memory item) internal view returns (bytes32) {
        return keccak256(abi.encode(_inboxHashes[index], item.hash()));
    }

    /// @dev Whether this very item stands where it says.
    function _queued(InboxItem memory item) internal view returns (bool) {
        if (item.index >= _position.inboxLength()) return false;
        return _roll(item.index, item) == _inboxHashes[item.index + 1];
    }

    function _checkInbox(Position position, uint64 count, bytes32 rolling) internal view {
        uint64 least = _required(position);
        uint64 most = position.inboxLength();
        if (count < least || count > most) revert InboxCountOutOfRange(count, least, most);
        bytes32 expected = _inboxHashes[count];
        if (rolling != expected) revert InboxHashMismatch(rolling, expected);
    }

    function _required(Position position) private pure returns (uint64 least) {
        uint64 consumed = position.inboxConsumed();
        uint64 old = position.lengthAtBefore();
        least = consumed + MUST_CONSUME;
        if (old < least) least = old;
        if (consumed > least) least = consumed;
    }
}
