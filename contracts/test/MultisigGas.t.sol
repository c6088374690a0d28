// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AssetTotals, Update} from "../src/Structs.sol";
import {MultisigScene} from "./MultisigScene.sol";

/// @title What a whole transaction of an execution costs when the set stays
/// @dev Everything is prepared in setUp, which is a transaction of its own, so that the measured call finds every slot
/// cold and with its old value. Votes are a bare quorum, which is what a submitter sends. Totals: SNO, with two assets
/// the native coin as well, all of them changing.
abstract contract MultisigGas is MultisigScene {
    uint256 private immutable size;
    uint256 private immutable assets;
    uint256 private immutable goal;
    bytes private transaction;

    event GasUsed(uint256 validators, uint256 assets, uint256 execution, uint256 transaction);

    constructor(uint256 size_, uint256 assets_, uint256 goal_) {
        (size, assets, goal) = (size_, assets_, goal_);
    }

    function setUp() public override {
        vm.warp(GENESIS);
        deploy(size);
        stakeAll(size);
        if (assets == 2) depositNative(10 ether);
        // As many as there are roots, so that none of them is new.
        for (uint256 i = 0; i < 17; ++i) {
            pass(EPOCH);
            execute(busy());
        }
        pass(EPOCH);
        Update memory update = busy();
        uint256 bitmap = (1 << multisig.quorum()) - 1;
        transaction = abi.encodeCall(multisig.execute, (update, 0, votes(update, 0, bitmap), ""));
    }

    function busy() private view returns (Update memory update) {
        update = next();
        uint256 minted = core.emission(uint64(vm.getBlockTimestamp() - GENESIS));
        AssetTotals memory sno = AssetTotals(address(token), 0, minted / 2, minted / 8, minted / 4, minted);
        update.totals = new AssetTotals[](assets);
        update.totals[0] = AssetTotals(NATIVE, 10 ether - update.epoch, update.epoch, 0, 0, 0);
        update.totals[assets - 1] = sno;
    }

    function test_anExecutionStaysCheap() public {
        bytes memory data = transaction;
        address target = address(multisig);
        // The target of a transaction is warm from its beginning.
        holds(target.balance == 0, "warm");
        uint256 before = gasleft();
        (bool done,) = target.call(data);
        uint256 execution = before - gasleft();
        holds(done, "executed");
        uint256 total = 21_000 + execution;
        for (uint256 i = 0; i < data.length; ++i) {
            total += data[i] == 0 ? 4 : 16;
        }
        emit GasUsed(size, assets, execution, total);
        holds(total <= goal, "the goal");
    }
}

contract MultisigGas4Test is MultisigGas(4, 2, 130_000) {}

contract MultisigGas16Test is MultisigGas(16, 2, 170_000) {}

contract MultisigGas64Test is MultisigGas(64, 1, 300_000) {}

/// @dev Above the goal of 300,000: 43 votes alone are 177,000 for precompile and calldata, storage and events 75,000.
contract MultisigGas64TwoAssetsTest is MultisigGas(64, 2, 305_000) {}

contract MultisigGas128Test is MultisigGas(128, 2, 500_000) {}
