// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SmartnodesCore} from "../src/SmartnodesCore.sol";
import {SmartnodesToken} from "../src/SmartnodesToken.sol";
import {AssetTotals, Payout, Slash, Update} from "../src/Structs.sol";
import {Checks} from "./Checks.sol";
import {Coin} from "./Coins.sol";
import {Tree} from "./Tree.sol";

/// @title Core alone, with the test in the place of the multisig
abstract contract CoreScene is Checks {
    uint64 internal constant GENESIS = 1_700_000_000;
    bytes32 internal constant GENESIS_ROOT = keccak256("genesis");
    address internal constant NATIVE = address(0);
    address internal constant USER = address(0xA11CE);
    address internal constant HOME = address(0x40E);
    address internal constant PAYEE = address(0xBEEF);

    SmartnodesToken internal token;
    SmartnodesCore internal core;
    Coin internal coin;

    function setUp() public virtual {
        vm.warp(GENESIS);
        coin = new Coin(USER, 1000 ether);
        deploy(address(coin));
    }

    function deploy(address asset) internal {
        address[] memory holders = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        address[] memory assets = new address[](1);
        holders[0] = USER;
        amounts[0] = 1_000_000 ether;
        assets[0] = asset;
        uint256 nonce = vm.getNonce(address(this));
        token = new SmartnodesToken(vm.computeCreateAddress(address(this), nonce + 1), holders, amounts);
        core = new SmartnodesCore(token, address(this), GENESIS, GENESIS_ROOT, assets);
    }

    function depositNative(uint256 amount) internal {
        vm.deal(USER, amount);
        vm.prank(USER);
        core.deposit{value: amount}(NATIVE, amount, HOME);
    }

    function depositToken(uint256 amount) internal {
        vm.startPrank(USER);
        token.approve(address(core), amount);
        core.deposit(address(token), amount, HOME);
        vm.stopPrank();
    }

    /// @dev The update of the next epoch that consumes everything and changes no totals.
    function next() internal view returns (Update memory update) {
        update.epoch = core.epoch() + 1;
        update.previousStateRoot = core.stateRoot();
        update.stateRoot = keccak256(abi.encode("state", update.epoch));
        update.bodyHash = keccak256(abi.encode("body", update.epoch));
        update.inboxCount = core.inboxLength();
        update.inboxHash = core.inboxHashAt(update.inboxCount);
        update.asOf = uint64(block.timestamp);
        update.totals = new AssetTotals[](0);
        update.ejections = new address[](0);
        update.slashes = new Slash[](0);
    }

    function next(AssetTotals memory only) internal view returns (Update memory update) {
        update = next();
        update.totals = list(only);
    }

    function list(AssetTotals memory only) internal pure returns (AssetTotals[] memory all) {
        all = new AssetTotals[](1);
        all[0] = only;
    }

    function list(AssetTotals memory a, AssetTotals memory b) internal pure returns (AssetTotals[] memory all) {
        all = new AssetTotals[](2);
        (all[0], all[1]) = a.asset < b.asset ? (a, b) : (b, a);
    }

    function totals(address asset, uint256 balances, uint256 payouts) internal pure returns (AssetTotals memory) {
        return AssetTotals(asset, balances, payouts, 0, 0, 0);
    }

    /// @dev Executes an epoch whose state has just these payouts, all of one asset.
    function settle(Payout[] memory leaves) internal returns (uint64) {
        uint256 sum = 0;
        for (uint256 i = 0; i < leaves.length; ++i) {
            sum += leaves[i].cumulative;
        }
        Update memory update = next(totals(leaves[0].asset, core.received(leaves[0].asset) - sum, sum));
        update.stateRoot = Tree.root(leaves);
        core.applyUpdate(update);
        return core.epoch();
    }

    function one(Payout memory leaf) internal pure returns (Payout[] memory leaves) {
        leaves = new Payout[](1);
        leaves[0] = leaf;
    }
}
