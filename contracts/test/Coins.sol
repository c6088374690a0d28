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

/// @title An ERC-20 whose balances shrink and grow by themselves
contract RebasingCoin is Coin {
    constructor(address holder, uint256 amount) Coin(holder, amount) {}

    function shrink(address account, uint256 amount) external {
        _burn(account, amount);
    }

    function grow(address account, uint256 amount) external {
        _mint(account, amount);
    }
}

/// @title An ERC-20 that answers no instead of reverting
contract FalseCoin is Coin {
    constructor(address holder, uint256 amount) Coin(holder, amount) {}

    function transfer(address, uint256) public pure override returns (bool) {
        return false;
    }

    function transferFrom(address, address, uint256) public pure override returns (bool) {
        return false;
    }
}

/// @title An ERC-20 that answers nothing, as some old ones do
contract SilentCoin is Coin {
    constructor(address holder, uint256 amount) Coin(holder, amount) {}

    function transfer(address to, uint256 value) public override returns (bool) {
        super.transfer(to, value);
        assembly {
            return(0, 0)
        }
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        super.transferFrom(from, to, value);
        assembly {
            return(0, 0)
        }
    }
}

/// @title An ERC-20 that makes a call of its own whenever Core sends or gets it
contract HookedCoin is Coin {
    address public core;
    bytes public call;
    bool public tried;
    bool public succeeded;
    bytes public answer;

    constructor(address holder, uint256 amount) Coin(holder, amount) {}

    function aim(address core_, bytes calldata call_) external {
        core = core_;
        call = call_;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (core == address(0) || (to != core && from != core)) return;
        tried = true;
        (succeeded, answer) = core.call(call);
    }
}

/// @title An account that takes no native coin
contract Refuser {
    receive() external payable {
        revert("no");
    }

    function deposit(SmartnodesCore core, uint256 amount) external {
        core.deposit{value: amount}(address(0), amount, address(0));
    }
}

/// @title An account that makes a call of its own while it is paid
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
