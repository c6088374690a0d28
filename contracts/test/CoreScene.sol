// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {SmartnodesCore} from "../src/SmartnodesCore.sol";
import {SmartnodesToken} from "../src/SmartnodesToken.sol";
import {AssetTerms, AssetTotals, InboxItem, Payout, Slash, Update} from "../src/Structs.sol";
import {Checks} from "./Checks.sol";
import {Coin} from "./Coins.sol";
import {Tree} from "./Tree.sol";

/// @title Core alone, with the test in the place of the multisig and of governance
abstract contract CoreScene is Checks {
    uint64 internal constant GENESIS = 1_700_000_000;
    bytes32 internal constant GENESIS_ROOT = keccak256("genesis");
    address internal constant NATIVE = address(0);
    address internal constant USER = address(0xA11CE);
    address internal constant HOME = address(0x40E);
    address internal constant PAYEE = address(0xBEEF);
    address internal constant ANYBODY = address(0xA2B);
    address internal constant GUARDIAN = address(0x64A2D);
    uint64 internal constant GUARDIAN_ROLE = 1;

    SmartnodesToken internal token;
    SmartnodesCore internal core;
    AccessManager internal access;
    Coin internal coin;
    bytes32[] internal none;

    /// @dev What Core asks of its multisig, which this test is.
    uint64 public lastExecution;
    uint256 public totalStake;

    function setUp() public virtual {
        vm.warp(GENESIS);
        coin = new Coin(USER, 1000 ether);
        deploy(address(coin));
    }

    function deploy(address asset) internal {
        access = new AccessManager(address(this));
        address[] memory holders = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        AssetTerms[] memory assets = new AssetTerms[](2);
        holders[0] = USER;
        amounts[0] = 1_000_000 ether;
        assets[0] = AssetTerms({asset: NATIVE, rate: 1 ether});
        assets[1] = AssetTerms({asset: asset, rate: 1 ether});
        uint256 nonce = vm.getNonce(address(this));
        token = new SmartnodesToken(vm.computeCreateAddress(address(this), nonce + 1), GENESIS, holders, amounts);
        core = new SmartnodesCore(token, address(this), address(access), GENESIS, GENESIS_ROOT, assets);
        bytes4[] memory guarded = new bytes4[](2);
        (guarded[0], guarded[1]) = (core.pause.selector, core.unpause.selector);
        access.setTargetFunctionRole(address(core), guarded, GUARDIAN_ROLE);
        access.grantRole(GUARDIAN_ROLE, GUARDIAN, 0);
        access.grantRole(GUARDIAN_ROLE, address(this), 0);
        lastExecution = GENESIS;
        totalStake = type(uint256).max;
    }

    // ---- money in ----

    function depositNative(uint256 amount) internal {
        depositNative(USER, amount, HOME);
    }

    function depositNative(address account, uint256 amount, address home) internal {
        vm.deal(account, amount);
        vm.prank(account);
        core.deposit{value: amount}(NATIVE, amount, home);
    }

    function depositToken(uint256 amount) internal {
        vm.startPrank(USER);
        token.approve(address(core), amount);
        core.deposit(address(token), amount, HOME);
        vm.stopPrank();
    }

    function depositCoin(uint256 amount) internal {
        vm.startPrank(USER);
        coin.approve(address(core), amount);
        core.deposit(address(coin), amount, HOME);
        vm.stopPrank();
    }

    /// @dev The item of a deposit by USER to HOME.
    function depositItem(uint64 index, address asset, uint256 amount) internal pure returns (InboxItem memory) {
        return
            InboxItem({
                index: index, kind: 1, account: USER, asset: asset, amount: amount, target: HOME, data: bytes32(0)
            });
    }

    // ---- updates ----

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

    /// @dev The next update when it takes only part of the inbox.
    function consuming(uint64 count) internal view returns (Update memory update) {
        update = next();
        (update.inboxCount, update.inboxHash) = (count, core.inboxHashAt(count));
    }

    /// @dev What the multisig does: it applies the update and remembers when.
    function execute(Update memory update) internal {
        core.applyUpdate(update);
        lastExecution = uint64(block.timestamp);
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
        execute(update);
        return core.epoch();
    }

    function one(Payout memory leaf) internal pure returns (Payout[] memory leaves) {
        leaves = new Payout[](1);
        leaves[0] = leaf;
    }

    // ---- books ----

    function payoutsOf(address asset) internal view returns (uint256 payouts) {
        (,, payouts,,) = core.books(asset);
    }

    function mintedOf(address asset) internal view returns (uint256 minted) {
        (,,, minted,) = core.books(asset);
    }

    function burntOf(address asset) internal view returns (uint256 burnt) {
        (,,,, burnt) = core.books(asset);
    }
}
