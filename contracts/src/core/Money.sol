// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ISmartnodesCore} from "../interfaces/ISmartnodesCore.sol";
import {ISmartnodesMultisig} from "../interfaces/ISmartnodesMultisig.sol";
import {Inbox} from "./Inbox.sol";
import {Pause} from "./Pause.sol";

/// @title The money that Core holds: which assets, how much of each, in and out
/// @notice The books say what the last executed state says. The supply of SNO follows them when somebody asks for it
/// (`settle`) or when a payment needs it, so that an execution calls no token.
abstract contract Money is Inbox, Pause {
    using SafeERC20 for IERC20;

    /// @dev The first slot is what an execution reads and writes of each asset, so that it is one.
    /// @param received what was deposited in all; 2^120 smallest units are 10^18 coins of 18 decimals
    /// @param payouts what all accounts have earned in all, by the last state
    /// @param approved whether deposits are taken
    /// @param tracked whether the state has totals of it
    /// @param claimed what was paid out, escapes included
    /// @param rate SNO wei that 10^18 of its smallest units count for under the deposit cap; zero when never approved
    struct Book {
        uint120 received;
        uint120 payouts;
        bool approved;
        bool tracked;
        uint256 claimed;
        uint256 rate;
    }

    /// @dev SNO by the last executed state.
    /// @param minted what was minted in all
    /// @param burnt what was burnt in all
    struct Supply {
        uint128 minted;
        uint128 burnt;
    }

    uint256 private constant RATE_UNIT = 1e18;
    uint256 private constant MAX_RATE = 1e36;
    uint256 private constant MAX_ASSETS = 32;

    address[] private _known;
    mapping(address asset => Book) internal _books;
    Supply internal _supply;
    /// @dev What of `burnt` the token has burnt.
    uint256 private _burntSettled;

    /// @notice Deposits of an asset are taken, and count at this rate under the deposit cap.
    event AssetApproved(address indexed asset, uint256 rate);
    /// @notice New deposits of an asset are no longer taken; everything else goes on.
    event AssetDisapproved(address indexed asset);
    /// @notice The supply of SNO was brought in line with the books.
    event SupplySettled(uint256 minted, uint256 burnt);

    /// @notice Deposits of this asset are not taken.
    error AssetNotApproved(address asset);
    /// @notice This asset was never approved.
    error AssetUnknown(address asset);
    /// @notice There are as many assets as there can be.
    error AssetsTooMany(address asset);
    /// @notice A token has code.
    error AssetWithoutCode(address asset);
    /// @notice A rate lies in its bounds, which both count as allowed; that of SNO is fixed.
    error RateOutOfBounds(address asset, uint256 rate, uint256 least, uint256 most);
    /// @notice The native coin that was sent is not the amount that was named (zero for any other asset).
    error ValueMismatch(uint256 value, uint256 expected);
    /// @notice The asset moved another amount than was named; such assets are not accepted.
    error AmountNotReceived(uint256 received, uint256 expected);
    /// @notice The asset has changed Core's balance by itself, so that it no longer covers what was deposited before.
    error AssetShort(address asset, uint256 held, uint256 owed);
    /// @notice All deposits together may be worth a third of the stake at most, in SNO wei.
    error DepositCapExceeded(uint256 value, uint256 cap);
    /// @notice The receiver does not take the native coin; only its own payment fails.
    error PaymentRefused(address payee);

    // ---- assets ----

    /// @notice Takes deposits of an asset, or changes its rate; by governance.
    /// @param asset the token; zero for the native coin
    /// @param rate SNO wei that 10^18 of its smallest units count for, 1 to 10^36; 10^18 for SNO
    function approveAsset(address asset, uint256 rate) external restricted {
        _approve(asset, rate);
    }

    /// @notice Takes no new deposits of an asset; by governance. Its money is paid out as ever.
    /// @param asset the token; zero for the native coin
    function disapproveAsset(address asset) external restricted {
        Book storage book = _books[asset];
        if (!book.approved) revert AssetNotApproved(asset);
        book.approved = false;
        emit AssetDisapproved(asset);
    }

    /// @notice Every asset of which deposits are taken.
    function approvedAssets() external view returns (address[] memory approved) {
        approved = _known;
        uint256 count = 0;
        for (uint256 i = 0; i < approved.length; ++i) {
            if (_books[approved[i]].approved) approved[count++] = approved[i];
        }
        assembly ("memory-safe") {
            mstore(approved, count)
        }
    }

    /// @notice SNO wei that 10^18 smallest units of an asset count for under the deposit cap; zero when unknown.
    function rateOf(address asset) external view returns (uint256) {
        return _books[asset].rate;
    }

    // ---- in ----

    /// @notice Takes money and queues it for the caller's account.
    /// @param asset the asset; zero for the native coin, which is sent along
    /// @param amount what is deposited
    /// @param home the operator that may promise it; zero or an inactive one leaves it free
    function deposit(address asset, uint256 amount, address home) external payable nonReentrant {
        _checkPause();
        Book storage book = _books[asset];
        if (!book.approved) revert AssetNotApproved(asset);
        if (amount == 0) revert AmountZero();
        uint256 expected = asset == NATIVE ? amount : 0;
        if (msg.value != expected) revert ValueMismatch(msg.value, expected);
        book.received = SafeCast.toUint120(uint256(book.received) + amount);
        (uint256 value, uint256 cap) = depositValue();
        if (value > cap) revert DepositCapExceeded(value, cap);
        if (asset != NATIVE) _pull(asset, amount);
        _queue(DEPOSIT, msg.sender, asset, amount, home, 0);
    }

    /// @notice Queues the wish of the caller to take money back from a home, or from its free balance.
    /// @param asset the asset
    /// @param home the operator that it is allotted to; zero for free balance
    /// @param amount how much at most
    function release(address asset, address home, uint256 amount) external {
        if (_books[asset].rate == 0) revert AssetUnknown(asset);
        if (amount == 0) revert AmountZero();
        _queue(RELEASE, msg.sender, asset, amount, home, 0);
    }

    /// @notice What all assets that are still out in balances and holds are worth, and how much that may be, both in
    /// SNO wei.
    function depositValue() public view returns (uint256 value, uint256 cap) {
        uint256 count = _known.length;
        for (uint256 i = 0; i < count; ++i) {
            address asset = _known[i];
            // Below 2^129 · 10^36, and 32 of them: no sum leaves 256 bits.
            value += outstanding(asset) * _books[asset].rate / RATE_UNIT;
        }
        cap = ISmartnodesMultisig(multisig).totalStake() / 3;
    }

    // ---- books ----

    /// @notice What has been deposited of an asset in all.
    function received(address asset) external view returns (uint256) {
        return _books[asset].received;
    }

    /// @notice What all accounts were paid of an asset, by claims and by escapes.
    function claimedInAll(address asset) external view returns (uint256) {
        return _books[asset].claimed;
    }

    /// @notice What Core knows of an asset: payouts, minted and burnt by the last executed state.
    function books(address asset)
        external
        view
        returns (uint256 received_, uint256 claimed_, uint256 payouts, uint256 minted, uint256 burnt)
    {
        Book storage book = _books[asset];
        if (asset == address(token)) (minted, burnt) = (_supply.minted, _supply.burnt);
        return (book.received, book.claimed, book.payouts, minted, burnt);
    }

    /// @notice What of an asset is neither earned nor burnt: balances, holds, and deposits that wait in the inbox.
    function outstanding(address asset) public view returns (uint256 amount) {
        amount = _books[asset].received;
        if (asset == address(token)) amount = amount + _supply.minted - _supply.burnt;
        amount -= _books[asset].payouts;
    }

    /// @notice Brings the supply of SNO in line with the books; anyone may call.
    function settle() external nonReentrant {
        _settle();
    }

    /// @inheritdoc ISmartnodesCore
    function burnStake(uint256 amount) external override onlyMultisig {
        token.burn(amount);
    }

    // ---- internals ----

    function _approve(address asset, uint256 rate) internal {
        bool sno = asset == address(token);
        (uint256 least, uint256 most) = sno ? (RATE_UNIT, RATE_UNIT) : (1, MAX_RATE);
        if (rate < least || rate > most) revert RateOutOfBounds(asset, rate, least, most);
        if (asset != NATIVE && asset.code.length == 0) revert AssetWithoutCode(asset);
        Book storage book = _books[asset];
        if (book.rate == 0) {
            if (_known.length == MAX_ASSETS) revert AssetsTooMany(asset);
            _known.push(asset);
        }
        book.approved = true;
        book.rate = rate;
        emit AssetApproved(asset, rate);
    }

    function _pull(address asset, uint256 amount) private {
        uint256 before = IERC20(asset).balanceOf(address(this));
        if (asset != address(token)) {
            // What was deposited before, this deposit apart. SNO needs no look: nobody but Core changes balances there.
            uint256 owed = uint256(_books[asset].received) - amount - _books[asset].claimed;
            if (before < owed) revert AssetShort(asset, before, owed);
        }
        IERC20(asset).safeTransferFrom(msg.sender, address(this), amount);
        uint256 arrived = IERC20(asset).balanceOf(address(this)) - before;
        if (arrived != amount) revert AmountNotReceived(arrived, amount);
    }

    /// @dev The last thing that a payment does, after everything is stored.
    function _pay(address asset, address payee, uint256 amount) internal {
        if (asset == NATIVE) {
            (bool taken,) = payee.call{value: amount}("");
            if (!taken) revert PaymentRefused(payee);
            return;
        }
        if (asset == address(token) && token.balanceOf(address(this)) < amount) _settle();
        IERC20(asset).safeTransfer(payee, amount);
    }

    function _settle() private {
        uint256 burntInAll = _supply.burnt;
        uint256 minted = _supply.minted - token.minted();
        uint256 burnt = burntInAll - _burntSettled;
        if (minted == 0 && burnt == 0) return;
        _burntSettled = burntInAll;
        emit SupplySettled(minted, burnt);
        if (minted != 0) token.mint(address(this), minted);
        if (burnt != 0) token.burn(burnt);
    }
}
