// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SmartnodesAccess} from "../src/SmartnodesAccess.sol";
import {GovernorTerms, SmartnodesGovernor} from "../src/SmartnodesGovernor.sol";
import {SmartnodesTimelock} from "../src/SmartnodesTimelock.sol";
import {SmartnodesToken} from "../src/SmartnodesToken.sol";
import {Checks} from "./Checks.sol";

/// @title Stands where Core stands: one restricted setting and a pause
contract Dial is AccessManaged {
    uint256 public value;
    uint32 public paused;

    constructor(address access) AccessManaged(access) {}

    function turn(uint256 to) external restricted {
        value = to;
    }

    function pause(uint32 secondsLong) external restricted {
        paused = secondsLong;
    }

    function unpause() external restricted {
        paused = 0;
    }
}

/// @title Token, timelock, governor and access in the order of a deployment, around a dial
/// @dev Of 100,000,000 SNO, alice holds 60 %, bob 37 % and carol 3 %; each has delegated to itself.
abstract contract GovernorScene is Checks {
    uint48 internal constant DELAY = 1 days;
    uint32 internal constant PERIOD = 7 days;
    uint256 internal constant WAIT = 2 days;
    uint256 internal constant THRESHOLD = 3_000_000 ether;
    uint256 internal constant QUORUM = 4;

    address internal alice = vm.addr(0xa11ce);
    address internal bob = vm.addr(0xb0b);
    address internal carol = vm.addr(0xca201);
    address internal guardian = vm.addr(0x94a2d1a);
    address internal anybody = vm.addr(0xa17b);

    SmartnodesToken internal token;
    Dial internal dial;
    SmartnodesTimelock internal timelock;
    SmartnodesGovernor internal governor;
    SmartnodesAccess internal access;

    struct Proposal {
        address[] targets;
        uint256[] values;
        bytes[] calls;
        string description;
        uint256 id;
    }

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        address[] memory holders = new address[](3);
        (holders[0], holders[1], holders[2]) = (alice, bob, carol);
        uint256[] memory amounts = new uint256[](3);
        (amounts[0], amounts[1], amounts[2]) = (60_000_000 ether, 37_000_000 ether, 3_000_000 ether);
        uint256 nonce = vm.getNonce(address(this));
        token = new SmartnodesToken(
            vm.computeCreateAddress(address(this), nonce + 1), uint64(block.timestamp), holders, amounts
        );
        dial = new Dial(vm.computeCreateAddress(address(this), nonce + 4));
        timelock = new SmartnodesTimelock(WAIT, vm.computeCreateAddress(address(this), nonce + 3));
        governor = new SmartnodesGovernor(token, timelock, GovernorTerms(DELAY, PERIOD, THRESHOLD, QUORUM));
        access = new SmartnodesAccess(address(timelock), address(dial), guardian);
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(holders[i]);
            token.delegate(holders[i]);
        }
        vm.warp(block.timestamp + 1);
    }

    function proposal(address target, bytes memory call, string memory why) internal returns (Proposal memory made) {
        made.targets = new address[](1);
        made.values = new uint256[](1);
        made.calls = new bytes[](1);
        (made.targets[0], made.calls[0], made.description) = (target, call, why);
        vm.prank(carol);
        made.id = governor.propose(made.targets, made.values, made.calls, why);
    }

    function queue(Proposal memory made) internal {
        governor.queue(made.targets, made.values, made.calls, keccak256(bytes(made.description)));
    }

    function execute(Proposal memory made) internal {
        governor.execute(made.targets, made.values, made.calls, keccak256(bytes(made.description)));
    }

    function vote(Proposal memory made, address voter, uint8 support) internal {
        vm.prank(voter);
        governor.castVote(made.id, support);
    }

    /// @dev Proposes, lets alice accept, queues and waits: the next call can execute it.
    function accepted(address target, bytes memory call) internal returns (Proposal memory made) {
        made = proposal(target, call, string.concat("turn it ", vm.toString(block.timestamp)));
        vm.warp(governor.proposalSnapshot(made.id) + 1);
        vote(made, alice, 1);
        vm.warp(governor.proposalDeadline(made.id) + 1);
        queue(made);
        vm.warp(governor.proposalEta(made.id));
    }

    function decide(address target, bytes memory call) internal {
        execute(accepted(target, call));
    }

    function isIn(Proposal memory made, IGovernor.ProposalState expected) internal view {
        same(uint256(governor.state(made.id)), uint256(expected));
    }
}
