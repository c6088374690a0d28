// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Verification of votes: secp256k1 signatures with a bitmap of the voters
/// @notice A set is the concatenation of node address (20 bytes) and operator (20 bytes) per validator; bit i of the
/// bitmap stands for position i. Signatures are compact (EIP-2098, 64 bytes), one per set bit in ascending order, so
/// that one validator counts once whatever the caller passes.
library VoteVerifier {
    uint256 internal constant ENTRY = 40;
    uint256 internal constant SIGNATURE = 64;
    uint256 internal constant MAX_VALIDATORS = 256;

    /// @notice The bitmap names positions beyond the set.
    error BitmapOutOfRange(uint256 bitmap, uint256 validators);
    /// @notice There must be exactly 64 bytes of signature per voter.
    error SignaturesLengthWrong(uint256 actual, uint256 expected);
    /// @notice Not more than two thirds of the validators voted.
    error QuorumMissing(uint256 votes, uint256 required);
    /// @notice The signature at this position is not by the node key of the validator there.
    error VoteInvalid(uint256 position, address expected, address recovered);

    /// @notice The least number of votes v with 3·v > 2·N.
    function quorumOf(uint256 validators) internal pure returns (uint256) {
        return (2 * validators) / 3 + 1;
    }

    /// @notice Reverts unless more than two thirds of the set signed the hash.
    /// @param hash the EIP-712 hash that was signed
    /// @param set the validators, 40 bytes each, 256 at most
    /// @param bitmap the positions of the voters
    /// @param signatures 64 bytes per voter, in ascending order of position
    function verify(bytes32 hash, bytes memory set, uint256 bitmap, bytes calldata signatures) internal pure {
        uint256 validators = set.length / ENTRY;
        if (validators < MAX_VALIDATORS && bitmap >> validators != 0) revert BitmapOutOfRange(bitmap, validators);
        uint256 votes = count(bitmap);
        uint256 required = quorumOf(validators);
        if (votes < required) revert QuorumMissing(votes, required);
        if (signatures.length != votes * SIGNATURE) {
            revert SignaturesLengthWrong(signatures.length, votes * SIGNATURE);
        }
        uint256 offset = 0;
        for (uint256 position = 0; position < validators; ++position) {
            if ((bitmap >> position) & 1 == 0) continue;
            (address expected,) = entry(set, position);
            (address recovered,,) = ECDSA.tryRecover(
                hash, bytes32(signatures[offset:offset + 32]), bytes32(signatures[offset + 32:offset + SIGNATURE])
            );
            if (recovered == address(0) || recovered != expected) revert VoteInvalid(position, expected, recovered);
            offset += SIGNATURE;
        }
    }

    /// @notice The validator at a position, which must be in the set.
    function entry(bytes memory set, uint256 position) internal pure returns (address nodeAddress, address operator) {
        uint256 offset = position * ENTRY;
        assembly ("memory-safe") {
            nodeAddress := shr(96, mload(add(add(set, 0x20), offset)))
            operator := shr(96, mload(add(add(set, 0x34), offset)))
        }
    }

    /// @notice The number of set bits.
    function count(uint256 bitmap) internal pure returns (uint256 bits) {
        for (; bitmap != 0; bitmap &= bitmap - 1) {
            ++bits;
        }
    }
}
