// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Emission} from "./Emission.sol";
import {ISmartnodesCore} from "./interfaces/ISmartnodesCore.sol";
import {ISmartnodesToken} from "./interfaces/ISmartnodesToken.sol";
import {StateTree} from "./StateTree.sol";
import {StructHash} from "./StructHash.sol";
import {AssetTotals, InboxItem, Payout, Update} from "./Structs.sol";

/// @title Core of Smartnodes: inbox, state roots, money
/// @notice Queues what happens on the chain for the replicated state, holds the deposits, keeps the root of every
/// executed epoch and pays what those roots prove. It takes updates from one multisig only and is never replaced.
/// @dev Amounts are in the smallest unit of their asset, times in seconds. Asset zero is the native coin.
contract SmartnodesCore is ISmartnodesCore, EIP712, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using StructHash for InboxItem;

    struct EpochRecord {
        bytes32 stateRoot;
        uint64 inboxLength;
    }

    struct Asset {
        bool approved;
        bool tracked;
        uint256 received;
        uint256 claimed;
        AssetTotals totals;
    }

    address private constant NATIVE = address(0);
    uint8 private constant DEPOSIT = 1;
    uint8 private constant RELEASE = 2;
    uint64 private constant CLAIMABLE_EPOCHS = 16;
    uint64 private constant MUST_CONSUME = 1000;
    uint256 private constant MAX_ASSETS = 32;

    /// @notice SNO.
    ISmartnodesToken public immutable token;
    /// @inheritdoc ISmartnodesCore
    address public immutable multisig;
    /// @inheritdoc ISmartnodesCore
    uint64 public immutable genesis;

    /// @inheritdoc ISmartnodesCore
    uint64 public epoch;
    /// @notice How many items have been queued.
    uint64 public inboxLength;
    /// @notice How many items the last executed state has consumed.
    uint64 public inboxConsumed;
    /// @notice The chain time of the last executed state; genesis before there is one.
    uint64 public asOf;

    address[] private _approved;
    uint256 private _tracked;
    mapping(address asset => Asset) private _assets;
    mapping(uint64 count => bytes32) private _inboxHashes;
    mapping(uint64 epoch => EpochRecord) private _epochs;
    mapping(address account => mapping(address asset => uint256)) private _claimed;

    /// @notice An item was queued. inboxHash is the rolling hash after it, that is `inboxHashAt(index + 1)`.
    event InboxItemQueued(
        uint64 indexed index,
        uint8 kind,
        address indexed account,
        address asset,
        uint256 amount,
        address target,
        bytes32 data,
        bytes32 inboxHash
    );
    /// @notice The update of an epoch was applied.
    event UpdateApplied(uint64 indexed epoch, bytes32 stateRoot, uint64 inboxCount, uint64 asOf);
    /// @notice An account was paid what the root of an epoch proves beyond what it was paid before.
    event PayoutClaimed(
        address indexed account,
        address indexed asset,
        address indexed payout,
        uint64 epoch,
        uint256 amount,
        uint256 cumulative
    );

    /// @notice Only the multisig may do this.
    error CallerNotMultisig(address caller);
    /// @notice The token was made for another Core.
    error TokenNotWired(address tokenCore);
    /// @notice The multisig's address is missing.
    error MultisigMissing();
    /// @notice The list of assets is too long, repeats one or names one that has no code.
    error AssetListInvalid(address asset);
    /// @notice This asset is not accepted.
    error AssetNotApproved(address asset);
    /// @notice The amount must be above zero.
    error AmountZero();
    /// @notice The native coin that was sent is not the amount that was named (zero for any other asset).
    error ValueMismatch(uint256 value, uint256 expected);
    /// @notice The asset moved another amount than was named; such assets are not accepted.
    error AmountNotReceived(uint256 received, uint256 expected);
    /// @notice The inbox is not that long.
    error InboxPositionUnknown(uint64 count, uint64 length);
    /// @notice No such epoch has been executed.
    error EpochUnknown(uint64 epoch);
    /// @notice Updates come one epoch after the other.
    error EpochUnexpected(uint64 actual, uint64 expected);
    /// @notice The update builds on another state.
    error PreviousStateRootMismatch(bytes32 actual, bytes32 expected);
    /// @notice The time of a state lies between the one before and now.
    error AsOfOutOfRange(uint64 actual, uint64 least, uint256 most);
    /// @notice An update consumes at least what it must and at most what is there.
    error InboxCountOutOfRange(uint64 actual, uint64 least, uint64 most);
    /// @notice The update saw another inbox.
    error InboxHashMismatch(bytes32 actual, bytes32 expected);
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
    /// @notice Claims are proven against one of the last 16 roots.
    error EpochNotClaimable(uint64 epoch, uint64 current);
    /// @notice The proof leads to another root.
    error ProofInvalid(bytes32 actual, bytes32 expected);
    /// @notice All that this leaf proves has been paid.
    error NothingToClaim(address account, address asset, uint256 claimed);
    /// @notice The leaf names nobody to pay.
    error PayoutMissing(address account);
    /// @notice All claims together may not exceed the payouts of the state.
    error ClaimsExceedPayouts(address asset, uint256 claims, uint256 payouts);
    /// @notice The receiver does not take the native coin; only its own claim fails.
    error PaymentRefused(address payout);

    /// @param token_ SNO, made for this address
    /// @param multisig_ the address that the multisig will have
    /// @param genesis_ the start of all schedules
    /// @param genesisStateRoot the root of the state before the first epoch
    /// @param assets the ERC-20s that are accepted beside SNO and the native coin
    constructor(
        ISmartnodesToken token_,
        address multisig_,
        uint64 genesis_,
        bytes32 genesisStateRoot,
        address[] memory assets
    ) EIP712("Smartnodes", "1") {
        if (token_.core() != address(this)) revert TokenNotWired(token_.core());
        if (multisig_ == address(0)) revert MultisigMissing();
        if (assets.length > MAX_ASSETS) revert AssetListInvalid(assets[MAX_ASSETS]);
        token = token_;
        multisig = multisig_;
        genesis = genesis_;
        asOf = genesis_;
        _epochs[0] = EpochRecord({stateRoot: genesisStateRoot, inboxLength: 0});
        _approve(NATIVE);
        _approve(address(token_));
        for (uint256 i = 0; i < assets.length; ++i) {
            if (assets[i].code.length == 0) revert AssetListInvalid(assets[i]);
            _approve(assets[i]);
        }
    }

    // ---- inbox ----

    /// @notice Takes money and queues it for the caller's account.
    /// @param asset the asset; zero for the native coin, which is sent along
    /// @param amount what is deposited
    /// @param home the operator that may promise it; zero or an inactive one leaves it free
    function deposit(address asset, uint256 amount, address home) external payable nonReentrant {
        Asset storage entry = _approvedAsset(asset);
        if (amount == 0) revert AmountZero();
        uint256 expected = asset == NATIVE ? amount : 0;
        if (msg.value != expected) revert ValueMismatch(msg.value, expected);
        if (asset != NATIVE) _pull(IERC20(asset), amount);
        entry.received += amount;
        _queue(DEPOSIT, asset, amount, home);
    }

    /// @notice Queues the wish of the caller to take money back from a home, or from its free balance.
    /// @param asset the asset
    /// @param home the operator that it is allotted to; zero for free balance
    /// @param amount how much at most
    function release(address asset, address home, uint256 amount) external {
        _approvedAsset(asset);
        if (amount == 0) revert AmountZero();
        _queue(RELEASE, asset, amount, home);
    }

    /// @notice The rolling hash after the first `count` items.
    function inboxHashAt(uint64 count) public view returns (bytes32) {
        if (count > inboxLength) revert InboxPositionUnknown(count, inboxLength);
        return _inboxHashes[count];
    }

    /// @notice How many items the next update must have consumed at least.
    function inboxRequired() public view returns (uint64) {
        uint64 executed = epoch;
        uint64 old = executed == 0 ? 0 : _epochs[executed - 1].inboxLength;
        uint64 consumed = inboxConsumed;
        uint64 bound = consumed + MUST_CONSUME;
        if (old < bound) bound = old;
        return bound > consumed ? bound : consumed;
    }

    // ---- updates ----

    /// @inheritdoc ISmartnodesCore
    /// @dev The multisig has checked the votes; here is everything that the chain can check by itself.
    function applyUpdate(Update calldata update) external {
        if (msg.sender != multisig) revert CallerNotMultisig(msg.sender);
        uint64 last = epoch;
        if (update.epoch != last + 1) revert EpochUnexpected(update.epoch, last + 1);
        bytes32 root = _epochs[last].stateRoot;
        if (update.previousStateRoot != root) revert PreviousStateRootMismatch(update.previousStateRoot, root);
        if (update.asOf < asOf || update.asOf > block.timestamp) {
            revert AsOfOutOfRange(update.asOf, asOf, block.timestamp);
        }
        _consume(update.inboxCount, update.inboxHash);
        (uint256 minted, uint256 burnt) = _settle(update.totals, update.asOf);
        epoch = update.epoch;
        asOf = update.asOf;
        _epochs[update.epoch] = EpochRecord({stateRoot: update.stateRoot, inboxLength: inboxLength});
        emit UpdateApplied(update.epoch, update.stateRoot, update.inboxCount, update.asOf);
        if (minted != 0) token.mint(address(this), minted);
        if (burnt != 0) token.burn(burnt);
    }

    /// @notice The root of the last executed state.
    function stateRoot() external view returns (bytes32) {
        return _epochs[epoch].stateRoot;
    }

    /// @notice The root of the state of an executed epoch; zero names the state at genesis.
    function stateRootOf(uint64 executed) external view returns (bytes32) {
        if (executed > epoch) revert EpochUnknown(executed);
        return _epochs[executed].stateRoot;
    }

    /// @notice The length of the inbox when an epoch was executed.
    function inboxLengthOf(uint64 executed) external view returns (uint64) {
        if (executed > epoch) revert EpochUnknown(executed);
        return _epochs[executed].inboxLength;
    }

    // ---- claims ----

    /// @notice Pays an account what it has earned and was not paid yet; anyone may call.
    /// @param executed the epoch whose root proves the leaf, one of the last 16
    /// @param leaf the payout leaf; the money goes to its payout address
    /// @param siblings the proof, from the leaf upwards
    function claim(uint64 executed, Payout calldata leaf, bytes32[] calldata siblings) external nonReentrant {
        uint64 current = epoch;
        if (executed > current || current - executed >= CLAIMABLE_EPOCHS) revert EpochNotClaimable(executed, current);
        bytes32 expected = _epochs[executed].stateRoot;
        bytes32 actual = StateTree.rootOf(leaf, siblings);
        if (actual != expected) revert ProofInvalid(actual, expected);
        uint256 before = _claimed[leaf.account][leaf.asset];
        if (leaf.cumulative <= before) revert NothingToClaim(leaf.account, leaf.asset, before);
        if (leaf.payout == address(0)) revert PayoutMissing(leaf.account);
        uint256 amount = leaf.cumulative - before;
        Asset storage entry = _assets[leaf.asset];
        uint256 claims = entry.claimed + amount;
        // Even a dishonest root cannot pay out what the state counts as the balances of others.
        if (claims > entry.totals.payouts) revert ClaimsExceedPayouts(leaf.asset, claims, entry.totals.payouts);
        entry.claimed = claims;
        _claimed[leaf.account][leaf.asset] = leaf.cumulative;
        emit PayoutClaimed(leaf.account, leaf.asset, leaf.payout, executed, amount, leaf.cumulative);
        _pay(leaf.asset, leaf.payout, amount);
    }

    /// @notice What an account was paid of an asset.
    function claimed(address account, address asset) external view returns (uint256) {
        return _claimed[account][asset];
    }

    /// @notice What all accounts were paid of an asset.
    function claimedInAll(address asset) external view returns (uint256) {
        return _assets[asset].claimed;
    }

    // ---- money ----

    /// @notice What has been deposited of an asset in all.
    function received(address asset) external view returns (uint256) {
        return _assets[asset].received;
    }

    /// @notice The totals of an asset in the last executed state.
    function totals(address asset) external view returns (AssetTotals memory) {
        AssetTotals memory result = _assets[asset].totals;
        result.asset = asset;
        return result;
    }

    /// @notice Everything that is accepted: the native coin, SNO, and the ERC-20s named at deployment.
    function approvedAssets() external view returns (address[] memory) {
        return _approved;
    }

    /// @notice What may have been minted in all when `elapsed` seconds have passed since genesis.
    function emission(uint64 elapsed) external pure returns (uint256) {
        return Emission.upTo(elapsed);
    }

    /// @inheritdoc ISmartnodesCore
    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    // ---- internals ----

    function _approve(address asset) private {
        if (_assets[asset].approved) revert AssetListInvalid(asset);
        _assets[asset].approved = true;
        _approved.push(asset);
    }

    function _approvedAsset(address asset) private view returns (Asset storage entry) {
        entry = _assets[asset];
        if (!entry.approved) revert AssetNotApproved(asset);
    }

    function _pull(IERC20 asset, uint256 amount) private {
        uint256 before = asset.balanceOf(address(this));
        asset.safeTransferFrom(msg.sender, address(this), amount);
        uint256 arrived = asset.balanceOf(address(this)) - before;
        if (arrived != amount) revert AmountNotReceived(arrived, amount);
    }

    function _pay(address asset, address payout, uint256 amount) private {
        if (asset == NATIVE) {
            (bool taken,) = payout.call{value: amount}("");
            if (!taken) revert PaymentRefused(payout);
        } else {
            IERC20(asset).safeTransfer(payout, amount);
        }
    }

    function _queue(uint8 kind, address asset, uint256 amount, address target) private {
        uint64 index = inboxLength;
        InboxItem memory item = InboxItem({
            index: index,
            kind: kind,
            account: msg.sender,
            asset: asset,
            amount: amount,
            target: target,
            data: bytes32(0)
        });
        bytes32 rolling = keccak256(abi.encode(_inboxHashes[index], item.hash()));
        inboxLength = index + 1;
        _inboxHashes[index + 1] = rolling;
        emit InboxItemQueued(index, kind, msg.sender, asset, amount, target, bytes32(0), rolling);
    }

    function _consume(uint64 count, bytes32 rolling) private {
        uint64 least = inboxRequired();
        if (count < least || count > inboxLength) revert InboxCountOutOfRange(count, least, inboxLength);
        if (rolling != _inboxHashes[count]) revert InboxHashMismatch(rolling, _inboxHashes[count]);
        inboxConsumed = count;
    }

    /// @dev Checks and stores the totals of all assets; returns how much SNO is new and how much goes.
    function _settle(AssetTotals[] calldata list, uint64 time) private returns (uint256 minted, uint256 burnt) {
        uint256 known = 0;
        for (uint256 i = 0; i < list.length; ++i) {
            AssetTotals calldata next = list[i];
            if (i != 0 && next.asset <= list[i - 1].asset) revert TotalsNotAscending(next.asset);
            Asset storage entry = _approvedAsset(next.asset);
            if (entry.tracked) ++known;
            if (next.asset == address(token)) {
                uint256 allowed = Emission.upTo(time - genesis);
                if (next.minted > allowed) revert EmissionExceeded(next.minted, allowed);
                _grow(entry, next);
                minted = next.minted - entry.totals.minted;
                burnt = next.burnt - entry.totals.burnt;
            } else {
                if (next.minted != 0 || next.burnt != 0) revert AssetNotMintable(next.asset);
                _grow(entry, next);
            }
            entry.totals = next;
        }
        if (known != _tracked) revert TotalsMissing(known, _tracked);
        for (uint256 i = 0; i < list.length; ++i) {
            if (_assets[list[i].asset].tracked) continue;
            _assets[list[i].asset].tracked = true;
            ++_tracked;
        }
    }

    function _grow(Asset storage entry, AssetTotals calldata next) private view {
        AssetTotals storage last = entry.totals;
        if (next.payouts < last.payouts || next.burnt < last.burnt || next.minted < last.minted) {
            revert TotalsDecreased(next.asset);
        }
        // Saturating: a sum beyond 256 bits is more than anything that can be owned.
        uint256 owed = Math.saturatingAdd(
            Math.saturatingAdd(next.balances, next.payouts), Math.saturatingAdd(next.heldBack, next.burnt)
        );
        uint256 owned = entry.received + next.minted;
        if (owed > owned) revert ConservationViolated(next.asset, owed, owned);
    }
}
