// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {SmartnodesCore} from "../src/SmartnodesCore.sol";

/// @title An ordinary ERC-20
contract Coin is ERC20 {
    constructor(address holder, uint256 amount) ERC20("Coin", "COIN") {
        _mint(holder, amount);
    }
}

/// @title An ERC-20 that keeps one per cent of each transfer
contract TaxedCoin is Coin {
    constructor(address holder, uint256 amount) Coin(holder, amount) {}

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from != address(0) && to != address(0)) super._update(to, address(0), value / 100);
    }
}

/// @title An ERC-20 that calls back into Core while it is deposited
contract HookedCoin is Coin {
    SmartnodesCore public core;

    constructor(address holder, uint256 amount) Coin(holder, amount) {}

    function aim(SmartnodesCore core_) external {
        core = core_;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (address(core) != address(0) && to == address(core)) core.deposit(address(this), 1, address(0));
    }
}

/// @title An account that takes no native coin
contract Refuser {
    receive() external payable {
        revert("no");
    }
}

/// @title An account that claims again while it is paid
contract Reclaimer {
    SmartnodesCore private immutable core;
    bytes private again;
    bool public tried;
    bool public succeeded;

    constructor(SmartnodesCore core_) {
        core = core_;
    }

    function arm(bytes calldata call_) external {
        again = call_;
    }

    receive() external payable {
        tried = true;
        (succeeded,) = address(core).call(again);
    }
}
