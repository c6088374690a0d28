// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Emission} from "../Emission.sol";
import {ISmartnodesCore} from "../interfaces/ISmartnodesCore.sol";
import {AssetTotals, Update} from "../Structs.sol";
import {Money} from "./Money.sol";
import {Position} from "./Position.sol";

/// @title The updates: one state after the other
/// @notice The multisig has checked the votes; here is everything that the chain can check by itself.
abstract contract Updates is Money {
    /// @dev Claims are proven against one of the last roots; older ones stand in the events of the multisig only.
    uint256 private constant ROOTS = 16;

    /// @notice The root of the state before the first epoch.
    bytes32 public immutable genesisStateRoot;

    bytes32[ROOTS] private _roots;
    /// @dev While fewer items are consumed, money has left by the escape hatch that the state has not seen leaving.
    uint64 internal _escapeBarrier;

    /// @notice The totals of an asset in the state of an executed epoch.
    event TotalsSettled(
        uint64 indexed epoch,
        address indexed asset,
        uint256 balances,
        uint256 payouts,
        uint256 heldBack,
        uint256 burnt,
        uint256 minted
    );

    /// @notice No such epoch among the last 16 that were executed.
    error EpochUnknown(uint64 epoch);
    /// @notice Updates come one epoch after the other.
    error EpochUnexpected(uint64 actual, uint64 expected);
    /// @notice The update builds on another state.
    error PreviousStateRootMismatch(bytes32 actual, bytes32 expected);
    /// @notice The time of a state lies between the one before and now.
    error AsOfOutOfRange(uint64 actual, uint64 least, uint256 most);
    /// @notice After escapes the state first takes the inbox up to the barrier, with nothing else.
    error BodyNotEmpty(uint64 consumed, uint64 barrier);
    /// @notice An update has a body unless the inbox is drained after escapes.
    error BodyMissing();
    /// @notice Totals stand in ascending order of asset, each once.
    error TotalsNotAscending(address asset);
    /// @notice An asset that has totals stays in all updates.
    error TotalsMissing(uint256 present, uint256 expected);
    /// @notice Payouts, burnt and minted only grow.
    error TotalsDecreased(address asset);
    /// @notice Only SNO is minted and burnt.
    error AssetNotMintable(address asset);
    /// @notice More is owed than was received and minted.
    error ConservationViolated(address asset, uint256 owed, uint256 owned);
    /// @notice More was minted than the schedule allows.
    error EmissionExceeded(uint256 minted, uint256 allowed);

    constructor(bytes32 genesisStateRoot_) {
        genesisStateRoot = genesisStateRoot_;
        _roots[0] = genesisStateRoot_;
        _position = _position.advance(0, genesis, 0, 0, false);
    }

    /// @inheritdoc ISmartnodesCore
    function applyUpdate(Update calldata update) external override onlyMultisig {
        Position position = _position;
        uint64 last = position.epoch();
        if (update.epoch != last + 1) revert EpochUnexpected(update.epoch, last + 1);
        bytes32 root = _rootAt(last);
        if (update.previousStateRoot != root) revert PreviousStateRootMismatch(update.previousStateRoot, root);
        uint64 time = update.asOf;
        if (time < position.asOf() || time > block.timestamp) {
            revert AsOfOutOfRange(time, position.asOf(), block.timestamp);
        }
        bool returning = position.guarded() && _checkReturn(position.inboxConsumed(), update);
        if (!returning && update.bodyHash == 0) revert BodyMissing();
        _checkInbox(position, update.inboxCount, update.inboxHash);
        uint256 tracked = _book(update, position.tracked());
        _roots[(last + 1) % ROOTS] = update.stateRoot;
        returning = returning && update.inboxCount < _escapeBarrier;
        _position = position.advance(last + 1, time, update.inboxCount, tracked, returning);
    }

    /// @notice The root of the last executed state.
    function stateRoot() public view returns (bytes32) {
        return _rootAt(_position.epoch());
    }

    /// @notice The root of the state of one of the last 16 executed epochs; zero names the state at genesis.
    function stateRootOf(uint64 executed) public view returns (bytes32) {
        if (!_kept(executed, epoch())) revert EpochUnknown(executed);
        return _rootAt(executed);
    }

    /// @notice How many items must be consumed before updates have bodies again; zero when there was no escape.
    function escapeBarrier() external view returns (uint64) {
        return _escapeBarrier;
    }

    /// @notice What may have been minted in all when `elapsed` seconds have passed since genesis.
    function emission(uint64 elapsed) external pure returns (uint256) {
        return Emission.upTo(elapsed);
    }

    /// @dev The root of a kept epoch.
    function _rootAt(uint64 executed) internal view returns (bytes32) {
        return _roots[executed % ROOTS];
    }

    function _kept(uint64 executed, uint64 current) internal pure returns (bool) {
        return executed <= current && current - executed < ROOTS;
    }

    /// @dev Whether the state has to take escapes first; then the update has no body. No update while paused.
    function _checkReturn(uint64 consumed, Update calldata update) private view returns (bool returning) {
        _checkPause();
        uint64 barrier = _escapeBarrier;
        returning = consumed < barrier;
        if (returning && update.bodyHash != 0) revert BodyNotEmpty(consumed, barrier);
    }

    /// @dev Checks and stores the totals of all assets; returns how many assets have totals now. Of each asset:
    /// balances + payouts + heldBack + burnt ≤ received + minted. Stake that was slashed is burnt at once by the multisig
    /// and is never in Core's hands, so that it has no term here.
    function _book(Update calldata update, uint256 tracked) private returns (uint256) {
        uint256 known = 0;
        address last = NATIVE;
        AssetTotals[] calldata totals = update.totals;
        for (uint256 i = 0; i < totals.length; ++i) {
            AssetTotals calldata each = totals[i];
            address asset = each.asset;
            if (i != 0 && asset <= last) revert TotalsNotAscending(asset);
            last = asset;
            if (_record(each, asset, update.asOf)) ++known;
            _announce(update.epoch, each);
        }
        if (known != tracked) revert TotalsMissing(known, tracked);
        return totals.length;
    }

    /// @dev Checks and stores the totals of one asset; returns whether it had totals before.
    function _record(AssetTotals calldata next, address asset, uint64 time) private returns (bool tracked) {
        Book storage book = _books[asset];
        tracked = book.tracked;
        if (!tracked) {
            if (book.rate == 0) revert AssetUnknown(asset);
            book.tracked = true;
        }
        uint256 minted = next.minted;
        uint256 burnt = next.burnt;
        if (asset == address(token)) _mintAndBurn(minted, burnt, time);
        else if (minted != 0 || burnt != 0) revert AssetNotMintable(asset);
        uint256 payouts = next.payouts;
        if (payouts < book.payouts) revert TotalsDecreased(asset);
        uint256 owed = _owed(next.balances, payouts, next.heldBack, burnt);
        uint256 owned = book.received + minted;
        if (owed > owned) revert ConservationViolated(asset, owed, owned);
        book.payouts = SafeCast.toUint120(payouts);
    }

    /// @dev Saturating: a sum beyond 256 bits is more than anything that can be owned.
    function _owed(uint256 balances, uint256 payouts, uint256 heldBack, uint256 burnt)
        private
        pure
        returns (uint256 owed)
    {
        unchecked {
            uint256 kept = balances + payouts;
            uint256 gone = heldBack + burnt;
            owed = kept + gone;
            if (kept < payouts || gone < burnt || owed < kept) owed = type(uint256).max;
        }
    }

    /// @dev On its own, because the event with all that surrounds it would need too many stack slots.
    function _announce(uint64 executed, AssetTotals calldata each) private {
        emit TotalsSettled(executed, each.asset, each.balances, each.payouts, each.heldBack, each.burnt, each.minted);
    }

    function _mintAndBurn(uint256 minted, uint256 burnt, uint64 time) private {
        uint256 allowed = Emission.upTo(time - genesis);
        if (minted > allowed) revert EmissionExceeded(minted, allowed);
        Supply memory last = _supply;
        if (minted < last.minted || burnt < last.burnt) revert TotalsDecreased(address(token));
        _supply = Supply({minted: SafeCast.toUint128(minted), burnt: SafeCast.toUint128(burnt)});
    }
}
