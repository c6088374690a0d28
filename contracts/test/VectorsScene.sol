// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {InboxItem} from "../src/Structs.sol";
import {Checks} from "./Checks.sol";

/// @title Reading vectors/protocol.json, which is computed outside of the contracts
abstract contract VectorsScene is Checks {
    string internal json;

    function setUp() public virtual {
        json = vm.readFile("../vectors/protocol.json");
    }

    function inboxItem(string memory list, uint256 i) internal view returns (InboxItem memory) {
        return InboxItem({
            index: uint64(num(path(list, i, ".index"))),
            kind: uint8(num(path(list, i, ".kind"))),
            account: addr(path(list, i, ".account")),
            asset: addr(path(list, i, ".asset")),
            amount: num(path(list, i, ".amount")),
            target: addr(path(list, i, ".target")),
            data: word(path(list, i, ".data"))
        });
    }

    function length(string memory key) internal view returns (uint256 n) {
        while (vm.keyExistsJson(json, path(key, n, ""))) ++n;
    }

    function path(string memory key, uint256 i, string memory field) internal pure returns (string memory) {
        return string.concat(key, "[", vm.toString(i), "]", field);
    }

    function num(string memory key) internal view returns (uint256) {
        return vm.parseJsonUint(json, key);
    }

    function word(string memory key) internal view returns (bytes32) {
        return vm.parseJsonBytes32(json, key);
    }

    function addr(string memory key) internal view returns (address) {
        return vm.parseJsonAddress(json, key);
    }
}
