// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Bits} from "./Bits.sol";
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
    uint256 private constant NONE = type(uint256).max;
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
        uint256 expected = BITMAP + SIGNATURE * Bits.count(voters);
        if (votes.length != expected) revert VotesLengthWrong(votes.length, expected);
        (uint256 position, address validator, address recovered) = _firstInvalid(hash, set, voters, votes);
        if (position != NONE) revert VoteInvalid(position, validator, recovered);
    }

    /// @dev The first position whose signature is by somebody else; NONE when there is none. In assembly, because each
    /// turn is paid for by each epoch. Memory: 0x00 to 0x7f the input of the precompile, 0x80 its output, 0xa0 a zero,
    /// 0xc0 the set. What Solidity keeps at 0x40 and 0x60 is put back.
    function _firstInvalid(bytes32 hash, address set, uint256 voters, bytes calldata votes)
        private
        view
        returns (uint256 position, address validator, address recovered)
    {
        uint256 halfOrder = HALF_ORDER;
        uint256 sMask = NONE >> 1;
        assembly {
            let free := mload(0x40)
            // The first byte of the code is STOP; the set follows.
            extcodecopy(set, 0xc0, 1, sub(extcodesize(set), 1))
            mstore(0xa0, 0)
            mstore(0x00, hash)
            position := not(0)
            let signature := add(votes.offset, BITMAP)
            let entry := 0xc0
            for { let bits := voters } bits {
                bits := shr(1, bits)
                entry := add(entry, ENTRY)
            } {
                if and(bits, 1) {
                    let vs := calldataload(add(signature, 0x20))
                    let s := and(vs, sMask)
                    mstore(0x20, add(27, shr(255, vs)))
                    mstore(0x40, calldataload(signature))
                    mstore(0x60, s)
                    pop(staticcall(gas(), 1, 0x00, 0x80, 0x80, 0x20))
                    // For what is no signature the precompile returns nothing, and the zero behind is read.
                    if or(gt(s, halfOrder), xor(mload(sub(0xa0, returndatasize())), shr(96, mload(entry)))) {
                        recovered := mload(sub(0xa0, returndatasize()))
                        validator := shr(96, mload(entry))
                        position := div(sub(entry, 0xc0), ENTRY)
                        break
                    }
                    signature := add(signature, SIGNATURE)
                }
            }
            mstore(0x40, free)
            mstore(0x60, 0)
        }
    }
}
