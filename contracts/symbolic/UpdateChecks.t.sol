// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SmartnodesCore} from "../src/SmartnodesCore.sol";
import {ISmartnodesToken} from "../src/interfaces/ISmartnodesToken.sol";
import {Vm} from "../test/Vm.sol";
import {AssetTerms, AssetTotals, Slash, Update} from "../src/Structs.sol";

/// @title Says whatever Core wants to hear of its token at deployment
contract WiredToken {
    uint64 public constant genesis = 1;

    function core() external view returns (address) {
        return msg.sender;
    }
}

/// @title Whatever totals an update has, Core books them as they are or refuses it
/// @notice Core is the real one; this contract stands where the multisig stands.
contract UpdateChecks {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint64 private constant GENESIS = 1;
    address private constant NATIVE = address(0);
    uint256 private constant DAILY = 24 * 5625 ether;
    uint256 private constant DEPOSITED = 7 ether;

    SmartnodesCore private core;
    uint64 private asOf = GENESIS;

    /// @dev What Core asks the multisig about the deposit cap.
    function totalStake() external pure returns (uint256) {
        return 1e30;
    }

    function setUp() public {
        vm.deal(address(this), 10 ether);
        WiredToken token = new WiredToken();
        AssetTerms[] memory assets = new AssetTerms[](1);
        assets[0] = AssetTerms(NATIVE, 1e18);
        core = new SmartnodesCore(
            ISmartnodesToken(address(token)), address(this), address(this), GENESIS, keccak256("genesis"), assets
        );
        core.deposit{value: DEPOSITED}(NATIVE, DEPOSITED, address(0));
    }

    function check_nativeTotalsAreCoveredOrRefused(
        uint256 balances,
        uint256 payouts,
        uint256 heldBack,
        uint256 burnt,
        uint256 minted
    ) public {
        if (!accepted(AssetTotals(NATIVE, balances, payouts, heldBack, burnt, minted))) return;
        assert(minted == 0 && burnt == 0);
        // One by one, so that no sum of ours can overflow.
        assert(balances <= DEPOSITED);
        assert(payouts <= DEPOSITED - balances);
        assert(heldBack <= DEPOSITED - balances - payouts);
        (uint256 received,, uint256 booked, uint256 bookedMinted, uint256 bookedBurnt) = core.books(NATIVE);
        assert(received == DEPOSITED && booked == payouts && bookedMinted == 0 && bookedBurnt == 0);
    }

    function check_coveredNativeTotalsAreAccepted(uint256 balances, uint256 payouts, uint256 heldBack) public {
        if (balances > DEPOSITED || payouts > DEPOSITED - balances) return;
        if (heldBack > DEPOSITED - balances - payouts) return;
        assert(accepted(AssetTotals(NATIVE, balances, payouts, heldBack, 0, 0)));
    }

    function check_payoutsNeverDecrease(uint256 first, uint256 second) public {
        if (!accepted(AssetTotals(NATIVE, 0, first, 0, 0, 0))) return;
        if (accepted(AssetTotals(NATIVE, 0, second, 0, 0, 0))) assert(second >= first);
        else assert(second < first || second > DEPOSITED);
    }

    function check_snoIsMintedWithinTheSchedule(uint256 minted) public {
        address sno = afterADay();
        bool done = accepted(AssetTotals(sno, 0, 0, 0, 0, minted));
        assert(done == (minted <= DAILY));
        (,,, uint256 booked,) = core.books(sno);
        assert(booked == (done ? minted : 0));
    }

    function check_whatIsMintedCoversBalancesAndWhatWasBurnt(uint256 balances, uint256 burnt) public {
        address sno = afterADay();
        bool done = accepted(AssetTotals(sno, balances, 0, 0, burnt, DAILY));
        assert(done == (balances <= DAILY && burnt <= DAILY - balances));
        (,,,, uint256 booked) = core.books(sno);
        assert(booked == (done ? burnt : 0));
    }

    function afterADay() private returns (address sno) {
        asOf = GENESIS + 1 days;
        vm.warp(asOf);
        sno = address(core.token());
    }

    function check_anAssetThatNobodyApprovedIsRefused(address asset, uint256 balances) public {
        if (asset == NATIVE || asset == address(core.token())) return;
        assert(!accepted(AssetTotals(asset, balances, 0, 0, 0, 0)));
    }

    function accepted(AssetTotals memory totals) private returns (bool done) {
        Update memory update;
        update.epoch = core.epoch() + 1;
        update.previousStateRoot = core.stateRoot();
        update.stateRoot = keccak256(abi.encode(update.epoch));
        update.bodyHash = keccak256("body");
        update.inboxCount = core.inboxLength();
        update.inboxHash = core.inboxHashAt(update.inboxCount);
        update.asOf = asOf;
        update.totals = new AssetTotals[](1);
        update.totals[0] = totals;
        update.ejections = new address[](0);
        update.slashes = new Slash[](0);
        (done,) = address(core).call(abi.encodeCall(core.applyUpdate, (update)));
    }
}
