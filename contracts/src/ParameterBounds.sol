// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Parameter} from "./Structs.sol";

/// @title Units and bounds of the parameters (rule 2.9)
/// @notice One place for both, so that no two contracts count the same parameter in different units.
library ParameterBounds {
    /// @notice The value is out of its bounds, which both count as allowed.
    error ParameterOutOfBounds(Parameter which, uint256 value, uint256 least, uint256 most);

    /// @notice The least and the greatest value of a parameter, both allowed.
    /// @dev Units: EpochLength s; RoundLength s; ConfirmationDepth blocks; FeeBasisPoints 1/10,000; ReferenceFee SNO
    /// wei; ScoreDecay 1/10^6; Witnesses and JurySize validators; SampleSize units; HoldLifetime, ClosingDelay and
    /// ReleaseDelay epochs; Treasury an address as a number; Genesis s since 1970; MaxUnitsPerJob and MaxUnitsPerLease
    /// units; HoldSlash SNO wei.
    function boundsOf(Parameter which) internal pure returns (uint256 least, uint256 most) {
        if (which == Parameter.EpochLength) return (4 seconds, 1 days);
        if (which == Parameter.RoundLength) return (1 seconds, 1 hours);
        if (which == Parameter.ConfirmationDepth) return (1, 256);
        if (which == Parameter.FeeBasisPoints) return (0, 1000);
        if (which == Parameter.ReferenceFee) return (1, 1e24);
        if (which == Parameter.ScoreDecay) return (0, 1e6);
        if (which == Parameter.Witnesses || which == Parameter.JurySize) return (4, 64);
        if (which == Parameter.SampleSize) return (2, 1024);
        if (which == Parameter.HoldLifetime) return (1, 2);
        if (which == Parameter.ClosingDelay) return (2, 1024);
        if (which == Parameter.ReleaseDelay) return (2, 64);
        if (which == Parameter.Treasury) return (1, type(uint160).max);
        if (which == Parameter.Genesis) return (1, type(uint40).max);
        if (which == Parameter.MaxUnitsPerJob) return (1, 2 ** 19);
        if (which == Parameter.MaxUnitsPerLease) return (1, 2 ** 20);
        return (0, 1e22);
    }

    /// @notice Reverts unless a value lies within the bounds of its parameter.
    function check(Parameter which, uint256 value) internal pure {
        (uint256 least, uint256 most) = boundsOf(which);
        if (value < least || value > most) revert ParameterOutOfBounds(which, value, least, most);
    }
}
