// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {CodeStore} from "../CodeStore.sol";
import {ISmartnodesMultisig} from "../interfaces/ISmartnodesMultisig.sol";
import {Operator, Standing} from "../Structs.sol";
import {Head} from "./Head.sol";

/// @title Who the operators are, and which of them the current set has
/// @notice The set lives in the code of an account: node address and operator, 20 bytes each, per position. A member of
/// the set *backs* it with its stake as long as the stake can be taken and is not a trifle; who does not back the set is
/// excluded: its votes do not count, although it stays in the denominator until the next set.
/// @dev Everything about an operator is stored by `_store` alone, which keeps the sum of the stake, the exclusions and
/// the number of taken places in line.
abstract contract Roster is Head, ISmartnodesMultisig {
    using SafeCast for uint256;

    /// @dev An operator. `since` as in Operator. `eligibleAt`: the place in the queue that it took last. `lastItem`: the
    /// position in the inbox after its newest JOIN or EXIT; a state that consumed fewer items knows less about it than
    /// this contract. `firstItem`: the position after the first JOIN that no state has acted on for certain; one that
    /// consumed fewer cannot take it in. Zero: none.
    struct Member {
        address nodeAddress;
        Standing standing;
        bool inSet;
        uint40 since;
        uint40 eligibleAt;
        address payout;
        uint96 stake;
        uint40 firstItem;
        uint40 lastItem;
    }

    /// @dev The coordinates of the newest node key.
    struct NodeKey {
        bytes32 x;
        bytes32 y;
    }

    uint256 internal constant ENTRY = 40;
    uint256 internal constant MOST_VALIDATORS = 256;
    /// @dev The least that governance can ask of a joiner; with less at stake nobody votes, whatever was slashed.
    uint256 internal constant LEAST_STAKE = 1e18;
    bytes32 private constant PROPOSER = keccak256("smartnodes.proposer");

    bytes32 internal _setHash;
    uint256 internal _excluded;
    uint16 internal _stakesMissing;
    /// @dev How many operators are in the set or queued.
    uint16 internal _taken;
    mapping(address operator => Member) internal _members;
    mapping(address operator => NodeKey) internal _keys;

    /// @inheritdoc ISmartnodesMultisig
    /// @dev Who is excluded backs nothing, so that its stake does not count here.
    uint256 public totalStake;

    /// @notice No such position in the set.
    error PositionUnknown(uint256 position);
    /// @notice There are 1 to 256 validators, 40 bytes each.
    error SetLengthWrong(uint256 length);

    /// @notice How many founders have not staked yet; nothing is executed before it is zero.
    function stakesMissing() external view returns (uint256) {
        return _stakesMissing;
    }

    /// @notice What is known of an operator; all zero when it is not one.
    function operatorInfo(address operator) external view returns (Operator memory) {
        Member memory member = _member(operator);
        return Operator({
            nodeAddress: member.nodeAddress,
            standing: member.standing,
            inSet: member.inSet,
            since: member.since,
            payout: member.payout,
            stake: member.stake
        });
    }

    /// @notice How many validators there are.
    function validatorCount() external view returns (uint256) {
        return _validators();
    }

    /// @notice The set as it is hashed and passed to `execute`: node address and operator, 20 bytes each, per validator.
    function validatorSet() public view returns (bytes memory) {
        return CodeStore.read(_front.set);
    }

    /// @notice The hash of the set.
    function validatorSetHash() external view returns (bytes32) {
        return _setHash;
    }

    /// @notice The positions of the set whose votes do not count.
    function excluded() external view returns (uint256) {
        return _excluded;
    }

    /// @notice The validator at a position of the set.
    function validatorAt(uint256 position) external view returns (address nodeAddress, address operator) {
        if (position >= _validators()) revert PositionUnknown(position);
        return _entry(validatorSet(), position);
    }

    /// @notice The least number of votes that executes an update: more than two thirds of the set.
    function quorum() external view returns (uint256) {
        return _quorumOf(_validators());
    }

    /// @dev The operators of the set in the order in which they propose under a seed (rule 2.2.5).
    function _proposers(bytes32 seed) internal view returns (address[] memory ordered) {
        bytes memory set = validatorSet();
        uint256 validators = set.length / ENTRY;
        ordered = new address[](validators);
        bytes32[] memory keys = new bytes32[](validators);
        for (uint256 i = 0; i < validators; ++i) {
            (, address operator) = _entry(set, i);
            bytes32 key = keccak256(abi.encode(PROPOSER, seed, operator));
            uint256 place = i;
            for (; place != 0 && keys[place - 1] > key; --place) {
                keys[place] = keys[place - 1];
                ordered[place] = ordered[place - 1];
            }
            keys[place] = key;
            ordered[place] = operator;
        }
    }

    /// @dev A copy of what is stored of an operator.
    function _member(address operator) internal view returns (Member memory) {
        return _members[operator];
    }

    /// @dev The only way to change an operator. Positions are those of the current set.
    function _store(address operator, Member memory next) internal {
        Member memory before = _member(operator);
        uint256 was = _backing(before);
        uint256 now_ = _backing(next);
        if (was != now_) totalStake = totalStake - was + now_;
        if (before.inSet && next.inSet && (was == 0) != (now_ == 0)) {
            _exclude(_excluded ^ (1 << _positionOf(operator)));
        }
        bool had = _takesPlace(before);
        bool has = _takesPlace(next);
        if (has && !had) ++_taken;
        if (had && !has) --_taken;
        _members[operator] = next;
    }

    /// @dev Lets the stake of an operator unbond. It stays at least until the place in the queue that it took last has
    /// come, so that no stake holds two places in the future, the second under another account.
    function _unbond(Member memory member) internal view {
        uint256 due = block.timestamp + _terms.unbonding;
        member.standing = Standing.UNBONDING;
        member.since = due > member.eligibleAt ? due.toUint40() : member.eligibleAt;
    }

    function _exclude(uint256 bits) internal {
        if (bits == _excluded) return;
        _excluded = bits;
        _mark(EXCLUDING, bits != 0);
    }

    /// @dev What an operator puts at stake for its votes in the current set; zero is excluded.
    function _backing(Member memory member) internal pure returns (uint256) {
        bool votes = member.standing == Standing.QUEUED || member.standing == Standing.ACTIVE
            || member.standing == Standing.EXITING;
        return member.inSet && votes && member.stake >= LEAST_STAKE ? member.stake : 0;
    }

    function _takesPlace(Member memory member) internal pure returns (bool) {
        return member.inSet || member.standing == Standing.QUEUED;
    }

    function _quorumOf(uint256 validators) internal pure returns (uint256) {
        return (2 * validators) / 3 + 1;
    }

    function _entry(bytes memory set, uint256 position) internal pure returns (address nodeAddress, address operator) {
        uint256 offset = position * ENTRY;
        assembly ("memory-safe") {
            nodeAddress := shr(96, mload(add(add(set, 0x20), offset)))
            operator := shr(96, mload(add(add(set, 0x34), offset)))
        }
    }

    function _positionOf(address operator) private view returns (uint256 position) {
        bytes memory set = validatorSet();
        for (;; ++position) {
            (, address found) = _entry(set, position);
            if (found == operator) return position;
        }
    }
}
