// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {MultisigTerms} from "../src/multisig/Terms.sol";
import {ParameterBounds} from "../src/ParameterBounds.sol";
import {Founder, Parameter} from "../src/Structs.sol";
import {Launch} from "./Deployment.sol";

/// @title Decisions over a whole deployment; branches in GovernorCore.tree
contract GovernorCoreTest is Launch {
    uint256 private constant KEY = 0x5eed;
    address private holder = vm.addr(0x401d);
    address private stranger = vm.addr(0x57a2);

    function setUp() public {
        vm.warp(1_800_000_000);
        address[] memory holders = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (holders[0], amounts[0]) = (holder, 1_000_000 ether);
        Founder[] memory founders = new Founder[](1);
        founders[0] = Founder({
            operator: holder,
            nodeKeyX: bytes32(vm.createWallet(KEY).publicKeyX),
            nodeKeyY: bytes32(vm.createWallet(KEY).publicKeyY),
            payout: address(0),
            stake: 1000 ether
        });
        launch(founders, holders, amounts, MultisigTerms(600, 120, 1 days, 1 days, 21 days, 1000 ether), keccak256("s"));
        vm.prank(holder);
        token.delegate(holder);
        vm.warp(block.timestamp + 1);
    }

    function test_ADecisionSetsAParameterOfCoreAndQueuesIt() public {
        uint64 length = core.inboxLength();
        decide(address(core), abi.encodeCall(core.setParameter, (Parameter.FeeBasisPoints, 250)), "");
        same(core.inboxLength(), length + 1);
    }

    function test_ADecisionOutOfBoundsFails() public {
        decide(
            address(core),
            abi.encodeCall(core.setParameter, (Parameter.FeeBasisPoints, 1001)),
            abi.encodeWithSelector(
                ParameterBounds.ParameterOutOfBounds.selector, Parameter.FeeBasisPoints, 1001, 0, 1000
            )
        );
    }

    function test_ADecisionSetsATermOfTheMultisig() public {
        decide(address(multisig), abi.encodeCall(multisig.setMinimumStake, (2000 ether)), "");
        same(multisig.minimumStake(), 2000 ether);
    }

    function test_ADecisionPutsAnotherVerifierInPlaceFromALaterEpoch() public {
        decide(address(multisig), abi.encodeCall(multisig.setVoteVerifier, (verifier, 5)), "");
        same(address(multisig.voteVerifierOf(5)), address(verifier));
    }

    function test_NobodyElseCallsWhatIsRestricted() public {
        bytes[6] memory toCore = [
            abi.encodeCall(core.setParameter, (Parameter.FeeBasisPoints, 250)),
            abi.encodeCall(core.approveAsset, (stranger, 1)),
            abi.encodeCall(core.disapproveAsset, (address(0))),
            abi.encodeCall(core.pause, (1)),
            abi.encodeCall(core.unpause, ()),
            abi.encodeWithSignature("setNetworkStatus(bytes32,uint8)", bytes32(0), 1)
        ];
        for (uint256 i = 0; i < toCore.length; ++i) {
            unauthorized(address(core), toCore[i]);
        }
        bytes[6] memory toMultisig = [
            abi.encodeCall(multisig.setLengths, (300, 60)),
            abi.encodeCall(multisig.setJoinPeriod, (1)),
            abi.encodeCall(multisig.setExitNotice, (1)),
            abi.encodeCall(multisig.setUnbonding, (1)),
            abi.encodeCall(multisig.setMinimumStake, (1 ether)),
            abi.encodeCall(multisig.setVoteVerifier, (verifier, 5))
        ];
        for (uint256 i = 0; i < toMultisig.length; ++i) {
            unauthorized(address(multisig), toMultisig[i]);
        }
    }

    function test_NobodyButTheAccessManagerChangesTheAuthority() public {
        address[3] memory callers = [holder, address(timelock), address(governor)];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, callers[i]));
            vm.prank(callers[i]);
            core.setAuthority(stranger);
        }
    }

    function unauthorized(address target, bytes memory call) private {
        address[3] memory callers = [holder, stranger, address(governor)];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            (bool done, bytes memory why) = target.call(call);
            holds(!done, "refused");
            same(why, abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, callers[i]));
        }
    }

    function decide(address target, bytes memory call, bytes memory refusal) private {
        address[] memory targets = new address[](1);
        uint256[] memory values = new uint256[](1);
        bytes[] memory calls = new bytes[](1);
        (targets[0], calls[0]) = (target, call);
        vm.prank(holder);
        uint256 id = governor.propose(targets, values, calls, "why");
        vm.warp(governor.proposalSnapshot(id) + 1);
        vm.prank(holder);
        governor.castVote(id, 1);
        vm.warp(governor.proposalDeadline(id) + 1);
        governor.queue(targets, values, calls, keccak256("why"));
        vm.warp(governor.proposalEta(id));
        if (refusal.length != 0) vm.expectRevert(refusal);
        vm.prank(stranger);
        governor.execute(targets, values, calls, keccak256("why"));
    }
}
