// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Inbox} from "../src/core/Inbox.sol";
import {Parameters} from "../src/core/Parameters.sol";
import {ParameterBounds} from "../src/ParameterBounds.sol";
import {Parameter} from "../src/Structs.sol";
import {CoreScene} from "./CoreScene.sol";

contract CoreParametersTest is CoreScene {
    function test_aChangeIsQueued() public {
        bytes32 item = keccak256(
            abi.encode(
                keccak256(
                    "InboxItem(uint64 index,uint8 kind,address account,address asset,uint256 amount,address target,bytes32 data)"
                ),
                0,
                6,
                address(0),
                address(0),
                250,
                address(0),
                3
            )
        );
        bytes32 rolling = keccak256(abi.encode(bytes32(0), item));
        vm.expectEmit(true, true, true, true, address(core));
        emit Inbox.InboxItemQueued(0, 6, address(0), address(0), 250, address(0), bytes32(uint256(3)), rolling);
        vm.expectEmit(true, true, true, true, address(core));
        emit Parameters.ParameterSet(Parameter.FeeBasisPoints, 250, 0);
        core.setParameter(Parameter.FeeBasisPoints, 250);
        same(core.inboxHashAt(1), rolling);
    }

    function test_onlyGovernanceSets() public {
        vm.prank(USER);
        vm.expectRevert(abi.encodeWithSignature("AccessManagedUnauthorized(address)", USER));
        core.setParameter(Parameter.FeeBasisPoints, 250);
    }

    function test_lengthsAndGenesisAreNotSetHere() public {
        Parameter[3] memory fixed_ = [Parameter.EpochLength, Parameter.RoundLength, Parameter.Genesis];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Parameters.ParameterFixed.selector, fixed_[i]));
            core.setParameter(fixed_[i], 10);
        }
    }

    function test_thePlacesAreThoseOfTheState() public pure {
        same(uint8(Parameter.EpochLength), 0);
        same(uint8(Parameter.ConfirmationDepth), 2);
        same(uint8(Parameter.SampleSize), 8);
        same(uint8(Parameter.Treasury), 12);
        same(uint8(Parameter.MaxUnitsPerLease), 15);
        same(uint8(Parameter.HoldSlash), 16);
        same(uint8(type(Parameter).max), 16);
    }

    function test_theBoundsAreAsDocumented() public view {
        uint256[2][17] memory documented;
        documented[0] = [uint256(4), 86_400];
        documented[1] = [uint256(1), 3600];
        documented[2] = [uint256(1), 256];
        documented[3] = [uint256(0), 1000];
        documented[4] = [uint256(1), 10 ** 24];
        documented[5] = [uint256(0), 10 ** 6];
        documented[6] = [uint256(4), 64];
        documented[7] = [uint256(4), 64];
        documented[8] = [uint256(2), 1024];
        documented[9] = [uint256(1), 2];
        documented[10] = [uint256(2), 1024];
        documented[11] = [uint256(2), 64];
        documented[12] = [uint256(1), 2 ** 160 - 1];
        documented[13] = [uint256(1), 2 ** 40 - 1];
        documented[14] = [uint256(1), 2 ** 19];
        documented[15] = [uint256(1), 2 ** 20];
        documented[16] = [uint256(0), 10 ** 22];
        for (uint8 i = 0; i < 17; ++i) {
            (uint256 least, uint256 most) = core.parameterBounds(Parameter(i));
            same(least, documented[i][0]);
            same(most, documented[i][1]);
        }
    }

    function testFuzz_aValueIsTakenIfAndOnlyIfItIsWithinItsBounds(uint8 index, uint256 value, uint8 shape) public {
        Parameter which = Parameter(index % 17);
        if (which == Parameter.EpochLength || which == Parameter.RoundLength || which == Parameter.Genesis) return;
        (uint256 least, uint256 most) = core.parameterBounds(which);
        if (shape % 4 == 0) value = bound(value, least, most);
        if (shape % 4 == 1) value = most + 1;
        if (shape % 4 == 2 && least != 0) value = least - 1;
        bool within = value >= least && value <= most;
        if (!within) {
            vm.expectRevert(
                abi.encodeWithSelector(ParameterBounds.ParameterOutOfBounds.selector, which, value, least, most)
            );
        }
        core.setParameter(which, value);
        same(core.inboxLength(), within ? 1 : 0);
    }

    function test_theEndsOfTheBoundsAreAllowed() public {
        for (uint8 i = 0; i < 17; ++i) {
            if (i < 2 || i == 13) continue;
            (uint256 least, uint256 most) = core.parameterBounds(Parameter(i));
            core.setParameter(Parameter(i), least);
            core.setParameter(Parameter(i), most);
            vm.expectPartialRevert(ParameterBounds.ParameterOutOfBounds.selector);
            core.setParameter(Parameter(i), most + 1);
            if (least == 0) continue;
            vm.expectPartialRevert(ParameterBounds.ParameterOutOfBounds.selector);
            core.setParameter(Parameter(i), least - 1);
        }
        same(core.inboxLength(), 28);
    }
}
