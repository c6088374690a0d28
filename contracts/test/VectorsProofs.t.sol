// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {StateTree} from "../src/StateTree.sol";
import {StructHash} from "../src/StructHash.sol";
import {Allotment, InboxItem, Job, JobReceipt} from "../src/Structs.sol";
import {VectorsScene} from "./VectorsScene.sol";

/// @title What operators sign and what users prove, against vectors/protocol.json
contract VectorsProofsTest is VectorsScene {
    using StructHash for Allotment;
    using StructHash for InboxItem;
    using StructHash for Job;
    using StructHash for JobReceipt;

    // Calldata versions, because the libraries read calldata.
    function hashReceipt(JobReceipt calldata receipt) external pure returns (bytes32) {
        return receipt.hash();
    }

    function hashAllotment(Allotment calldata leaf) external pure returns (bytes32) {
        return leaf.hash();
    }

    function hashJob(Job calldata leaf) external pure returns (bytes32) {
        return leaf.hash();
    }

    function rootOf(Allotment calldata leaf, bytes32[] calldata siblings) external pure returns (bytes32) {
        return StateTree.rootOf(leaf, siblings);
    }

    function rootOfJob(Job calldata leaf, bytes32[] calldata siblings) external pure returns (bytes32) {
        return StateTree.rootOf(leaf, siblings);
    }

    function rootOfAny(uint8 leafType, bytes32 key, bytes32 structHash, bytes32[] calldata siblings)
        external
        pure
        returns (bytes32)
    {
        return StateTree.rootOf(leafType, key, structHash, siblings);
    }

    function test_allotmentsLeadToTheRoot() public view {
        string[2] memory keys = [".escapeProofs.allotment", ".escapeProofs.free"];
        for (uint256 i = 0; i < 2; ++i) {
            string memory key = keys[i];
            Allotment memory leaf = Allotment({
                account: addr(string.concat(key, ".account")),
                asset: addr(string.concat(key, ".asset")),
                home: addr(string.concat(key, ".home")),
                amount: num(string.concat(key, ".amount")),
                releasing: num(string.concat(key, ".releasing")),
                releaseAt: uint64(num(string.concat(key, ".releaseAt")))
            });
            same(keccak256(abi.encode(leaf.account, leaf.asset, leaf.home)), word(string.concat(key, ".key")));
            same(this.hashAllotment(leaf), word(string.concat(key, ".structHash")));
            bytes32[] memory siblings = vm.parseJsonBytes32Array(json, string.concat(key, ".siblings"));
            same(this.rootOf(leaf, siblings), word(".escapeProofs.root"));
        }
    }

    function test_aJobLeadsToTheRoot() public view {
        string memory key = ".escapeProofs.job";
        Job memory leaf;
        leaf.jobId = word(string.concat(key, ".jobId"));
        leaf.user = addr(string.concat(key, ".user"));
        leaf.home = addr(string.concat(key, ".home"));
        leaf.asset = addr(string.concat(key, ".asset"));
        leaf.held = num(string.concat(key, ".held"));
        leaf.unitCount = uint64(num(string.concat(key, ".unitCount")));
        leaf.deadline = uint64(num(string.concat(key, ".deadline")));
        leaf.anchoredAt = uint64(num(string.concat(key, ".anchoredAt")));
        leaf.closingAt = uint64(num(string.concat(key, ".closingAt")));
        leaf.settledCount = uint64(num(string.concat(key, ".settledCount")));
        leaf.settled = vm.parseJsonBytes(json, string.concat(key, ".settled"));
        same(this.hashJob(leaf), word(string.concat(key, ".structHash")));
        bytes32[] memory siblings = vm.parseJsonBytes32Array(json, string.concat(key, ".siblings"));
        same(this.rootOfJob(leaf, siblings), word(".escapeProofs.root"));
        same(
            this.rootOfAny(3, leaf.jobId, word(string.concat(key, ".structHash")), siblings), word(".escapeProofs.root")
        );
    }

    function test_aReceiptHashesToItsHash() public view {
        string[2] memory keys = [".jobReceipt", ".otherReceipt"];
        for (uint256 i = 0; i < 2; ++i) {
            string memory key = keys[i];
            JobReceipt memory receipt = JobReceipt({
                jobId: word(string.concat(key, ".jobId")),
                lease: uint64(num(string.concat(key, ".lease"))),
                first: uint64(num(string.concat(key, ".first"))),
                count: uint64(num(string.concat(key, ".count"))),
                fuel: uint64(num(string.concat(key, ".fuel"))),
                resultsRoot: word(string.concat(key, ".resultsRoot")),
                drawHeight: uint64(num(string.concat(key, ".drawHeight")))
            });
            same(this.hashReceipt(receipt), word(string.concat(key, ".hash")));
        }
    }

    function test_anAcknowledgementIsSignedByItsWitness() public view {
        string[2] memory keys = [".ack", ".otherAck"];
        for (uint256 i = 0; i < 2; ++i) {
            string memory key = keys[i];
            bytes32 hash = StructHash.ack(
                word(string.concat(key, ".jobId")),
                uint64(num(string.concat(key, ".lease"))),
                word(string.concat(key, ".receiptHash"))
            );
            isSigned(key, hash);
        }
    }

    function test_aNodeKeyProofIsSignedByItsKey() public view {
        string memory key = ".nodeKeyProof";
        bytes32 x = word(string.concat(key, ".nodeKeyX"));
        bytes32 y = word(string.concat(key, ".nodeKeyY"));
        isSigned(key, StructHash.nodeKeyProof(addr(string.concat(key, ".operator")), x, y));
        address signer = address(uint160(uint256(keccak256(abi.encodePacked(x, y)))));
        same(signer, addr(string.concat(key, ".signer")));
    }

    function test_itemsOfEveryKindRollOn() public view {
        bytes32 rolling = word(".inbox[3].hash");
        uint256 i = 0;
        for (; vm.keyExistsJson(json, path(".inboxKinds", i, "")); ++i) {
            InboxItem memory item = inboxItem(".inboxKinds", i);
            same(item.index, i + 4);
            same(item.hash(), word(path(".inboxKinds", i, ".itemHash")));
            rolling = keccak256(abi.encode(rolling, item.hash()));
            same(rolling, word(path(".inboxKinds", i, ".hash")));
        }
        holds(i >= 6, "all kinds were read");
    }

    function isSigned(string memory key, bytes32 structHash) private view {
        same(structHash, word(string.concat(key, ".structHash")));
        bytes32 typed = keccak256(abi.encodePacked(hex"1901", word(".domain.separator"), structHash));
        same(typed, word(string.concat(key, ".typedDataHash")));
        bytes memory compact = vm.parseJsonBytes(json, string.concat(key, ".compact"));
        (bytes32 r, bytes32 vs) = abi.decode(compact, (bytes32, bytes32));
        uint8 v = uint8(27 + (uint256(vs) >> 255));
        same(
            ecrecover(typed, v, r, bytes32(uint256(vs) & (type(uint256).max >> 1))), addr(string.concat(key, ".signer"))
        );
    }
}
