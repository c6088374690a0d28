// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AssetTotals, Update} from "../src/Structs.sol";
import {BenchScene} from "./BenchScene.sol";

/// @title Executions, by the number of validators
/// @notice First: nothing was stored before. Steady: the ring of roots and the books are in use. The body enters as its
/// hash, so that jobs cost nothing here; that is measured, not assumed.
abstract contract ExecuteBench is BenchScene {
    function size() internal pure virtual returns (uint256);

    function setUp() public {
        deploy(size());
        stakeAll(size());
    }

    function named(string memory rest) internal pure returns (string memory) {
        return string.concat("execute N=", vm.toString(size()), rest);
    }

    function run(Update memory update, bytes memory nextSet, string memory name) internal {
        bytes memory all = votes(update, (2 * size()) / 3 + 1);
        multisig.execute(update, 0, all, nextSet);
        measure(named(name));
    }

    function queueItems(uint256 count) internal {
        vm.deal(USER, 1 ether);
        for (uint256 i = 0; i < count; ++i) {
            vm.prank(USER);
            core.release(NATIVE, address(0), 1);
        }
    }

    function test_first() public {
        vm.warp(multisig.epochStart() + 60);
        run(next(100), "", " first, 100 jobs, 0 inbox items");
    }

    function test_firstWithInbox() public {
        vm.warp(multisig.epochStart() + 60);
        queueItems(100);
        run(next(100), "", " first, 100 jobs, 100 inbox items");
    }

    function test_steady() public {
        executeSome(17, size());
        run(next(0), "", " steady, 0 jobs, 0 inbox items");
        executeSome(0, size());
        run(next(100), "", " steady, 100 jobs, 0 inbox items");
        executeSome(0, size());
        run(next(10_000), "", " steady, 10000 jobs, 0 inbox items");
        for (uint256 jobs = 0; jobs < 3; ++jobs) {
            executeSome(0, size());
            queueItems(100);
            uint256 many = [uint256(0), 100, 10_000][jobs];
            run(next(many), "", string.concat(" steady, ", vm.toString(many), " jobs, 100 inbox items"));
        }
        executeSome(0, size());
        allVotes();
        executeSome(0, size());
        twoAssets();
    }

    /// @dev Every validator votes, not only as many as it takes.
    function allVotes() private {
        Update memory update = next(100);
        bytes memory all = votes(update, size());
        multisig.execute(update, 0, all, "");
        measure(named(" steady, 100 jobs, all votes"));
    }

    /// @dev Beside SNO the native coin is booked; measured the second time, when its book is in use.
    function twoAssets() private {
        vm.deal(USER, 1 ether);
        vm.prank(USER);
        core.deposit{value: 1 ether}(NATIVE, 1 ether, address(0));
        for (uint256 i = 0; i < 2; ++i) {
            Update memory update = next(100);
            AssetTotals memory sno = update.totals[0];
            update.totals = new AssetTotals[](2);
            update.totals[0] = AssetTotals(NATIVE, 0.5 ether, (i + 1) * 0.1 ether, 0, 0, 0);
            update.totals[1] = sno;
            bytes memory all = votes(update, (2 * size()) / 3 + 1);
            multisig.execute(update, 0, all, "");
            if (i == 1) measure(named(" steady, 100 jobs, two assets"));
            executeSome(0, size());
        }
    }

    /// @dev One joiner comes into the set: the new set is stored.
    function test_joiner() public {
        executeSome(17, size());
        (bytes32 x, bytes32 y, bytes memory proof) = keyProof(nodeKey(size()), size());
        vm.prank(operator(size()));
        token.approve(address(multisig), STAKE);
        vm.prank(operator(size()));
        multisig.join(x, y, address(0), proof, STAKE);
        vm.warp(block.timestamp + 2 days);
        bytes memory nextSet = bytes.concat(set, bytes20(vm.addr(nodeKey(size()))), bytes20(operator(size())));
        Update memory update = next(100);
        update.nextSetHash = keccak256(nextSet);
        run(update, nextSet, " steady, 100 jobs, one joiner");
    }
}

contract Execute4 is ExecuteBench {
    function size() internal pure override returns (uint256) {
        return 4;
    }
}

contract Execute16 is ExecuteBench {
    function size() internal pure override returns (uint256) {
        return 16;
    }
}

contract Execute64 is ExecuteBench {
    function size() internal pure override returns (uint256) {
        return 64;
    }
}

contract Execute128 is ExecuteBench {
    function size() internal pure override returns (uint256) {
        return 128;
    }
}
