// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SmartnodesCore} from "../src/SmartnodesCore.sol";
import {SmartnodesMultisig} from "../src/SmartnodesMultisig.sol";
import {SmartnodesToken} from "../src/SmartnodesToken.sol";
import {Founder} from "../src/Structs.sol";
import {Checks} from "./Checks.sol";

/// @title The three contracts with the validators and the seed of the vectors
contract Deployment is Checks {
    SmartnodesToken public token;
    SmartnodesCore public core;
    SmartnodesMultisig public multisig;

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
        token = new SmartnodesToken(vm.computeCreateAddress(address(this), 2), operators, amounts);
        address wired = vm.computeCreateAddress(address(this), 3);
        core = new SmartnodesCore(token, wired, uint64(block.timestamp), bytes32(uint256(1)), new address[](0));
        multisig = new SmartnodesMultisig(core, token, founders, 600, 120, vm.parseJsonBytes32(json, ".proposers.seed"));
    }
}
