// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SmartnodesCore} from "../src/SmartnodesCore.sol";
import {AssetTotals, Payout, Update} from "../src/Structs.sol";
import {Checks} from "./Checks.sol";
import {CoreScene} from "./CoreScene.sol";
import {Tree} from "./Tree.sol";

/// @title Deposits, epochs and claims in any order, over three assets and four accounts
contract CoreActions is CoreScene {
    uint256 private constant ACCOUNTS = 4;

    uint64 private time = GENESIS;
    address[3] public assets;
    mapping(uint64 epoch => Payout[]) private leavesOf;
    Payout[] private leaves;
    uint256 public paidClaims;

    constructor() {
        setUp();
        assets = [NATIVE, address(coin), address(token)];
        for (uint256 i = 0; i < ACCOUNTS * 3; ++i) {
            address account = address(uint160(0x1000 + i / 3));
            leaves.push(Payout(account, assets[i % 3], account, 0));
        }
    }

    function subject() external view returns (SmartnodesCore) {
        return core;
    }

    function balanceOf(address asset) external view returns (uint256) {
        return asset == NATIVE ? address(core).balance : IERC20(asset).balanceOf(address(core));
    }

    function deposit(uint8 which, uint256 amount) external {
        address asset = assets[which % 3];
        amount = bound(amount, 1, 10 ether);
        vm.deal(USER, 10 ether);
        vm.startPrank(USER);
        if (asset != NATIVE) IERC20(asset).approve(address(core), amount);
        core.deposit{value: asset == NATIVE ? amount : 0}(asset, amount, HOME);
        vm.stopPrank();
    }

    function releaseSome(uint8 which) external {
        vm.prank(USER);
        core.release(assets[which % 3], HOME, 1);
    }

    /// @dev An honest epoch: credits go from what is free to random accounts, SNO is minted and burnt.
    function advance(uint32 elapsed, uint256 salt) external {
        time += elapsed % 1 days;
        vm.warp(time);
        Update memory update = next();
        update.totals = new AssetTotals[](3);
        for (uint256 i = 0; i < 3; ++i) {
            uint256 place = 0;
            for (uint256 j = 0; j < 3; ++j) {
                if (assets[j] < assets[i]) ++place;
            }
            update.totals[place] = totalsAfter(assets[i], i, uint256(keccak256(abi.encode(salt, i))));
        }
        update.stateRoot = Tree.root(leaves);
        core.applyUpdate(update);
        for (uint256 i = 0; i < leaves.length; ++i) {
            leavesOf[update.epoch].push(leaves[i]);
        }
    }

    function totalsAfter(address asset, uint256 which, uint256 salt) private returns (AssetTotals memory t) {
        t = core.totals(asset);
        if (asset == address(token)) t.minted = bound(salt, t.minted, core.emission(time - GENESIS));
        uint256 free = core.received(asset) + t.minted - t.payouts - t.burnt;
        uint256 credit = bound(salt >> 16, 0, free);
        t.payouts += credit;
        leaves[(salt % ACCOUNTS) * 3 + which].cumulative += credit;
        free -= credit;
        uint256 burnt = asset == address(token) ? bound(salt >> 32, 0, free) : 0;
        t.burnt += burnt;
        t.balances = free - burnt;
    }

    function claim(uint8 back, uint256 which) external {
        uint64 current = core.epoch();
        if (current == 0) return;
        uint64 age = back % 16;
        uint64 epoch = age < current ? current - age : current;
        Payout[] memory proven = leavesOf[epoch];
        Payout memory leaf = proven[which % proven.length];
        bytes32[] memory proof = Tree.proof(proven, leaf);
        bool nothing = leaf.cumulative <= core.claimed(leaf.account, leaf.asset);
        if (nothing) vm.expectPartialRevert(SmartnodesCore.NothingToClaim.selector);
        else ++paidClaims;
        core.claim(epoch, leaf, proof);
    }
}

contract CoreInvariantsTest is Checks {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    CoreActions private actions;

    function setUp() public {
        actions = new CoreActions();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actions);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        bytes4[] memory selectors = new bytes4[](5);
        selectors[0] = CoreActions.deposit.selector;
        selectors[1] = CoreActions.releaseSome.selector;
        selectors[2] = CoreActions.advance.selector;
        selectors[3] = CoreActions.claim.selector;
        selectors[4] = CoreActions.claim.selector;
        targets[0] = FuzzSelector(address(actions), selectors);
    }

    function invariant_coreHoldsExactlyWhatWasNotPaidOrBurnt() public view {
        SmartnodesCore core = actions.subject();
        for (uint256 i = 0; i < 3; ++i) {
            address asset = actions.assets(i);
            AssetTotals memory t = core.totals(asset);
            uint256 claims = core.claimedInAll(asset);
            same(actions.balanceOf(asset), core.received(asset) + t.minted - t.burnt - claims);
            holds(claims <= t.payouts, "no more was claimed than earned");
            holds(actions.balanceOf(asset) >= t.balances + t.payouts - claims, "all that is owed is there");
        }
    }

    function invariant_theInboxIsConsumedFromTheFront() public view {
        SmartnodesCore core = actions.subject();
        holds(core.inboxConsumed() <= core.inboxLength(), "never ahead");
        holds(core.inboxRequired() <= core.inboxLength(), "what must be consumed is there");
    }
}
