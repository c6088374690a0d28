// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EcdsaVoteVerifier} from "../src/EcdsaVoteVerifier.sol";
import {Bits} from "../src/Bits.sol";
import {CodeStore} from "../src/CodeStore.sol";
import {SmartnodesCore} from "../src/SmartnodesCore.sol";
import {SmartnodesMultisig} from "../src/SmartnodesMultisig.sol";
import {Update} from "../src/Structs.sol";
import {MultisigScene} from "./MultisigScene.sol";

/// @title Votes and their verifier; branches in MultisigVotes.tree
contract MultisigVotesTest is MultisigScene {
    // ---- votes ----

    function test_twoOfFourAreNoQuorum() public {
        Update memory update = next();
        bytes memory signatures = votes(update, 0, 6);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.QuorumMissing.selector, 2, 3));
        multisig.execute(update, 0, signatures, "");
    }

    function test_nobodyIsNoQuorum() public {
        Update memory update = next();
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.QuorumMissing.selector, 0, 3));
        multisig.execute(update, 0, abi.encode(0), "");
    }

    function test_oneVoteDoesNotCountForTwo() public {
        Update memory update = next();
        bytes32 hash = typed(1, 0, digestOf(update));
        bytes memory one = sign(nodeKey(0), hash);
        vm.expectRevert(abi.encodeWithSelector(EcdsaVoteVerifier.VoteInvalid.selector, 1, node(1), node(0)));
        multisig.execute(update, 0, bytes.concat(abi.encode(7), one, one, one), "");
    }

    function test_votesInAnotherOrderAreRefused() public {
        Update memory update = next();
        bytes32 hash = typed(1, 0, digestOf(update));
        bytes memory swapped =
            bytes.concat(abi.encode(7), sign(nodeKey(1), hash), sign(nodeKey(0), hash), sign(nodeKey(2), hash));
        vm.expectRevert(abi.encodeWithSelector(EcdsaVoteVerifier.VoteInvalid.selector, 0, node(0), node(1)));
        multisig.execute(update, 0, swapped, "");
    }

    function test_theVoteOfAStrangerOrOfTheOperatorsAccountIsRefused() public {
        Update memory update = next();
        bytes32 hash = typed(1, 0, digestOf(update));
        bytes memory two = bytes.concat(abi.encode(7), sign(nodeKey(0), hash), sign(nodeKey(1), hash));
        vm.expectRevert(abi.encodeWithSelector(EcdsaVoteVerifier.VoteInvalid.selector, 2, node(2), vm.addr(0xBAD)));
        multisig.execute(update, 0, bytes.concat(two, sign(0xBAD, hash)), "");
        vm.expectRevert(abi.encodeWithSelector(EcdsaVoteVerifier.VoteInvalid.selector, 2, node(2), operator(2)));
        multisig.execute(update, 0, bytes.concat(two, sign(operatorKey(2), hash)), "");
    }

    function test_positionsBeyondTheSetAreRefused() public {
        Update memory update = next();
        bytes memory three = votes(update, 0, 7);
        assembly {
            mstore(add(three, 0x20), 23)
        }
        vm.expectRevert(abi.encodeWithSelector(EcdsaVoteVerifier.BitmapOutOfRange.selector, 23, 4));
        multisig.execute(update, 0, three, "");
    }

    function test_thereIsOneSignaturePerVoter() public {
        Update memory update = next();
        for (uint256 i = 0; i < 5; ++i) {
            bytes memory wrong = votes(update, 0, 7);
            if (i == 0) wrong = bytes.concat(wrong, bytes32(0), bytes32(0));
            if (i == 1) wrong = bytes.concat(wrong, hex"00");
            if (i > 1) {
                uint256 length = i == 2 ? 223 : i == 3 ? 160 : 32;
                assembly {
                    mstore(wrong, length)
                }
            }
            vm.expectRevert(abi.encodeWithSelector(EcdsaVoteVerifier.VotesLengthWrong.selector, wrong.length, 224));
            multisig.execute(update, 0, wrong, "");
        }
        vm.expectRevert(abi.encodeWithSelector(EcdsaVoteVerifier.VotesLengthWrong.selector, 31, 32));
        multisig.execute(update, 0, new bytes(31), "");
        vm.expectRevert(abi.encodeWithSelector(EcdsaVoteVerifier.VotesLengthWrong.selector, 0, 32));
        multisig.execute(update, 0, "", "");
    }

    function testFuzz_noiseIsNoVote(bytes32 r, bytes32 vs, uint8 place) public {
        Update memory update = next();
        bytes memory signatures = votes(update, 0, 7);
        uint256 offset = 0x40 + uint256(place % 3) * 0x40;
        assembly {
            mstore(add(signatures, offset), r)
            mstore(add(signatures, add(offset, 0x20)), vs)
        }
        vm.expectPartialRevert(EcdsaVoteVerifier.VoteInvalid.selector);
        multisig.execute(update, 0, signatures, "");
    }

    function test_whatIsNoSignatureRecoversNobodyAlsoBehindAGoodOne() public {
        Update memory update = next();
        bytes32 hash = typed(1, 0, digestOf(update));
        bytes memory two = bytes.concat(abi.encode(7), sign(nodeKey(0), hash), sign(nodeKey(1), hash));
        vm.expectRevert(abi.encodeWithSelector(EcdsaVoteVerifier.VoteInvalid.selector, 2, node(2), address(0)));
        multisig.execute(update, 0, bytes.concat(two, bytes32(0), bytes32(0)), "");
    }

    function test_aHighSIsRefused() public {
        bytes32 hash = typed(1, 0, keccak256("digest"));
        (bytes32 r,) = vm.signCompact(nodeKey(0), hash);
        // The greatest s that is low, and the least that is high; 255 bits hold both.
        bytes32 low = bytes32(uint256(0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0));
        bytes32 high = bytes32(uint256(low) + 1);
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory vote = bytes.concat(abi.encode(1), r, i == 0 ? low : high);
            address signer = recoveredOf(hash, vote);
            holds(signer != address(0), "it is somebody's signature");
            address set = CodeStore.write(bytes.concat(bytes20(signer), bytes20(operator(0))));
            if (i == 1) vm.expectPartialRevert(EcdsaVoteVerifier.VoteInvalid.selector);
            verifier.verify(hash, set, 1, vote);
        }
    }

    /// @dev Whom the verifier finds behind a vote, told by its refusal.
    function recoveredOf(bytes32 hash, bytes memory vote) private returns (address recovered) {
        address set = CodeStore.write(entry(0));
        (bool accepted, bytes memory reason) =
            address(verifier).staticcall(abi.encodeCall(verifier.verify, (hash, set, 1, vote)));
        holds(!accepted && bytes4(reason) == EcdsaVoteVerifier.VoteInvalid.selector, "refused");
        assembly {
            recovered := mload(add(reason, 0x64))
        }
    }

    function test_votesOfAnotherRoundEpochChainOrDeploymentAreRefused() public {
        vm.warp(GENESIS + EPOCH + ROUND);
        Update memory update = next();
        bytes32 digest = digestOf(update);
        bytes[] memory foreign = new bytes[](5);
        foreign[0] = signed(typed(1, 1, digest), 7);
        foreign[1] = signed(typed(2, 0, digest), 7);
        uint256 here = block.chainid;
        vm.chainId(here + 1);
        foreign[2] = signed(typed(1, 0, digest), 7);
        vm.chainId(here);
        (SmartnodesCore ours, SmartnodesMultisig executing) = (core, multisig);
        deploy(4);
        foreign[3] = signed(typed(1, 0, digest), 7);
        (core, multisig) = (ours, executing);
        foreign[4] = signed(digest, 7);
        for (uint256 i = 0; i < foreign.length; ++i) {
            vm.expectPartialRevert(EcdsaVoteVerifier.VoteInvalid.selector);
            multisig.execute(update, 0, foreign[i], "");
        }
        execute(update);
    }

    function test_onAChainThatChangedItsIdOnlyItsOwnVotesCount() public {
        Update memory update = next();
        bytes memory old = votes(update, 0, 7);
        vm.chainId(block.chainid + 1);
        vm.expectPartialRevert(EcdsaVoteVerifier.VoteInvalid.selector);
        multisig.execute(update, 0, old, "");
        execute(update);
    }

    function testFuzz_theQuorumIsMoreThanTwoThirds(uint8 n) public {
        uint256 size = bound(n, 1, 12);
        vm.warp(GENESIS);
        deploy(size);
        stakeAll(size);
        vm.warp(GENESIS + EPOCH);
        uint256 quorum = multisig.quorum();
        holds(3 * quorum > 2 * size && 3 * (quorum - 1) <= 2 * size, "the least above two thirds");
        Update memory update = next();
        bytes memory few = votes(update, 0, (1 << (quorum - 1)) - 1);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.QuorumMissing.selector, quorum - 1, quorum));
        multisig.execute(update, 0, few, "");
        multisig.execute(update, 0, votes(update, 0, (1 << quorum) - 1), "");
    }

    function testFuzz_bitsAreCounted(uint256 bitmap) public pure {
        uint256 bits = 0;
        for (uint256 i = 0; i < 256; ++i) {
            bits += (bitmap >> i) & 1;
        }
        same(Bits.count(bitmap), bits);
        same(Bits.count(type(uint256).max), 256);
    }
}
