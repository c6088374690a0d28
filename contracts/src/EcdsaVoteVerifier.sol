// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoteVerifier} from "./interfaces/IVoteVerifier.sol";

/// @title Verification of votes: secp256k1 signatures with a bitmap of the voters
/// @notice Votes are 32 bytes of bitmap (bit i stands for position i of the set) and 64 bytes per set bit, in ascending
/// order: a compact signature (EIP-2098, low s) by the node key of the validator there. So one validator counts once,
/// whatever the caller passes.
/// @dev Stateless; whoever asks names the set.
contract EcdsaVoteVerifier is IVoteVerifier {
    uint256 private constant ENTRY = 40;
    uint256 private constant BITMAP = 32;
    uint256 private constant SIGNATURE = 64;
    uint256 private constant HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    /// @notice The bitmap names positions beyond the set.
    error BitmapOutOfRange(uint256 bitmap, uint256 validators);
    /// @notice There must be exactly 32 bytes of bitmap and 64 bytes of signature per voter.
    error VotesLengthWrong(uint256 actual, uint256 expected);
    /// @notice The signature at this position is not by the node key of the validator there.
    error VoteInvalid(uint256 position, address expected, address recovered);

    /// @inheritdoc IVoteVerifier
    function verify(bytes32 hash, address set, uint256 validators, bytes calldata votes)
        external
        view
        returns (uint256 voters)
    {
        if (votes.length < BITMAP) revert VotesLengthWrong(votes.length, BITMAP);
        voters = uint256(bytes32(votes[:BITMAP]));
        if (validators < 256 && voters >> validators != 0) revert BitmapOutOfRange(voters, validators);
        uint256 expected = BITMAP;
        for (uint256 bits = voters; bits != 0; bits &= bits - 1) {
            expected += SIGNATURE;
        }
        if (votes.length != expected) revert VotesLengthWrong(votes.length, expected);
        (uint256 position, address validator, address recovered) = _firstInvalid(hash, set, voters, votes);
        if (position != type(uint256).max) revert VoteInvalid(position, validator, recovered);
    }

    /// @dev The first position whose signature is by somebody else, 2^256 − 1 when there is none. In assembly, because
    /// every turn is paid for by every epoch; the memory beyond the free pointer is scratch, which nothing else uses.
    function _firstInvalid(bytes32 hash, address set, uint256 voters, bytes calldata votes)
        private
        view
        returns (uint256 position, address validator, address recovered)
    {
        uint256 halfOrder = HALF_ORDER;
        assembly ("memory-safe") {
            let input := mload(0x40)
            let entry := add(input, 0x80)
            // The first byte of the code is STOP; the set follows.
            extcodecopy(set, entry, 1, sub(extcodesize(set), 1))
            mstore(input, hash)
            let signature := add(votes.offset, BITMAP)
            for { let bits := voters } bits {
                bits := shr(1, bits)
                entry := add(entry, ENTRY)
                position := add(position, 1)
            } {
                if iszero(and(bits, 1)) { continue }
                let vs := calldataload(add(signature, 0x20))
                let s := shr(1, shl(1, vs))
                mstore(add(input, 0x20), add(27, shr(255, vs)))
                mstore(add(input, 0x40), calldataload(signature))
                mstore(add(input, 0x60), s)
                // The precompile returns nothing for what is no signature; then the zero stays.
                mstore(0, 0)
                if iszero(gt(s, halfOrder)) { pop(staticcall(gas(), 1, input, 0x80, 0, 0x20)) }
                recovered := mload(0)
                validator := shr(96, mload(entry))
                if or(iszero(recovered), xor(recovered, validator)) { break }
                recovered := 0
                signature := add(signature, SIGNATURE)
            }
            // A break leaves the position; a full turn ends here.
            if iszero(gt(add(votes.offset, votes.length), signature)) { position := not(0) }
        }
    }
}
