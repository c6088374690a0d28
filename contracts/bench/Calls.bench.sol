// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {StructHash} from "../src/StructHash.sol";
import {Allotment, AssetTotals, InboxItem, Job, JobReceipt, Payout, Update} from "../src/Structs.sol";
import {BenchScene} from "./BenchScene.sol";
import {Forest, PlacedLeaf} from "./Forest.sol";

/// @title Struct hashes of leaves from memory
contract LeafHasher {
    function allotment(Allotment calldata leaf) external pure returns (bytes32) {
        return StructHash.hash(leaf);
    }

    function job(Job calldata leaf) external pure returns (bytes32) {
        return StructHash.hash(leaf);
    }

    function payout(Payout calldata leaf) external pure returns (bytes32) {
        return StructHash.hash(leaf);
    }

    function receipt(JobReceipt calldata leaf) external pure returns (bytes32) {
        return StructHash.hash(leaf);
    }
}

/// @title Everything but executions, one transaction each
contract CallsBench is BenchScene {
    uint256 private constant N = 4;
    uint256 private constant BATCH = 29;
    address private constant HOME = address(0x40E);
    LeafHasher private leaves;

    function setUp() public {
        leaves = new LeafHasher();
    }

    function test_deployment() public {
        deploy(N);
    }

    function test_validators() public {
        deploy(N);
        for (uint256 i = 0; i < N; ++i) {
            (,, bytes memory own) = keyProof(nodeKey(i), i);
            vm.prank(operator(i));
            token.approve(address(multisig), 2 * STAKE);
            vm.prank(operator(i));
            multisig.stake(own);
        }
        measure("stake");
        vm.prank(operator(0));
        multisig.topUp(1 ether);
        measure("topUp");
        (bytes32 x, bytes32 y, bytes memory proof) = keyProof(nodeKey(N), N);
        vm.prank(operator(N));
        token.approve(address(multisig), STAKE);
        vm.prank(operator(N));
        multisig.join(x, y, address(0), proof, STAKE);
        measure("join");
        (x, y, proof) = keyProof(nodeKey(1000), 1);
        vm.prank(operator(1));
        multisig.rotate(x, y, address(0), proof);
        measure("rotate");
        vm.prank(operator(2));
        multisig.exit();
        measure("exit");
        vm.prank(operator(2));
        multisig.rejoin();
        measure("rejoin");
        vm.prank(operator(2));
        multisig.exit();
        vm.warp(block.timestamp + 1 days);
        multisig.completeExit(operator(2));
        measure("completeExit");
        vm.warp(block.timestamp + 21 days);
        vm.prank(operator(2));
        multisig.withdraw();
        measure("withdraw");
    }

    function test_proofsOfEquivocation() public {
        deploy(N);
        stakeAll(N);
        bytes memory a = sign(nodeKey(1), typed(StructHash.vote(1, 0, keccak256("a"))));
        bytes memory b = sign(nodeKey(1), typed(StructHash.vote(1, 0, keccak256("b"))));
        vm.prank(USER);
        multisig.proveDoubleVote(1, 0, keccak256("a"), a, keccak256("b"), b);
        measure("proveDoubleVote");
        JobReceipt memory one = JobReceipt(keccak256("job"), 1, 0, 8, 8, keccak256("results"), 7);
        JobReceipt memory two = JobReceipt(keccak256("job"), 1, 4, 8, 8, keccak256("others"), 7);
        a = sign(nodeKey(2), typed(StructHash.ack(one.jobId, 1, leaves.receipt(one))));
        b = sign(nodeKey(2), typed(StructHash.ack(two.jobId, 1, leaves.receipt(two))));
        vm.prank(USER);
        multisig.proveDoubleAck(one, a, two, b);
        measure("proveDoubleAck");
    }

    function test_moneyIn() public {
        deploy(N);
        stakeAll(N);
        vm.deal(USER, 1 ether);
        vm.prank(USER);
        token.approve(address(core), 10 ether);
        vm.prank(USER);
        coin.approve(address(core), 10 ether);
        for (uint256 i = 0; i < 2; ++i) {
            string memory when = i == 0 ? ", first" : ", later";
            vm.prank(USER);
            core.deposit(address(token), 1 ether, HOME);
            measure(string.concat("deposit SNO", when));
            vm.prank(USER);
            core.deposit{value: 0.1 ether}(NATIVE, 0.1 ether, HOME);
            measure(string.concat("deposit ETH", when));
            vm.prank(USER);
            core.deposit(address(coin), 1 ether, HOME);
            measure(string.concat("deposit ERC-20", when));
        }
        vm.prank(USER);
        core.release(NATIVE, HOME, 0.1 ether);
        measure("release");
        vm.prank(USER);
        core.registerNetwork("bench", keccak256("manifest"));
        measure("registerNetwork");
    }

    function test_claimsWith20Siblings() public {
        claims(20);
    }

    function test_claimsWith32Siblings() public {
        claims(32);
    }

    function test_claimsOfEth() public {
        deploy(N);
        stakeAll(N);
        vm.deal(USER, 10 ether);
        vm.prank(USER);
        core.deposit{value: 10 ether}(NATIVE, 10 ether, HOME);
        for (uint256 round = 1; round <= 2; ++round) {
            Payout[] memory list = new Payout[](1);
            list[0] = Payout(address(0x1000), NATIVE, address(0x1000), round * 1 ether);
            PlacedLeaf[] memory placed = place(list);
            Update memory update = next(1);
            update.totals = new AssetTotals[](1);
            update.totals[0] = AssetTotals(NATIVE, 7 ether, round * 1 ether, 0, 0, 0);
            finish(update, placed, 20);
            bytes32[] memory proof = Forest.proof(placed, 0, 20);
            uint64 executed = core.epoch();
            core.claim(executed, list[0], proof);
            measure(string.concat("claim ETH ", round == 1 ? "first" : "later", ", 20 siblings"));
        }
    }

    function claims(uint256 depth) private {
        deploy(N);
        stakeAll(N);
        string memory suffix = string.concat(", ", vm.toString(depth), " siblings");
        for (uint256 round = 1; round <= 2; ++round) {
            string memory when = round == 1 ? " first" : " later";
            Payout[] memory list = new Payout[](BATCH + 1);
            for (uint256 i = 0; i < list.length; ++i) {
                address account = address(uint160(0x10000 + 7919 * i));
                list[i] = Payout(account, address(token), account, round * 1 ether);
            }
            PlacedLeaf[] memory placed = place(list);
            finish(next(1), placed, depth);
            if (depth == 20) {
                core.settle();
                measure(string.concat("settle", when));
            } else {
                core.settle();
            }
            claimOneAndTheRest(list, placed, depth, when, suffix);
        }
    }

    function claimOneAndTheRest(
        Payout[] memory list,
        PlacedLeaf[] memory placed,
        uint256 depth,
        string memory when,
        string memory suffix
    ) private {
        uint64 executed = core.epoch();
        bytes32[] memory proof = Forest.proof(placed, BATCH, depth);
        core.claim(executed, list[BATCH], proof);
        measure(string.concat("claim SNO", when, suffix));
        Payout[] memory many = new Payout[](BATCH);
        bytes32[][] memory proofs = new bytes32[][](BATCH);
        for (uint256 i = 0; i < BATCH; ++i) {
            (many[i], proofs[i]) = (list[i], Forest.proof(placed, i, depth));
        }
        core.claimMany(executed, many, proofs);
        measure(string.concat("claimMany of 29 SNO", when, suffix));
    }

    function place(Payout[] memory list) private view returns (PlacedLeaf[] memory placed) {
        placed = new PlacedLeaf[](list.length);
        for (uint256 i = 0; i < list.length; ++i) {
            bytes32 key = keccak256(abi.encode(list[i].account, list[i].asset));
            placed[i] = Forest.place(5, key, leaves.payout(list[i]));
        }
    }

    /// @dev Executes an update whose state has these leaves.
    function finish(Update memory update, PlacedLeaf[] memory placed, uint256 depth) private {
        vm.warp(multisig.epochStart() + 60);
        update.asOf = uint64(block.timestamp);
        update.stateRoot = Forest.root(placed, depth);
        execute(update, N, "");
    }

    function test_escapes() public {
        deploy(N);
        stakeAll(N);
        vm.deal(USER, 10 ether);
        vm.prank(USER);
        core.deposit{value: 5 ether}(NATIVE, 5 ether, HOME);
        Allotment memory allotment = Allotment(USER, NATIVE, HOME, 2 ether, 0, 0);
        Job memory job = Job(keccak256("job"), USER, HOME, NATIVE, 1 ether, 800, 100, 1, 0, 0, new bytes(100));
        PlacedLeaf[] memory placed = new PlacedLeaf[](2);
        placed[0] = Forest.place(2, keccak256(abi.encode(USER, NATIVE, HOME)), leaves.allotment(allotment));
        placed[1] = Forest.place(3, job.jobId, leaves.job(job));
        Update memory update = next(1);
        update.totals[0] = AssetTotals(NATIVE, 4 ether, 0, 0, 0, 0);
        finish(update, placed, 20);
        uint64 index = core.inboxLength();
        vm.prank(USER);
        core.deposit{value: 1 ether}(NATIVE, 1 ether, HOME);
        vm.warp(block.timestamp + 31 days);
        bytes32[] memory proof = Forest.proof(placed, 0, 20);
        core.escapeAllotment(allotment, proof);
        measure("escapeAllotment first, 20 siblings");
        proof = Forest.proof(placed, 1, 20);
        core.escapeJob(job, proof);
        measure("escapeJob later, 20 siblings");
        core.escapeDeposit(InboxItem(index, 1, USER, NATIVE, 1 ether, HOME, 0));
        measure("escapeDeposit later");
    }
}
