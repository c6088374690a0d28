// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SmartnodesToken} from "../src/SmartnodesToken.sol";
import {Checks} from "./Checks.sol";

/// @dev The test stands in the place of Core.
contract TokenTest is Checks {
    address private constant HOLDER = address(0xA11CE);
    SmartnodesToken private token;

    function setUp() public {
        address[] memory holders = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (holders[0], amounts[0]) = (HOLDER, 100 ether);
        token = new SmartnodesToken(address(this), holders, amounts);
    }

    function test_theGenesisAllocationIsTheSupply() public view {
        same(keccak256(bytes(token.name())), keccak256("Smartnodes"));
        same(keccak256(bytes(token.symbol())), keccak256("SNO"));
        same(token.decimals(), 18);
        same(token.totalSupply(), 100 ether);
        same(token.balanceOf(HOLDER), 100 ether);
    }

    function test_coreMintsAndBurnsItsOwn() public {
        token.mint(address(this), 5);
        token.burn(2);
        same(token.balanceOf(address(this)), 3);
        vm.expectRevert();
        token.burn(4);
    }

    function test_nobodyElseMintsOrBurns() public {
        vm.startPrank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesToken.CallerNotCore.selector, HOLDER));
        token.mint(HOLDER, 1);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesToken.CallerNotCore.selector, HOLDER));
        token.burn(1);
    }

    function test_theAllocationIsChecked() public {
        vm.expectRevert(SmartnodesToken.CoreMissing.selector);
        new SmartnodesToken(address(0), new address[](0), new uint256[](0));
        vm.expectRevert(abi.encodeWithSelector(SmartnodesToken.AllocationLengthWrong.selector, 1, 2));
        new SmartnodesToken(address(this), new address[](1), new uint256[](2));
    }

    function test_votesCountBySeconds() public {
        vm.warp(1_700_000_000);
        same(token.clock(), 1_700_000_000);
        same(keccak256(bytes(token.CLOCK_MODE())), keccak256("mode=timestamp"));
        vm.prank(HOLDER);
        token.delegate(HOLDER);
        vm.warp(1_700_000_010);
        same(token.getPastVotes(HOLDER, 1_700_000_009), 100 ether);
        same(token.getPastVotes(HOLDER, 1_699_999_999), 0);
    }

    function test_aPermitApproves() public {
        uint256 key = 0xC0FFEE;
        address owner = vm.addr(key);
        bytes32 permit = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                owner,
                HOLDER,
                7,
                0,
                type(uint256).max
            )
        );
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(key, keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), permit)));
        token.permit(owner, HOLDER, 7, type(uint256).max, v, r, s);
        same(token.allowance(owner, HOLDER), 7);
        same(token.nonces(owner), 1);
    }
}
