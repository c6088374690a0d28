// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ISmartnodesCore} from "../interfaces/ISmartnodesCore.sol";
import {ISmartnodesToken} from "../interfaces/ISmartnodesToken.sol";
import {StructHash} from "../StructHash.sol";
import {JobReceipt, Standing} from "../Structs.sol";
import {Penalties} from "./Penalties.sol";
import {Stakes} from "./Stakes.sol";

/// @title Proofs that an operator contradicted itself
/// @notice Anyone may bring one, no vote is needed, and no time limit stands in the way as long as the stake is there.
/// The whole stake goes: a twentieth to who brought the proof, unless that is the offender, the rest is burnt.
/// @dev An honest validator signs one digest per epoch and round, and one receipt per unit of a lease, so that nothing
/// that it signed adds up to a proof.
abstract contract Equivocation is Stakes, Penalties {
    using SafeERC20 for ISmartnodesToken;
    using StructHash for JobReceipt;

    uint256 private constant REWARD_SHARE = 20;

    bytes32 private immutable _domain;
    uint256 private immutable _chainId;

    /// @notice An operator lost its stake by proof, in wei of SNO; what the reporter did not get was burnt.
    event EquivocationProven(
        address indexed operator, address indexed nodeAddress, address indexed reporter, uint256 stake, uint256 reward
    );

    /// @notice Two votes for one digest, or two acknowledgements of one receipt, contradict nothing.
    error NothingContradicted();
    /// @notice These receipts have no unit of one lease in common.
    error UnitsApart();
    /// @notice This is no compact signature with a low s.
    error SignatureInvalid();
    /// @notice The two signatures are by two keys.
    error SignersDiffer(address a, address b);
    /// @notice The key serves no operator.
    error KeyUnknown(address nodeAddress);
    /// @notice The operator has lost everything already.
    error AlreadySlashed(address operator);

    constructor(ISmartnodesCore core_) {
        _domain = core_.DOMAIN_SEPARATOR();
        _chainId = block.chainid;
    }

    /// @notice Proves that one key voted for two digests in one round of one epoch.
    /// @param signatureA the key's compact signature (64 bytes) over Vote(epoch, round, digestA)
    /// @param signatureB the key's compact signature (64 bytes) over Vote(epoch, round, digestB)
    function proveDoubleVote(
        uint64 epoch,
        uint32 round,
        bytes32 digestA,
        bytes calldata signatureA,
        bytes32 digestB,
        bytes calldata signatureB
    ) external {
        if (digestA == digestB) revert NothingContradicted();
        _convict(StructHash.vote(epoch, round, digestA), signatureA, StructHash.vote(epoch, round, digestB), signatureB);
    }

    /// @notice Proves that one key acknowledged two receipts for one unit of one lease.
    /// @param signatureA the key's compact signature (64 bytes) over Ack(jobId, lease, hash of receipt a)
    /// @param signatureB the key's compact signature (64 bytes) over Ack(jobId, lease, hash of receipt b)
    function proveDoubleAck(
        JobReceipt calldata a,
        bytes calldata signatureA,
        JobReceipt calldata b,
        bytes calldata signatureB
    ) external {
        uint256 from = Math.max(a.first, b.first);
        bool overlap = from < uint256(a.first) + a.count && from < uint256(b.first) + b.count;
        if (a.jobId != b.jobId || a.lease != b.lease || !overlap) revert UnitsApart();
        (bytes32 hashA, bytes32 hashB) = (a.hash(), b.hash());
        if (hashA == hashB) revert NothingContradicted();
        _convict(
            StructHash.ack(a.jobId, a.lease, hashA), signatureA, StructHash.ack(b.jobId, b.lease, hashB), signatureB
        );
    }

    /// @dev What is signed for a struct hash. The domain is kept, because each execution needs it; on a fork of the
    /// chain with another id Core is asked.
    function _typed(bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = block.chainid == _chainId ? _domain : core.DOMAIN_SEPARATOR();
        return MessageHashUtils.toTypedDataHash(domain, structHash);
    }

    function _convict(bytes32 hashA, bytes calldata signatureA, bytes32 hashB, bytes calldata signatureB) private {
        address signer = _recover(hashA, signatureA);
        address other = _recover(hashB, signatureB);
        if (signer != other) revert SignersDiffer(signer, other);
        address operator = core.operatorOf(signer);
        if (operator == address(0)) revert KeyUnknown(signer);
        Member memory member = _member(operator);
        if (member.standing == Standing.SLASHED) revert AlreadySlashed(operator);
        uint256 stake_ = member.stake;
        bool self = msg.sender == operator || msg.sender == member.payout;
        uint256 reward = self ? 0 : stake_ / REWARD_SHARE;
        member.stake = 0;
        member.since = 0;
        member.standing = Standing.SLASHED;
        _leave(operator, member, EXIT_EQUIVOCATION);
        emit EquivocationProven(operator, signer, msg.sender, stake_, reward);
        _burn(stake_ - reward);
        if (reward != 0) token.safeTransfer(msg.sender, reward);
    }

    function _recover(bytes32 structHash, bytes calldata signature) private view returns (address signer) {
        if (signature.length != 64) revert SignatureInvalid();
        ECDSA.RecoverError failure;
        (signer, failure,) = ECDSA.tryRecover(_typed(structHash), bytes32(signature[:32]), bytes32(signature[32:]));
        if (failure != ECDSA.RecoverError.NoError) revert SignatureInvalid();
    }
}
