// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SmartnodesMultisig} from "../src/SmartnodesMultisig.sol";
import {Operator, Standing} from "../src/Structs.sol";
import {Checks} from "./Checks.sol";
import {MultisigActions} from "./MultisigActions.sol";

contract MultisigInvariantsTest is Checks {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    MultisigActions private actions;
    SmartnodesMultisig private multisig;

    function setUp() public {
        actions = new MultisigActions();
        multisig = actions.subject();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actions);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(actions), moves());
    }

    function moves() private pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](14);
        selectors[0] = MultisigActions.join.selector;
        selectors[1] = MultisigActions.topUp.selector;
        selectors[2] = MultisigActions.rotate.selector;
        selectors[3] = MultisigActions.exit.selector;
        selectors[4] = MultisigActions.rejoin.selector;
        selectors[5] = MultisigActions.completeExit.selector;
        selectors[6] = MultisigActions.withdraw.selector;
        selectors[7] = MultisigActions.equivocate.selector;
        selectors[8] = MultisigActions.wait.selector;
        selectors[9] = MultisigActions.propose.selector;
        selectors[10] = MultisigActions.submit.selector;
        selectors[11] = MultisigActions.submit.selector;
        selectors[12] = MultisigActions.submit.selector;
        selectors[13] = MultisigActions.wait.selector;
    }

    /// @dev What honest validators vote for is executed, once an epoch, and gives the set that they meant.
    function invariant_noUpdateIsLostToWhatOperatorsDid() public view {
        same(actions.surprises(), 0);
    }

    function invariant_stakeInIsStakeOutAndSlashedAndWhatIsHeld() public view {
        same(actions.held(), actions.paidIn() - actions.paidOut() - actions.burnt() - actions.rewarded());
        uint256 sum = 0;
        for (uint256 i = 0; i < actions.OPERATORS(); ++i) {
            sum += multisig.operatorInfo(actions.owner(i)).stake;
        }
        same(actions.held(), sum);
    }

    function invariant_whoCountsHasStakeAndStandsInTheSetOnce() public view {
        uint256 count = multisig.validatorCount();
        uint256 excluded = multisig.excluded();
        holds(count != 0 && (count == 256 || excluded >> count == 0), "exclusions within the set");
        uint256 backed = 0;
        for (uint256 i = 0; i < count; ++i) {
            (address node, address operator) = multisig.validatorAt(i);
            same(actions.boundTo(node), operator);
            for (uint256 j = 0; j < i; ++j) {
                (, address other) = multisig.validatorAt(j);
                holds(other != operator, "once");
            }
            Operator memory info = multisig.operatorInfo(operator);
            holds(info.inSet, "in the set");
            bool counts = (excluded >> i) & 1 == 0;
            bool can = info.standing == Standing.QUEUED || info.standing == Standing.ACTIVE
                || info.standing == Standing.EXITING;
            holds(counts == (can && info.stake >= 1 ether), "counts with stake only");
            if (counts) backed += info.stake;
        }
        same(multisig.totalStake(), backed);
        uint256 members = 0;
        for (uint256 i = 0; i < actions.OPERATORS(); ++i) {
            Operator memory info = multisig.operatorInfo(actions.owner(i));
            if (info.inSet) ++members;
            holds(info.standing != Standing.ACTIVE || info.inSet, "active in the set");
        }
        same(members, count);
    }

    function afterInvariant() public {
        holds(actions.everybodyCanLeave(), "everybody gets its stake back");
    }

    /// @dev The same moves at random, many more of them, to see that all that matters happens.
    function test_theMovesReachWhatMatters() public {
        moveAtRandom("salt", 1000);
        emit Reached(
            actions.executions(),
            actions.setChanges(),
            actions.ejections(),
            actions.rejoins(),
            actions.comebacks(),
            actions.shortOfVotes()
        );
        holds(actions.executions() > 100 && actions.setChanges() > 30 && actions.ejections() > 1, "validators");
        holds(actions.rejoins() > 10 && actions.comebacks() > 1 && actions.burnt() != 0, "operators");
    }

    function moveAtRandom(bytes32 salt, uint256 steps) private {
        bytes4[] memory selectors = moves();
        for (uint256 i = 0; i < steps; ++i) {
            salt = keccak256(abi.encode(salt));
            uint256 a = uint256(keccak256(abi.encode(salt, "a")));
            uint256 b = uint256(keccak256(abi.encode(salt, "b")));
            (bool done, bytes memory reason) =
                address(actions).call(abi.encodeWithSelector(selectors[uint256(salt) % selectors.length], a, b));
            if (!done) {
                assembly {
                    revert(add(reason, 0x20), mload(reason))
                }
            }
            if (i % 50 == 0) invariant_whoCountsHasStakeAndStandsInTheSetOnce();
        }
        invariant_noUpdateIsLostToWhatOperatorsDid();
        invariant_stakeInIsStakeOutAndSlashedAndWhatIsHeld();
    }

    event Reached(
        uint256 executions,
        uint256 setChanges,
        uint256 ejections,
        uint256 rejoins,
        uint256 comebacks,
        uint256 shortOfVotes
    );
}
