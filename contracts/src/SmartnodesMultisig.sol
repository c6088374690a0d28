// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Bits} from "./Bits.sol";
import {CodeStore} from "./CodeStore.sol";
import {ISmartnodesCore} from "./interfaces/ISmartnodesCore.sol";
import {ISmartnodesToken} from "./interfaces/ISmartnodesToken.sol";
import {IVoteVerifier} from "./interfaces/IVoteVerifier.sol";
import {Clock} from "./multisig/Clock.sol";
import {Equivocation} from "./multisig/Equivocation.sol";
import {MultisigTerms, Terms} from "./multisig/Terms.sol";
import {ValidatorSet} from "./multisig/ValidatorSet.sol";
import {VerifierChoice} from "./multisig/VerifierChoice.sol";
import {Secp256k1} from "./Secp256k1.sol";
import {StructHash} from "./StructHash.sol";
import {Founder, Standing, Update} from "./Structs.sol";

/// @title The validators of Smartnodes: stake, set, votes
/// @notice Executes one update per epoch when more than two thirds of the validators voted for it. Anyone may submit;
/// the digest binds everything that is executed, so that a submitter chooses nothing but the moment.
/// @dev Times in seconds, stake in wei of SNO. The parts stand in `multisig/`.
contract SmartnodesMultisig is Clock, VerifierChoice, ValidatorSet, Equivocation {
    using SafeCast for uint256;
    using StructHash for Update;

    /// @notice A validator of the first set was named.
    event FounderNamed(
        address indexed operator, address indexed nodeAddress, bytes nodeKey, address payout, uint256 stake
    );
    /// @notice The update of an epoch was executed; bit i of the bitmap: the vote of position i counted.
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
    /// @notice An operator stands in the set once, and has an address.
    error OperatorInvalid(address operator);
    /// @notice A node key is a point of secp256k1 and serves one operator.
    error NodeKeyInvalid(address operator);
    /// @notice Not all founders have staked.
    error StakesIncomplete(uint256 missing);
    /// @notice The verifier names voters beyond the set.
    error VotersUnknown(uint256 voters, uint256 validators);
    /// @notice Not more than two thirds of the validators voted.
    error QuorumMissing(uint256 votes, uint256 required);

    /// @param core_ Core, made for this address
    /// @param token_ SNO
    /// @param access the address that the access manager will have; it decides who governs
    /// @param verifier of the votes from the first epoch on
    /// @param founders the first set, in its order
    /// @param terms lengths and stake
    /// @param seed0 the seed before the first execution
    constructor(
        ISmartnodesCore core_,
        ISmartnodesToken token_,
        address access,
        IVoteVerifier verifier,
        Founder[] memory founders,
        MultisigTerms memory terms,
        bytes32 seed0
    )
        Terms(core_, token_, access, terms)
        Clock(terms.epochLength, terms.roundLength, seed0)
        VerifierChoice(verifier)
        Equivocation(core_)
    {
        if (core_.multisig() != address(this) || token_.core() != address(core_)) {
            revert CoreNotWired(core_.multisig(), token_.core());
        }
        uint256 count = founders.length;
        if (count == 0 || count > MOST_VALIDATORS) revert ValidatorCountOutOfRange(count);
        bytes memory set;
        for (uint256 i = 0; i < count; ++i) {
            set = bytes.concat(set, bytes20(_admit(founders[i], set)), bytes20(founders[i].operator));
        }
        _setHash = keccak256(set);
        _front.set = CodeStore.write(set);
        _front.last = uint8(count - 1);
        _stakesMissing = uint16(count);
        _mark(UNSTAKED, true);
        // Nobody backs the set before it has staked.
        _exclude(type(uint256).max >> (256 - count));
    }

    /// @notice Executes the update of the next epoch.
    /// @param update what was voted for
    /// @param round the round of the votes, which has begun
    /// @param votes what the verifier needs over Vote(epoch, round, digest)
    /// @param nextSet the validators of the next epoch: node address and operator, 20 bytes each; empty: they stay
    function execute(Update calldata update, uint32 round, bytes calldata votes, bytes calldata nextSet) external {
        Front memory front = _front;
        if (front.marks & UNSTAKED != 0) revert StakesIncomplete(_stakesMissing);
        _checkRound(front, round);
        bytes32 digest = update.hash();
        uint256 voters = _count(front, _typed(StructHash.vote(update.epoch, round, digest)), update.epoch, votes);
        _commit(update, nextSet);
        _announce(update, round, digest, voters);
        // Core checks all that is about the state, the epoch included.
        core.applyUpdate(update);
    }

    /// @notice Reverts as `execute` would because of the set, the ejections or the slashes of an update, whoever votes.
    function checkUpdate(Update calldata update, bytes calldata nextSet) external view {
        if (_marked(UNSTAKED)) revert StakesIncomplete(_stakesMissing);
        if (_changes(update, nextSet)) _plan(update, nextSet);
        _checkEjections(update.ejections.length);
    }

    /// @notice The operators in the order in which they propose the next epoch (rule 2.2.5).
    function proposers() external view returns (address[] memory) {
        return _proposers(seed);
    }

    /// @dev Penalties before the set, because both the limits and the exclusions are those of the set that voted.
    function _commit(Update calldata update, bytes calldata nextSet) private {
        if (_changes(update, nextSet)) {
            Change memory change = _plan(update, nextSet);
            _punish(update);
            _change(update, change);
        } else {
            _punish(update);
        }
        _advance(update.epoch, update.inboxCount);
    }

    /// @dev On its own, because the event with all that surrounds it would need too many stack slots.
    function _announce(Update calldata update, uint32 round, bytes32 digest, uint256 voters) private {
        emit EpochExecuted(
            update.epoch, round, digest, update.stateRoot, update.bodyHash, seed, voters, update.inboxCount, update.asOf
        );
    }

    /// @dev The votes that count; reverts unless they are more than two thirds of the whole set.
    function _count(Front memory front, bytes32 hash, uint64 epoch, bytes calldata votes)
        private
        view
        returns (uint256 voters)
    {
        uint256 validators = uint256(front.last) + 1;
        IVoteVerifier verifier = _chosen(front.marks & VERIFIER_REPLACED != 0, epoch);
        voters = verifier.verify(hash, front.set, validators, votes);
        if (validators < MOST_VALIDATORS && voters >> validators != 0) revert VotersUnknown(voters, validators);
        if (front.marks & EXCLUDING != 0) voters &= ~_excluded;
        uint256 votesFor = Bits.count(voters);
        if (3 * votesFor <= 2 * validators) revert QuorumMissing(votesFor, _quorumOf(validators));
    }

    function _admit(Founder memory founder, bytes memory set) private returns (address nodeAddress) {
        address operator = founder.operator;
        if (operator == address(0) || _members[operator].standing != Standing.NONE) revert OperatorInvalid(operator);
        if (founder.stake < _terms.minimumStake) revert StakeTooSmall(founder.stake, _terms.minimumStake);
        if (!Secp256k1.isPublicKey(uint256(founder.nodeKeyX), uint256(founder.nodeKeyY))) {
            revert NodeKeyInvalid(operator);
        }
        bytes memory nodeKey = abi.encodePacked(founder.nodeKeyX, founder.nodeKeyY);
        nodeAddress = address(uint160(uint256(keccak256(nodeKey))));
        for (uint256 i = 0; i < set.length / ENTRY; ++i) {
            (address other,) = _entry(set, i);
            if (other == nodeAddress) revert NodeKeyInvalid(operator);
        }
        Member memory member;
        member.nodeAddress = nodeAddress;
        member.standing = Standing.FOUNDER;
        member.inSet = true;
        member.payout = founder.payout == address(0) ? operator : founder.payout;
        member.stake = founder.stake.toUint96();
        _keys[operator] = NodeKey(founder.nodeKeyX, founder.nodeKeyY);
        _store(operator, member);
        emit FounderNamed(operator, nodeAddress, nodeKey, member.payout, member.stake);
    }
}
