// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {CodeStore} from "./CodeStore.sol";
import {ISmartnodesCore} from "./interfaces/ISmartnodesCore.sol";
import {ISmartnodesToken} from "./interfaces/ISmartnodesToken.sol";
import {Secp256k1} from "./Secp256k1.sol";
import {StructHash} from "./StructHash.sol";
import {Founder, Operator, Update} from "./Structs.sol";
import {VoteVerifier} from "./VoteVerifier.sol";

/// @title The validators of Smartnodes: stake, set, votes
/// @notice Executes one update per epoch when more than two thirds of the validators voted for it. Anyone may submit;
/// the digest binds everything that is executed, so that a submitter chooses nothing but the moment.
/// @dev Times in seconds, stake in wei of SNO.
contract SmartnodesMultisig {
    using SafeERC20 for ISmartnodesToken;
    using StructHash for Update;

    struct EpochClock {
        uint64 start;
        uint64 executedAt;
    }

    bytes32 private constant PROPOSER = keccak256("smartnodes.proposer");

    /// @notice Where the updates go.
    ISmartnodesCore public immutable core;
    /// @notice SNO, in which the stake is paid.
    ISmartnodesToken public immutable token;
    /// @notice An epoch closes this long after the one before, at the earliest.
    uint64 public immutable epochLength;
    /// @notice How long a round of votes lasts.
    uint64 public immutable roundLength;

    /// @notice How many founders have not staked yet; nothing is executed before it is zero.
    uint256 public stakesMissing;

    address private _setPointer;
    bytes32 private _setHash;
    uint256 private _validators;
    mapping(address operator => Operator) private _operators;
    mapping(address nodeAddress => address) private _operatorOf;
    mapping(uint64 epoch => EpochClock) private _clocks;
    mapping(uint64 epoch => bytes32) private _seeds;

    /// @notice A validator of the first set was named.
    event FounderNamed(
        address indexed operator, address indexed nodeAddress, bytes nodeKey, address payout, uint256 stake
    );
    /// @notice An operator paid in its stake.
    event Staked(address indexed operator, uint256 amount);
    /// @notice The update of an epoch was executed with the votes of a round.
    event EpochExecuted(
        uint64 indexed epoch,
        uint32 round,
        bytes32 indexed digest,
        bytes32 stateRoot,
        bytes32 bodyHash,
        bytes32 seed,
        uint256 bitmap,
        uint64 inboxCount,
        uint64 asOf
    );

    /// @notice Core or the token was made for another multisig.
    error CoreNotWired(address coreMultisig, address tokenCore);
    /// @notice There are 1 to 256 validators.
    error ValidatorCountOutOfRange(uint256 count);
    /// @notice Epochs and rounds have a length.
    error LengthZero();
    /// @notice An operator stands in the set once, and has an address.
    error OperatorInvalid(address operator);
    /// @notice A node key is a point of secp256k1 and serves one operator.
    error NodeKeyInvalid(address operator);
    /// @notice A founder has stake.
    error StakeZero(address operator);
    /// @notice Only operators stake.
    error OperatorUnknown(address operator);
    /// @notice The stake has been paid in.
    error AlreadyStaked(address operator);
    /// @notice Not all founders have staked.
    error StakesIncomplete(uint256 missing);
    /// @notice Updates come one epoch after the other.
    error EpochUnexpected(uint64 actual, uint64 expected);
    /// @notice The round of these votes has not begun.
    error RoundNotStarted(uint256 start, uint256 now_);
    /// @notice The set that was passed is not the one that was voted for.
    error NextSetMismatch(bytes32 actual, bytes32 expected);
    /// @notice The validators of the first set stay; nobody leaves, loses stake or comes in.
    error SetFixed();
    /// @notice No such epoch yet.
    error EpochUnknown(uint64 epoch);
    /// @notice No such position in the set.
    error PositionUnknown(uint256 position);

    /// @param core_ Core, made for this address
    /// @param token_ SNO
    /// @param founders the first set, in its order
    /// @param epochLength_ seconds between epochs
    /// @param roundLength_ seconds of a round
    /// @param seed0 the seed before the first execution
    constructor(
        ISmartnodesCore core_,
        ISmartnodesToken token_,
        Founder[] memory founders,
        uint64 epochLength_,
        uint64 roundLength_,
        bytes32 seed0
    ) {
        if (core_.multisig() != address(this) || token_.core() != address(core_)) {
            revert CoreNotWired(core_.multisig(), token_.core());
        }
        if (founders.length == 0 || founders.length > VoteVerifier.MAX_VALIDATORS) {
            revert ValidatorCountOutOfRange(founders.length);
        }
        if (epochLength_ == 0 || roundLength_ == 0) revert LengthZero();
        core = core_;
        token = token_;
        epochLength = epochLength_;
        roundLength = roundLength_;
        bytes memory set;
        for (uint256 i = 0; i < founders.length; ++i) {
            set = bytes.concat(set, bytes20(_admit(founders[i])), bytes20(founders[i].operator));
        }
        _setPointer = CodeStore.write(set);
        _setHash = keccak256(set);
        _validators = founders.length;
        stakesMissing = founders.length;
        _seeds[0] = seed0;
        _clocks[1].start = core_.genesis() + epochLength_;
    }

    // ---- stake ----

    /// @notice Pays in the caller's stake, which it has approved before.
    function stake() external {
        _stake();
    }

    /// @notice Pays in the caller's stake with a permit in place of an approval.
    function stakeWithPermit(uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        // Anyone may have used the permit already; then the allowance stands, and the pull decides.
        try token.permit(msg.sender, address(this), _operators[msg.sender].stake, deadline, v, r, s) {} catch {}
        _stake();
    }

    /// @notice What is known of an operator; all zero when it is not one.
    function operatorInfo(address operator) external view returns (Operator memory) {
        return _operators[operator];
    }

    /// @notice The operator that a node key serves; zero when none.
    function operatorOf(address nodeAddress) external view returns (address) {
        return _operatorOf[nodeAddress];
    }

    // ---- votes ----

    /// @notice Executes the update of the next epoch.
    /// @param update what was voted for
    /// @param round the round of the votes, which has begun
    /// @param signatures 64 bytes (EIP-2098) per voter over Vote(epoch, round, digest), in ascending set position
    /// @param bitmap the set positions of the voters
    /// @param nextSet the validators of the next epoch: node address and operator, 20 bytes each
    function execute(
        Update calldata update,
        uint32 round,
        bytes calldata signatures,
        uint256 bitmap,
        bytes calldata nextSet
    ) external {
        if (stakesMissing != 0) revert StakesIncomplete(stakesMissing);
        uint64 epoch = core.epoch() + 1;
        if (update.epoch != epoch) revert EpochUnexpected(update.epoch, epoch);
        uint256 start = uint256(_clocks[epoch].start) + uint256(round) * roundLength;
        if (block.timestamp < start) revert RoundNotStarted(start, block.timestamp);
        _checkSet(update, nextSet);
        bytes32 digest = update.hash();
        VoteVerifier.verify(_typed(epoch, round, digest), validatorSet(), bitmap, signatures);
        _advance(epoch);
        _announce(update, round, digest, bitmap);
        core.applyUpdate(update);
    }

    /// @notice The seed after an executed epoch; zero names the one before the first.
    function seedOf(uint64 epoch) external view returns (bytes32) {
        if (epoch > core.epoch()) revert EpochUnknown(epoch);
        return _seeds[epoch];
    }

    /// @notice The block time at which an epoch was executed.
    function executionTime(uint64 epoch) external view returns (uint64) {
        uint64 time = _clocks[epoch].executedAt;
        if (time == 0) revert EpochUnknown(epoch);
        return time;
    }

    /// @notice When round 0 of an executed epoch, or of the next one, begins.
    function epochStart(uint64 epoch) external view returns (uint64) {
        uint64 start = _clocks[epoch].start;
        if (start == 0) revert EpochUnknown(epoch);
        return start;
    }

    /// @notice How many validators there are.
    function validatorCount() external view returns (uint256) {
        return _validators;
    }

    /// @notice The set as it is hashed and passed to `execute`: node address and operator, 20 bytes each, per validator.
    function validatorSet() public view returns (bytes memory) {
        return CodeStore.read(_setPointer);
    }

    /// @notice The hash of the set.
    function validatorSetHash() external view returns (bytes32) {
        return _setHash;
    }

    /// @notice The validator at a position of the set.
    function validatorAt(uint256 position) external view returns (address nodeAddress, address operator) {
        if (position >= _validators) revert PositionUnknown(position);
        return VoteVerifier.entry(validatorSet(), position);
    }

    /// @notice The operators in the order in which they propose the next epoch (rule 2.2.5).
    function proposers() external view returns (address[] memory ordered) {
        bytes32 seed = _seeds[core.epoch()];
        uint256 validators = _validators;
        bytes memory set = validatorSet();
        ordered = new address[](validators);
        bytes32[] memory keys = new bytes32[](validators);
        for (uint256 i = 0; i < validators; ++i) {
            (, address operator) = VoteVerifier.entry(set, i);
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

    /// @notice The least number of votes that executes an update.
    function quorum() external view returns (uint256) {
        return VoteVerifier.quorumOf(_validators);
    }

    // ---- internals ----

    function _admit(Founder memory founder) private returns (address nodeAddress) {
        address operator = founder.operator;
        if (operator == address(0) || _operators[operator].stake != 0) revert OperatorInvalid(operator);
        if (founder.stake == 0) revert StakeZero(operator);
        if (!Secp256k1.isPublicKey(uint256(founder.nodeKeyX), uint256(founder.nodeKeyY))) {
            revert NodeKeyInvalid(operator);
        }
        bytes memory nodeKey = abi.encodePacked(founder.nodeKeyX, founder.nodeKeyY);
        nodeAddress = address(uint160(uint256(keccak256(nodeKey))));
        if (_operatorOf[nodeAddress] != address(0)) revert NodeKeyInvalid(operator);
        _operatorOf[nodeAddress] = operator;
        address payout = founder.payout == address(0) ? operator : founder.payout;
        _operators[operator] = Operator({nodeAddress: nodeAddress, staked: false, payout: payout, stake: founder.stake});
        emit FounderNamed(operator, nodeAddress, nodeKey, payout, founder.stake);
    }

    function _stake() private {
        Operator storage entry = _operators[msg.sender];
        uint256 amount = entry.stake;
        if (amount == 0) revert OperatorUnknown(msg.sender);
        if (entry.staked) revert AlreadyStaked(msg.sender);
        entry.staked = true;
        --stakesMissing;
        emit Staked(msg.sender, amount);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    function _checkSet(Update calldata update, bytes calldata nextSet) private view {
        bytes32 passed = keccak256(nextSet);
        if (passed != update.nextSetHash) revert NextSetMismatch(passed, update.nextSetHash);
        if (passed != _setHash || update.ejections.length != 0 || update.slashes.length != 0) revert SetFixed();
    }

    function _typed(uint64 epoch, uint32 round, bytes32 digest) private view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(core.DOMAIN_SEPARATOR(), StructHash.vote(epoch, round, digest));
    }

    function _advance(uint64 epoch) private {
        uint64 time = uint64(block.timestamp);
        EpochClock storage clock = _clocks[epoch];
        clock.executedAt = time;
        uint64 due = clock.start + epochLength;
        _clocks[epoch + 1].start = due > time ? due : time;
        _seeds[epoch] = keccak256(abi.encode(_seeds[epoch - 1], block.prevrandao, epoch));
    }

    /// @dev On its own, because the event with all that surrounds it would need too many stack slots.
    function _announce(Update calldata update, uint32 round, bytes32 digest, uint256 bitmap) private {
        emit EpochExecuted(
            update.epoch,
            round,
            digest,
            update.stateRoot,
            update.bodyHash,
            _seeds[update.epoch],
            bitmap,
            update.inboxCount,
            update.asOf
        );
    }
}
