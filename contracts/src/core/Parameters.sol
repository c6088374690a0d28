// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ParameterBounds} from "../ParameterBounds.sol";
import {Parameter} from "../Structs.sol";
import {Inbox} from "./Inbox.sol";

/// @title The parameters of the state, as governance sets them
/// @notice The values live in the state; Core checks the bounds and queues the change, which acts in the epoch after
/// the one that takes it.
abstract contract Parameters is Inbox {
    /// @notice A parameter will change; index is where the inbox tells the state.
    event ParameterSet(Parameter indexed which, uint256 value, uint64 index);

    /// @notice This one is set through the multisig, which keeps the time (lengths), or never (genesis).
    error ParameterFixed(Parameter which);

    /// @notice Queues another value of a parameter; by governance.
    /// @param which the parameter
    /// @param value in the unit and within the bounds that ParameterBounds names
    function setParameter(Parameter which, uint256 value) external restricted {
        if (which == Parameter.EpochLength || which == Parameter.RoundLength || which == Parameter.Genesis) {
            revert ParameterFixed(which);
        }
        ParameterBounds.check(which, value);
        uint64 index = _queue(PARAMETER, address(0), address(0), value, address(0), bytes32(uint256(uint8(which))));
        emit ParameterSet(which, value, index);
    }

    /// @notice The least and the greatest value of a parameter, both allowed.
    function parameterBounds(Parameter which) external pure returns (uint256 least, uint256 most) {
        return ParameterBounds.boundsOf(which);
    }
}
