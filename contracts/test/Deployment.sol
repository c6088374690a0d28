// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {EcdsaVoteVerifier} from "../src/EcdsaVoteVerifier.sol";
import {MultisigTerms} from "../src/multisig/Terms.sol";
import {SmartnodesAccess} from "../src/SmartnodesAccess.sol";
import {SmartnodesCore} from "../src/SmartnodesCore.sol";
import {GovernorTerms, SmartnodesGovernor} from "../src/SmartnodesGovernor.sol";
import {SmartnodesMultisig} from "../src/SmartnodesMultisig.sol";
import {SmartnodesTimelock} from "../src/SmartnodesTimelock.sol";
import {SmartnodesToken} from "../src/SmartnodesToken.sol";
import {AssetTerms, Founder} from "../src/Structs.sol";
import {Checks} from "./Checks.sol";

/// @title All seven contracts in the order of a deployment, each with the addresses that the others will have
abstract contract Launch is Checks {
    bytes32 internal constant GENESIS_ROOT = keccak256("genesis");
    uint256 internal constant TIMELOCK_DELAY = 2 days;

    SmartnodesToken public token;
    SmartnodesCore public core;
    SmartnodesMultisig public multisig;
    SmartnodesTimelock public timelock;
    SmartnodesGovernor public governor;
    SmartnodesAccess public access;
    EcdsaVoteVerifier public verifier;

    function launch(
        Founder[] memory founders,
        address[] memory holders,
        uint256[] memory amounts,
        MultisigTerms memory terms,
        bytes32 seed
    ) internal {
        uint256 first = vm.getNonce(address(this));
        uint64 genesis = uint64(block.timestamp);
        verifier = new EcdsaVoteVerifier();
        token = new SmartnodesToken(spot(first + 2), genesis, holders, amounts);
        AssetTerms[] memory assets = new AssetTerms[](1);
        assets[0] = AssetTerms({asset: address(0), rate: 1 ether});
        core = new SmartnodesCore(token, spot(first + 3), spot(first + 6), genesis, GENESIS_ROOT, assets);
        multisig = new SmartnodesMultisig(core, token, spot(first + 6), verifier, founders, terms, seed);
        timelock = new SmartnodesTimelock(TIMELOCK_DELAY, spot(first + 5));
        governor = new SmartnodesGovernor(
            token,
            TimelockController(payable(address(timelock))),
            GovernorTerms({votingDelay: 1 days, votingPeriod: 7 days, proposalThreshold: 0, quorumPercent: 4})
        );
        access = new SmartnodesAccess(address(timelock), address(core), address(0));
    }

    function spot(uint256 nonce) private view returns (address) {
        return vm.computeCreateAddress(address(this), nonce);
    }
}

/// @title A deployment with the validators and the seed of the vectors
contract Deployment is Launch {
    constructor(string memory json) {
        address[] memory operators = vm.parseJsonAddressArray(json, ".validatorSet.operators");
        uint256[] memory amounts = new uint256[](operators.length);
        Founder[] memory founders = new Founder[](operators.length);
        for (uint256 i = 0; i < operators.length; ++i) {
            amounts[i] = 1000 ether;
            string memory key = string.concat(".validatorSet.publicKeys[", vm.toString(i), "]");
            (bytes32 x, bytes32 y) = abi.decode(vm.parseJsonBytes(json, key), (bytes32, bytes32));
            founders[i] =
                Founder({operator: operators[i], nodeKeyX: x, nodeKeyY: y, payout: address(0), stake: 1000 ether});
        }
        MultisigTerms memory terms = MultisigTerms(600, 120, 1 days, 1 days, 21 days, 1000 ether);
        launch(founders, operators, amounts, terms, vm.parseJsonBytes32(json, ".proposers.seed"));
    }
}
