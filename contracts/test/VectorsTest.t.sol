// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {CodeStore} from "../src/CodeStore.sol";
import {EcdsaVoteVerifier} from "../src/EcdsaVoteVerifier.sol";
import {Emission} from "../src/Emission.sol";
import {SmartnodesCore} from "../src/SmartnodesCore.sol";
import {StateTree} from "../src/StateTree.sol";
import {StructHash} from "../src/StructHash.sol";
import {AssetTotals, Payout, Slash, Update} from "../src/Structs.sol";
import {Deployment} from "./Deployment.sol";
import {VectorsScene} from "./VectorsScene.sol";

/// @title Every hash of the contracts against vectors/protocol.json, which is computed outside of them
contract VectorsTest is VectorsScene {
    using StructHash for Update;

    // Calldata versions, because the libraries read calldata.
    function hashUpdate(Update calldata update) external pure returns (bytes32) {
        return update.hash();
    }

    function rootOf(Payout calldata leaf, bytes32[] calldata siblings) external pure returns (bytes32) {
        return StateTree.rootOf(leaf, siblings);
    }

    function test_theDomainSeparatorOfCoreIsTheOneOfTheVectors() public {
        vm.chainId(num(".domain.chainId"));
        bytes32 typeHash =
            keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        same(typeHash, word(".typeHashes.EIP712Domain"));
        bytes32 separator = keccak256(
            abi.encode(typeHash, keccak256("Smartnodes"), keccak256("1"), block.chainid, addr(".domain.core"))
        );
        same(separator, word(".domain.separator"));
        SmartnodesCore core = new Deployment(json).core();
        same(
            core.DOMAIN_SEPARATOR(),
            keccak256(abi.encode(typeHash, keccak256("Smartnodes"), keccak256("1"), block.chainid, address(core)))
        );
    }

    function test_theTypeHashesAreThoseOfTheDocumentedStructs() public view {
        same(StructHash.ASSET_TOTALS, word(".typeHashes.AssetTotals"));
        same(StructHash.SLASH, word(".typeHashes.Slash"));
        same(StructHash.UPDATE, word(".typeHashes.Update"));
        same(StructHash.VOTE, word(".typeHashes.Vote"));
        same(StructHash.INBOX_ITEM, word(".typeHashes.InboxItem"));
        same(StructHash.PAYOUT, word(".typeHashes.Payout"));
        same(StructHash.ALLOTMENT, word(".typeHashes.Allotment"));
        same(StructHash.JOB, word(".typeHashes.Job"));
        same(StructHash.JOB_RECEIPT, word(".typeHashes.JobReceipt"));
        same(StructHash.ACK, word(".typeHashes.Ack"));
        same(StructHash.NODE_KEY_PROOF, word(".typeHashes.NodeKeyProof"));
    }

    function test_aJobSpecHashesToItsId() public view {
        bytes32 typeHash = keccak256(
            "JobSpec(address user,address home,bytes32 network,bytes32 moduleHash,uint64 unitCount,bytes32 inputsRoot,uint64 fuelLimitPerUnit,uint256 maxPrice,address asset,uint64 deadline,uint64 nonce)"
        );
        bytes memory head = abi.encode(
            typeHash,
            addr(".jobSpec.user"),
            addr(".jobSpec.home"),
            word(".jobSpec.network"),
            word(".jobSpec.moduleHash"),
            num(".jobSpec.unitCount")
        );
        bytes memory tail = abi.encode(
            word(".jobSpec.inputsRoot"),
            num(".jobSpec.fuelLimitPerUnit"),
            num(".jobSpec.maxPrice"),
            addr(".jobSpec.asset"),
            num(".jobSpec.deadline"),
            num(".jobSpec.nonce")
        );
        same(keccak256(bytes.concat(head, tail)), word(".jobSpec.hash"));
    }

    function test_anUpdateHashesToItsDigest() public view {
        same(this.hashUpdate(readUpdate(".update")), word(".update.digest"));
        same(this.hashUpdate(readUpdate(".emptyUpdate")), word(".emptyUpdate.digest"));
    }

    function test_aVoteHashesAndItsSignatureIsTaken() public {
        bytes32 structHash =
            StructHash.vote(uint64(num(".vote.epoch")), uint32(num(".vote.round")), word(".vote.digest"));
        same(structHash, word(".vote.structHash"));
        bytes32 typed = MessageHashUtils.toTypedDataHash(word(".domain.separator"), structHash);
        same(typed, word(".vote.typedDataHash"));
        bytes memory set = vm.parseJsonBytes(json, ".validatorSet.set");
        same(keccak256(set), word(".validatorSet.hash"));
        // All stand in the set; the one at position 0 has signed.
        bytes memory votes = abi.encodePacked(uint256(1), vm.parseJsonBytes(json, ".vote.compact"));
        EcdsaVoteVerifier verifier = new EcdsaVoteVerifier();
        same(verifier.verify(typed, CodeStore.write(set), set.length / 40, votes), 1);
    }

    function test_aPayoutProofLeadsToTheRoot() public view {
        Payout memory leaf = Payout({
            account: addr(".payoutProof.account"),
            asset: addr(".payoutProof.asset"),
            payout: addr(".payoutProof.payout"),
            cumulative: num(".payoutProof.cumulative")
        });
        same(this.rootOf(leaf, vm.parseJsonBytes32Array(json, ".payoutProof.siblings")), word(".payoutProof.root"));
    }

    function test_thePickIsTheLowestHashes() public view {
        bytes32[] memory seats = vm.parseJsonBytes32Array(json, ".pick.seats");
        uint256[] memory order = vm.parseJsonUintArray(json, ".pick.order");
        address[] memory operators = vm.parseJsonAddressArray(json, ".pick.operators");
        same(keccak256(bytes("smartnodes.jury")), word(".pick.purpose"));
        same(order.length, seats.length);
        bytes32 last = 0;
        for (uint256 i = 0; i < order.length; ++i) {
            bytes32 seat = seats[order[i]];
            same(seat, keccak256(abi.encode(operators[order[i]], word(".pick.seed"))));
            bytes32 key = keccak256(abi.encode(word(".pick.purpose"), word(".pick.id"), seat));
            holds(key > last, "ascending");
            last = key;
        }
    }

    function test_theSeedFollowsFromTheOneBefore() public view {
        same(
            keccak256(
                abi.encode(word(".seed.previous"), uint256(word(".seed.prevrandao")), uint64(num(".seed.epoch")))
            ),
            word(".seed.seed")
        );
    }

    function test_theProposersStandInTheOrderOfTheSeed() public {
        Deployment made = new Deployment(json);
        address[] memory expected = vm.parseJsonAddressArray(json, ".proposers.order");
        address[] memory actual = made.multisig().proposers();
        same(actual.length, expected.length);
        for (uint256 i = 0; i < actual.length; ++i) {
            same(actual[i], expected[i]);
        }
        same(made.multisig().validatorSet(), vm.parseJsonBytes(json, ".validatorSet.set"));
        same(made.multisig().validatorSetHash(), word(".validatorSet.hash"));
    }

    function test_theEmissionFollowsTheSchedule() public view {
        uint256 i = 0;
        for (; vm.keyExistsJson(json, path(".emission", i, "")); ++i) {
            same(Emission.upTo(uint64(num(path(".emission", i, ".seconds")))), num(path(".emission", i, ".amount")));
        }
        holds(i > 20, "all entries were read");
    }

    function readUpdate(string memory key) private view returns (Update memory result) {
        result.epoch = uint64(num(string.concat(key, ".epoch")));
        result.previousStateRoot = word(string.concat(key, ".previousStateRoot"));
        result.stateRoot = word(string.concat(key, ".stateRoot"));
        result.bodyHash = word(string.concat(key, ".bodyHash"));
        result.inboxCount = uint64(num(string.concat(key, ".inboxCount")));
        result.inboxHash = word(string.concat(key, ".inboxHash"));
        result.asOf = uint64(num(string.concat(key, ".asOf")));
        result.nextSetHash = word(string.concat(key, ".nextSetHash"));
        uint256 n = length(string.concat(key, ".totals"));
        result.totals = new AssetTotals[](n);
        for (uint256 i = 0; i < n; ++i) {
            result.totals[i] = totals(string.concat(key, ".totals"), i);
        }
        if (length(string.concat(key, ".ejections")) != 0) {
            result.ejections = vm.parseJsonAddressArray(json, string.concat(key, ".ejections"));
        }
        n = length(string.concat(key, ".slashes"));
        result.slashes = new Slash[](n);
        for (uint256 i = 0; i < n; ++i) {
            string memory each = string.concat(key, ".slashes");
            result.slashes[i] = Slash({
                operator: addr(path(each, i, ".operator")),
                amount: num(path(each, i, ".amount")),
                evidenceId: word(path(each, i, ".evidenceId"))
            });
        }
    }

    function totals(string memory list, uint256 i) private view returns (AssetTotals memory) {
        return AssetTotals({
            asset: addr(path(list, i, ".asset")),
            balances: num(path(list, i, ".balances")),
            payouts: num(path(list, i, ".payouts")),
            heldBack: num(path(list, i, ".heldBack")),
            burnt: num(path(list, i, ".burnt")),
            minted: num(path(list, i, ".minted"))
        });
    }
}
