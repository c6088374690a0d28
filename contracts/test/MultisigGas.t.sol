// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AssetTotals, Update} from "../src/Structs.sol";
import {MultisigScene} from "./MultisigScene.sol";

/// @title What a whole transaction of an execution costs when the set stays
/// @dev Everything is prepared in setUp, which is a transaction of its own, so that the measured call finds every slot
/// cold and with its old value. Votes are a bare quorum, which is what a submitter sends. Totals: the native coin and
/// SNO, both changing.
abstract contract MultisigGas is MultisigScene {
    bytes private transaction;

    event GasUsed(uint256 validators, uint256 votes, uint256 execution, uint256 transaction);

    function size() internal pure virtual returns (uint256);
    function goal() internal pure virtual returns (uint256);

    function setUp() public override {
        vm.warp(GENESIS);
        deploy(size());
        stakeAll(size());
        depositNative(10 ether);
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
        uint256 minted = core.emission(uint64(block.timestamp - GENESIS));
        update.totals = new AssetTotals[](2);
        update.totals[0] = AssetTotals(NATIVE, 10 ether - update.epoch, update.epoch, 0, 0, 0);
        update.totals[1] = AssetTotals(address(token), 0, minted / 2, minted / 8, minted / 4, minted);
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
        emit GasUsed(size(), multisig.quorum(), execution, total);
        holds(total <= goal(), "the goal");
    }
}

contract MultisigGas4Test is MultisigGas {
    function size() internal pure override returns (uint256) {
        return 4;
    }

    function goal() internal pure override returns (uint256) {
        return 130_000;
    }
}

contract MultisigGas16Test is MultisigGas {
    function size() internal pure override returns (uint256) {
        return 16;
    }

    function goal() internal pure override returns (uint256) {
        return 170_000;
    }
}

contract MultisigGas64Test is MultisigGas {
    function size() internal pure override returns (uint256) {
        return 64;
    }

    function goal() internal pure override returns (uint256) {
        return 300_000;
    }
}

contract MultisigGas128Test is MultisigGas {
    function size() internal pure override returns (uint256) {
        return 128;
    }

    function goal() internal pure override returns (uint256) {
        return 500_000;
    }
}
