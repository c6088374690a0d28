// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {StructHash} from "../src/StructHash.sol";
import {InboxItem} from "../src/Structs.sol";
import {CoreScene} from "./CoreScene.sol";
import {VectorsScene} from "./VectorsScene.sol";

/// @title Core's own inbox against vectors/protocol.json
contract VectorsInboxTest is CoreScene, VectorsScene {
    using StructHash for InboxItem;

    function setUp() public override(CoreScene, VectorsScene) {
        CoreScene.setUp();
        VectorsScene.setUp();
    }

    function test_coreRollsOverTheSameItems() public {
        bytes32 rolling = 0;
        uint256 i = 0;
        for (; vm.keyExistsJson(json, path(".inbox", i, "")); ++i) {
            InboxItem memory item = inboxItem(".inbox", i);
            same(item.hash(), word(path(".inbox", i, ".itemHash")));
            rolling = keccak256(abi.encode(rolling, item.hash()));
            same(rolling, word(path(".inbox", i, ".hash")));
            enter(item);
            same(core.inboxHashAt(uint64(i + 1)), rolling);
        }
        same(i, 4);
        for (uint256 k = 0; k < 4; ++k) {
            enter(inboxItem(".inboxKinds", k));
            same(core.inboxHashAt(uint64(5 + k)), word(path(".inboxKinds", k, ".hash")));
        }
    }

    function enter(InboxItem memory item) private {
        if (item.kind > 2) {
            core.queue(item.kind, item.account, item.asset, item.amount, item.target, item.data);
            return;
        }
        vm.deal(item.account, item.amount);
        vm.prank(item.account);
        if (item.kind == 1) core.deposit{value: item.amount}(item.asset, item.amount, item.target);
        else core.release(item.asset, item.target, item.amount);
    }
}
