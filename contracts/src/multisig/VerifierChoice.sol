// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoteVerifier} from "../interfaces/IVoteVerifier.sol";
import {Head} from "./Head.sol";

/// @title Who verifies the votes of which epoch
/// @notice The only part that governance can replace, announced at least one whole epoch ahead: votes that are being
/// given are counted by the rules under which they are given. Only when nothing was executed for seven days can it be
/// replaced for the next epoch: a verifier that lets nobody's votes through would otherwise have the last word.
abstract contract VerifierChoice is Head {
    uint256 private constant SILENCE = 7 days;

    IVoteVerifier private immutable _firstVerifier;
    /// @dev Both are read only when the first one was replaced.
    IVoteVerifier private _verifier;
    uint64 private _nextFrom;
    IVoteVerifier private _nextVerifier;

    /// @notice A verifier was set for the votes from an epoch on.
    event VoteVerifierSet(IVoteVerifier indexed verifier, uint64 fromEpoch);

    /// @notice A verifier is a contract.
    error VerifierWithoutCode(address verifier);
    /// @notice The votes of the next epoch may have been given already.
    error FromEpochTooEarly(uint64 fromEpoch, uint64 least);

    constructor(IVoteVerifier verifier) {
        if (address(verifier).code.length == 0) revert VerifierWithoutCode(address(verifier));
        _firstVerifier = verifier;
        emit VoteVerifierSet(verifier, 1);
    }

    /// @notice Names the verifier of the votes from an epoch on; one that was named before and does not act yet is
    /// dropped. Only by governance.
    /// @param verifier a contract
    /// @param fromEpoch at least the one after the next; the next when the last execution is more than 7 days ago
    function setVoteVerifier(IVoteVerifier verifier, uint64 fromEpoch) external restricted {
        if (address(verifier).code.length == 0) revert VerifierWithoutCode(address(verifier));
        uint64 next = _nextEpoch();
        bool silent = block.timestamp > _genesis + _front.executedAt + SILENCE;
        uint64 least = silent ? next : next + 1;
        if (fromEpoch < least) revert FromEpochTooEarly(fromEpoch, least);
        _verifier = _chosen(_marked(VERIFIER_REPLACED), next);
        _nextVerifier = verifier;
        _nextFrom = fromEpoch;
        _mark(VERIFIER_REPLACED, true);
        emit VoteVerifierSet(verifier, fromEpoch);
    }

    /// @notice Who verifies the votes of an epoch that is not executed yet, as things stand.
    function voteVerifierOf(uint64 epoch) external view returns (IVoteVerifier) {
        return _chosen(_marked(VERIFIER_REPLACED), epoch);
    }

    function _chosen(bool replaced, uint64 epoch) internal view returns (IVoteVerifier) {
        if (!replaced) return _firstVerifier;
        return epoch >= _nextFrom ? _nextVerifier : _verifier;
    }
}
