// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Emission} from "../src/Emission.sol";
import {SmartnodesToken} from "../src/SmartnodesToken.sol";
import {Checks} from "./Checks.sol";

/// @dev The test stands in the place of Core.
contract TokenTest is Checks {
    address private constant HOLDER = address(0xA11CE);
    uint64 private constant GENESIS = 1_700_000_000;
    SmartnodesToken private token;

    function setUp() public {
        vm.warp(GENESIS + 3600);
        address[] memory holders = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (holders[0], amounts[0]) = (HOLDER, 100 ether);
        token = new SmartnodesToken(address(this), GENESIS, holders, amounts);
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
        new SmartnodesToken(address(0), GENESIS, new address[](0), new uint256[](0));
        vm.expectRevert(abi.encodeWithSelector(SmartnodesToken.AllocationLengthWrong.selector, 1, 2));
        new SmartnodesToken(address(this), GENESIS, new address[](1), new uint256[](2));
    }

    function test_votesCountBySeconds() public {
        vm.warp(1_700_010_000);
        same(token.clock(), 1_700_010_000);
        same(keccak256(bytes(token.CLOCK_MODE())), keccak256("mode=timestamp"));
        vm.prank(HOLDER);
        token.delegate(HOLDER);
        vm.warp(1_700_010_010);
        same(token.getPastVotes(HOLDER, 1_700_010_009), 100 ether);
        same(token.getPastVotes(HOLDER, 1_700_009_999), 0);
    }

    function test_whatCoreHoldsVotesForNobody() public {
        vm.startPrank(HOLDER);
        token.delegate(HOLDER);
        token.transfer(address(this), 10 ether);
        vm.stopPrank();
        same(token.delegates(HOLDER), HOLDER);
        same(token.delegates(address(this)), address(0));
        same(token.getVotes(HOLDER), 90 ether);
        token.transfer(HOLDER, 4 ether);
        same(token.getVotes(HOLDER), 94 ether);
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

    // ---- the schedule ----

    function test_noMoreIsMintedThanTheScheduleAllowsByNow() public {
        token.mint(HOLDER, 5625 ether);
        same(token.minted(), 5625 ether);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesToken.EmissionExceeded.selector, 5625 ether + 1, 5625 ether));
        token.mint(HOLDER, 1);
        vm.warp(GENESIS + 3601);
        token.mint(HOLDER, 1);
    }

    function test_nothingIsMintedBeforeGenesis() public {
        uint64 later = GENESIS + 7200;
        token = new SmartnodesToken(address(this), later, new address[](0), new uint256[](0));
        vm.expectRevert(abi.encodeWithSelector(SmartnodesToken.EmissionExceeded.selector, 1, 0));
        token.mint(HOLDER, 1);
        vm.warp(later);
        vm.expectRevert(abi.encodeWithSelector(SmartnodesToken.EmissionExceeded.selector, 1, 0));
        token.mint(HOLDER, 1);
        token.mint(HOLDER, 0);
    }

    function test_burningGivesNoRoomBack() public {
        token.mint(address(this), 5625 ether);
        token.burn(5625 ether);
        vm.expectPartialRevert(SmartnodesToken.EmissionExceeded.selector);
        token.mint(address(this), 1);
    }

    function testFuzz_theSupplyStaysBelowTheSchedule(uint256 salt) public {
        uint256 minted = 0;
        for (uint256 i = 0; i < 20; ++i) {
            salt = uint256(keccak256(abi.encode(salt)));
            vm.warp(block.timestamp + (salt % 365 days));
            uint256 allowed = Emission.upTo(uint64(block.timestamp) - GENESIS);
            uint256 amount = (salt >> 64) % (allowed + allowed / 8);
            if (minted + amount > allowed) vm.expectPartialRevert(SmartnodesToken.EmissionExceeded.selector);
            else minted += amount;
            token.mint(address(this), amount);
            same(token.minted(), minted);
            uint256 held = token.balanceOf(address(this));
            if (salt & 1 == 0) token.burn((salt >> 32) % (held + 1));
            holds(token.totalSupply() <= 100 ether + allowed, "schedule");
        }
    }

    // ---- the emission itself ----

    function test_theEmissionFallsByFortyPercentAYearDownToTheTail() public pure {
        same(Emission.upTo(0), 0);
        same(Emission.upTo(1), uint256(5625 ether) / 3600);
        uint256 year = 365 days;
        uint256[6] memory hourly = [uint256(5625 ether), 3375 ether, 2025 ether, 1215 ether, 729 ether, 437.4 ether];
        uint256 sum = 0;
        for (uint256 i = 0; i < 6; ++i) {
            same(Emission.upTo(uint64(i * year)), sum);
            same(Emission.upTo(uint64(i * year + 3600)), sum + hourly[i]);
            sum += hourly[i] * 8760;
        }
        same(Emission.upTo(uint64(6 * year)), sum);
        same(Emission.upTo(uint64(6 * year + 3600)), sum + 420 ether);
        same(Emission.upTo(uint64(7 * year + 3600)), sum + 420 ether * 8761);
        same(Emission.upTo(uint64(500 * year)), sum + 420 ether * 8760 * 494);
    }

    function testFuzz_theEmissionNeverFallsAndNeverRunsAhead(uint64 a, uint64 b) public pure {
        a = a % (200 * 365 days);
        b = b % (400 days);
        uint256 grown = Emission.upTo(a + b) - Emission.upTo(a);
        holds(grown <= (uint256(b) * 5625 ether) / 3600 + 1, "never faster than at first");
        // Flooring loses less than a wei each year.
        holds(grown + 2 >= (uint256(b) * 420 ether) / 3600, "never slower than the tail");
    }
}
