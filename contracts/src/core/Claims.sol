// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {StateTree} from "../StateTree.sol";
import {StructHash} from "../StructHash.sol";
import {Payout} from "../Structs.sol";
import {EscapeHatch} from "./EscapeHatch.sol";

/// @title The claims: what accounts have earned, paid by proof
/// @notice A payout leaf says what an account has earned in all, so that no leaf can be paid twice, however often and
/// against whichever root it is shown. Never stopped by a pause.
abstract contract Claims is EscapeHatch {
    /// @dev What an account was paid of an asset, by the key of its payout leaf.
    mapping(bytes32 key => uint256) private _claimed;

    /// @notice An account was paid what the root of an epoch proves beyond what it was paid before.
    event PayoutClaimed(
        address indexed account,
        address indexed asset,
        address indexed payout,
        uint64 epoch,
        uint256 amount,
        uint256 cumulative
    );

    /// @notice Claims are proven against one of the last 16 roots.
    error EpochNotClaimable(uint64 epoch, uint64 current);
    /// @notice All that this leaf proves has been paid.
    error NothingToClaim(address account, address asset, uint256 claimed);
    /// @notice The leaf names nobody to pay.
    error PayoutMissing(address account);
    /// @notice All claims and escapes together may not exceed the payouts of the state and what escaped since.
    error ClaimsExceedPayouts(address asset, uint256 claims, uint256 payouts);
    /// @notice Each leaf needs a proof.
    error ProofsLengthWrong(uint256 leaves, uint256 proofs);

    /// @notice Pays an account what it has earned and was not paid yet; anyone may call.
    /// @param executed the epoch whose root proves the leaf, one of the last 16
    /// @param leaf the payout leaf; the money goes to its payout address
    /// @param siblings the proof, from the leaf upwards
    function claim(uint64 executed, Payout calldata leaf, bytes32[] calldata siblings) external nonReentrant {
        if (!_claim(executed, _claimableRoot(executed), leaf, siblings)) {
            revert NothingToClaim(leaf.account, leaf.asset, claimed(leaf.account, leaf.asset));
        }
    }

    /// @notice Pays many accounts at once; leaves of which all has been paid are passed over, any other fault of one
    /// refuses all.
    /// @param executed the epoch whose root proves the leaves, one of the last 16
    /// @param leaves the payout leaves
    /// @param siblings the proof of each, from the leaf upwards
    function claimMany(uint64 executed, Payout[] calldata leaves, bytes32[][] calldata siblings) external nonReentrant {
        if (leaves.length != siblings.length) revert ProofsLengthWrong(leaves.length, siblings.length);
        bytes32 root = _claimableRoot(executed);
        for (uint256 i = 0; i < leaves.length; ++i) {
            _claim(executed, root, leaves[i], siblings[i]);
        }
    }

    /// @notice What an account was paid of an asset by claims.
    function claimed(address account, address asset) public view returns (uint256) {
        return _claimed[StateTree.payoutKey(account, asset)];
    }

    function _claimableRoot(uint64 executed) private view returns (bytes32) {
        uint64 current = epoch();
        if (!_kept(executed, current)) revert EpochNotClaimable(executed, current);
        return _rootAt(executed);
    }

    /// @dev Whether there was something to pay.
    function _claim(uint64 executed, bytes32 root, Payout calldata leaf, bytes32[] calldata siblings)
        private
        returns (bool)
    {
        bytes32 key = StateTree.payoutKey(leaf.account, leaf.asset);
        _checkProof(StateTree.rootOf(StateTree.PAYOUT_TYPE, key, StructHash.hash(leaf), siblings), root);
        uint256 cumulative = leaf.cumulative;
        uint256 before = _claimed[key];
        if (cumulative <= before) return false;
        _claimed[key] = cumulative;
        _payOut(executed, leaf, cumulative - before);
        return true;
    }

    function _payOut(uint64 executed, Payout calldata leaf, uint256 amount) private {
        address payout = leaf.payout;
        if (payout == address(0)) revert PayoutMissing(leaf.account);
        address asset = leaf.asset;
        Book storage book = _books[asset];
        uint256 claims = book.claimed + amount;
        // Even a dishonest root cannot pay out what the state counts as the balances of others.
        if (claims > book.payouts) {
            uint256 most = book.payouts + escapesUnconsumed(asset);
            if (claims > most) revert ClaimsExceedPayouts(asset, claims, most);
        }
        book.claimed = claims;
        emit PayoutClaimed(leaf.account, asset, payout, executed, amount, leaf.cumulative);
        _pay(asset, payout, amount);
    }
}
