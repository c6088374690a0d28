// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {NodeKeys} from "../src/core/NodeKeys.sol";
import {Stakes} from "../src/multisig/Stakes.sol";
import {SmartnodesMultisig} from "../src/SmartnodesMultisig.sol";
import {Operator, Standing, Update} from "../src/Structs.sol";
import {MultisigScene} from "./MultisigScene.sol";

/// @title Stake, joins, rotations and exits; branches in MultisigStakes.tree
contract MultisigStakesTest is MultisigScene {
    // ---- founders ----

    function test_nothingIsExecutedBeforeAllFoundersStaked() public {
        vm.warp(GENESIS);
        deploy(4);
        for (uint256 i = 0; i < 3; ++i) {
            stakeAs(i);
        }
        same(multisig.stakesMissing(), 1);
        same(multisig.totalStake(), 3 * STAKE);
        same(multisig.excluded(), 8);
        stands(3, Standing.FOUNDER);
        vm.warp(GENESIS + EPOCH);
        Update memory update = next();
        bytes memory signatures = votes(update, 0, 7);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.StakesIncomplete.selector, 1));
        multisig.execute(update, 0, signatures, "");
        vm.expectRevert(abi.encodeWithSelector(SmartnodesMultisig.StakesIncomplete.selector, 1));
        multisig.checkUpdate(update, "");
        stakeAs(3);
        multisig.execute(update, 0, signatures, "");
        same(token.balanceOf(address(multisig)), 4 * STAKE);
        same(multisig.excluded(), 0);
    }

    function test_onlyFoundersStakeAndOnce() public {
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, address(this), Standing.NONE));
        multisig.stake("");
        vm.prank(operator(0));
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(0), Standing.ACTIVE));
        multisig.stake("");
    }

    function test_aFounderProvesItsKeyAndPays() public {
        vm.warp(GENESIS);
        deploy(1);
        bytes memory proof = proofOf(nodeKey(0), operator(0));
        bytes memory another = proofOf(nodeKey(1), operator(0));
        vm.startPrank(operator(0));
        vm.expectPartialRevert(bytes4(keccak256("ERC20InsufficientAllowance(address,uint256,uint256)")));
        multisig.stake(proof);
        token.approve(address(multisig), STAKE);
        vm.expectPartialRevert(NodeKeys.NodeKeyProofInvalid.selector);
        multisig.stake(another);
        vm.expectEmit(true, true, true, true, address(multisig));
        emit Stakes.Staked(operator(0), STAKE);
        multisig.stake(proof);
        vm.stopPrank();
        same(core.operatorOf(node(0)), operator(0));
    }

    function test_aPermitReplacesTheApprovalAlsoWhenSomeoneElseUsedIt() public {
        vm.warp(GENESIS);
        deploy(2);
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 permit = keccak256(
                abi.encode(
                    keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                    operator(i),
                    address(multisig),
                    STAKE,
                    0,
                    type(uint256).max
                )
            );
            bytes32 hash = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), permit));
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(operatorKey(i), hash);
            if (i == 1) token.permit(operator(i), address(multisig), STAKE, type(uint256).max, v, r, s);
            bytes memory proof = proofOf(nodeKey(i), operator(i));
            vm.prank(operator(i));
            multisig.stakeWithPermit(proof, type(uint256).max, v, r, s);
        }
        same(multisig.stakesMissing(), 0);
    }

    // ---- join ----

    function test_aJoinQueuesWithItsKey() public {
        (bytes32 x, bytes32 y) = point(nodeKey(5));
        bytes memory proof = proofOf(nodeKey(5), operator(5));
        uint64 now_ = uint64(vm.getBlockTimestamp());
        vm.startPrank(operator(5));
        token.approve(address(multisig), STAKE);
        vm.expectEmit(true, true, true, false, address(core));
        emit InboxItemQueued(0, 3, operator(5), address(uint160(now_)), uint256(x), PAYEE, y, 0);
        vm.expectEmit(true, true, true, true, address(multisig));
        emit Stakes.OperatorQueued(operator(5), node(5), PAYEE, STAKE, now_);
        multisig.join(x, y, PAYEE, proof, STAKE);
        vm.stopPrank();
        Operator memory joined = info(5);
        stands(5, Standing.QUEUED);
        same(joined.nodeAddress, node(5));
        same(joined.payout, PAYEE);
        same(joined.stake, STAKE);
        same(joined.since, now_);
        holds(!joined.inSet, "not yet");
        same(multisig.totalStake(), 4 * STAKE);
        same(token.balanceOf(address(multisig)), 5 * STAKE);
    }

    event InboxItemQueued(
        uint64 indexed index,
        uint8 kind,
        address indexed account,
        address asset,
        uint256 amount,
        address target,
        bytes32 data,
        bytes32 inboxHash
    );

    function test_aJoinIsRefused() public {
        (bytes32 x, bytes32 y) = point(nodeKey(5));
        bytes memory proof = proofOf(nodeKey(5), operator(5));
        vm.startPrank(operator(5));
        token.approve(address(multisig), type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(Stakes.StakeTooSmall.selector, STAKE - 1, STAKE));
        multisig.join(x, y, address(0), proof, STAKE - 1);
        vm.expectPartialRevert(bytes4(keccak256("SafeCastOverflowedUintDowncast(uint8,uint256)")));
        multisig.join(x, y, address(0), proof, 1 << 96);
        vm.expectPartialRevert(NodeKeys.NodeKeyProofInvalid.selector);
        multisig.join(x, y, address(0), new bytes(64), STAKE);
        multisig.join(x, y, address(0), proof, STAKE);
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(5), Standing.QUEUED));
        multisig.join(x, y, address(0), proof, STAKE);
        vm.stopPrank();
        vm.prank(operator(0));
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(0), Standing.ACTIVE));
        multisig.join(x, y, address(0), proof, STAKE);
    }

    function test_joinsAreSpreadInTime() public {
        uint256 first = vm.getBlockTimestamp();
        joinAs(4);
        joinAs(5);
        joinAs(6);
        same(info(4).since, first);
        same(info(5).since, first + JOIN_PERIOD);
        same(info(6).since, first + 2 * JOIN_PERIOD);
        pass(10 * JOIN_PERIOD);
        joinAs(7);
        same(info(7).since, vm.getBlockTimestamp());
    }

    function test_aLargerSetTakesMoreAtATime() public {
        vm.warp(GENESIS);
        deploy(33);
        joinAs(40);
        joinAs(41);
        same(info(41).since, info(40).since + JOIN_PERIOD / 2);
    }

    function test_leavingAndComingBackKeepsOnePlaceInTheQueue() public {
        joinAs(4);
        joinAs(5);
        uint256 place = info(5).since;
        for (uint256 i = 0; i < 20; ++i) {
            exitAs(5);
            rejoinAs(5);
        }
        same(info(5).since, place);
        joinAs(6);
        same(info(6).since, place + JOIN_PERIOD);
    }

    function test_thereAre256Places() public {
        vm.warp(GENESIS);
        deploy(255);
        stakeAll(255);
        joinAs(255);
        (bytes32 x, bytes32 y) = point(nodeKey(256));
        bytes memory proof = proofOf(nodeKey(256), operator(256));
        vm.startPrank(operator(256));
        token.approve(address(multisig), STAKE);
        vm.expectRevert(Stakes.SetFull.selector);
        multisig.join(x, y, address(0), proof, STAKE);
        vm.stopPrank();
        // Who is in the set keeps its place; who waited and left gave it up.
        exitAs(0);
        rejoinAs(0);
        exitAs(255);
        joinAs(256);
        vm.prank(operator(255));
        vm.expectRevert(Stakes.SetFull.selector);
        multisig.rejoin();
    }

    // ---- stake ----

    function test_stakeCanBeAdded() public {
        vm.prank(operator(0));
        multisig.topUp(5);
        same(info(0).stake, STAKE + 5);
        same(multisig.totalStake(), 4 * STAKE + 5);
        joinAs(4);
        vm.prank(operator(4));
        multisig.topUp(5);
        same(multisig.totalStake(), 4 * STAKE + 5);
        vm.startPrank(operator(0));
        vm.expectRevert(Stakes.AmountZero.selector);
        multisig.topUp(0);
        vm.expectPartialRevert(bytes4(keccak256("SafeCastOverflowedUintDowncast(uint8,uint256)")));
        multisig.topUp(1 << 96);
        vm.stopPrank();
        same(token.balanceOf(address(multisig)), 5 * STAKE + 10);
    }

    function test_onlyWhoHasStakeAddsToIt() public {
        vm.prank(operator(6));
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(6), Standing.NONE));
        multisig.topUp(1);
        slash(3);
        vm.prank(operator(3));
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(3), Standing.SLASHED));
        multisig.topUp(1);
        vm.warp(GENESIS);
        deploy(1);
        vm.prank(operator(0));
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(0), Standing.FOUNDER));
        multisig.topUp(1);
    }

    function slash(uint256 i) private {
        multisig.proveDoubleVote(1, 0, "a", sign(nodeKey(i), typed(1, 0, "a")), "b", sign(nodeKey(i), typed(1, 0, "b")));
    }

    // ---- rotation ----

    function test_aRotationActsAtTheNextSet() public {
        uint256 key = nodeKey(2, 1);
        (bytes32 x, bytes32 y) = point(key);
        bytes memory proof = proofOf(key, operator(2));
        vm.expectEmit(true, true, true, false, address(core));
        emit InboxItemQueued(0, 5, operator(2), address(0), uint256(x), PAYEE, y, 0);
        vm.expectEmit(true, true, true, true, address(multisig));
        emit Stakes.KeyRotated(operator(2), vm.addr(key), PAYEE);
        vm.prank(operator(2));
        multisig.rotate(x, y, PAYEE, proof);
        same(info(2).nodeAddress, vm.addr(key));
        same(info(2).payout, PAYEE);
        // The old key votes until a state has the new one.
        execute(seeing(next(), 0));
        bytes memory set = bytes.concat(firstOf(2), entry(2, 1), entry(3));
        step(set);
        same(multisig.validatorSet(), set);
        pass(EPOCH);
        execute(next());
        same(core.operatorOf(node(2)), operator(2));
    }

    function test_aKeyServesOneOperatorForGood() public {
        rotateAs(2, 1);
        step(bytes.concat(firstOf(2), entry(2, 1), entry(3)));
        (bytes32 x, bytes32 y) = point(nodeKey(2));
        bytes memory proof = proofOf(nodeKey(2), operator(6));
        vm.startPrank(operator(6));
        token.approve(address(multisig), STAKE);
        vm.expectRevert(abi.encodeWithSelector(NodeKeys.NodeKeyTaken.selector, node(2), operator(2)));
        multisig.join(x, y, address(0), proof, STAKE);
        vm.stopPrank();
        // Its own operator may go back to it.
        rotateAs(2, 0);
        same(info(2).nodeAddress, node(2));
    }

    function test_onlyWhoIsOrWaitsForAValidatorRotatesAndExits() public {
        exitAs(1);
        (bytes32 x, bytes32 y) = point(nodeKey(1, 1));
        bytes memory proof = proofOf(nodeKey(1, 1), operator(1));
        vm.startPrank(operator(1));
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(1), Standing.EXITING));
        multisig.rotate(x, y, address(0), proof);
        vm.expectRevert(abi.encodeWithSelector(Stakes.StandingWrong.selector, operator(1), Standing.EXITING));
        multisig.exit();
        vm.stopPrank();
    }
}
