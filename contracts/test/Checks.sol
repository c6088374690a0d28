// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "./Vm.sol";

/// @title What every test needs: cheat codes and comparisons that name both sides
abstract contract Checks {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    error NotEqual(bytes32 actual, bytes32 expected);
    error NotEqualUint(uint256 actual, uint256 expected);
    error NotEqualAddress(address actual, address expected);
    error NotTrue(string what);

    function same(bytes32 actual, bytes32 expected) internal pure {
        if (actual != expected) revert NotEqual(actual, expected);
    }

    function same(uint256 actual, uint256 expected) internal pure {
        if (actual != expected) revert NotEqualUint(actual, expected);
    }

    function same(address actual, address expected) internal pure {
        if (actual != expected) revert NotEqualAddress(actual, expected);
    }

    function same(bytes memory actual, bytes memory expected) internal pure {
        same(keccak256(actual), keccak256(expected));
    }

    function holds(bool condition, string memory what) internal pure {
        if (!condition) revert NotTrue(what);
    }

    function bound(uint256 value, uint256 least, uint256 most) internal pure returns (uint256) {
        return most - least == type(uint256).max ? value : least + value % (most - least + 1);
    }
}
