// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CoreBase} from "../src/core/CoreBase.sol";
import {Money} from "../src/core/Money.sol";
import {SmartnodesCore} from "../src/SmartnodesCore.sol";
import {SmartnodesToken} from "../src/SmartnodesToken.sol";
import {AssetTerms} from "../src/Structs.sol";
import {CoreScene} from "./CoreScene.sol";

contract CoreDeploymentTest is CoreScene {
    function test_coreBeginsAtItsGenesis() public view {
        same(core.epoch(), 0);
        same(core.asOf(), GENESIS);
        same(core.genesis(), GENESIS);
        same(core.stateRoot(), GENESIS_ROOT);
        same(core.stateRootOf(0), GENESIS_ROOT);
        same(core.genesisStateRoot(), GENESIS_ROOT);
        same(core.multisig(), address(this));
        same(address(core.token()), address(token));
        same(core.authority(), address(access));
        address[] memory approved = core.approvedAssets();
        same(approved.length, 3);
        same(approved[0], address(token));
        same(approved[1], NATIVE);
        same(approved[2], address(coin));
        same(core.rateOf(address(token)), 1 ether);
    }

    function test_coreRefusesATokenOfAnother() public {
        SmartnodesToken other = new SmartnodesToken(address(core), GENESIS, new address[](0), new uint256[](0));
        vm.expectRevert(abi.encodeWithSelector(CoreBase.TokenNotWired.selector, address(core), GENESIS));
        new SmartnodesCore(other, address(this), address(access), GENESIS, 0, new AssetTerms[](0));
    }

    function test_coreRefusesATokenOfAnotherGenesis() public {
        address wired = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        SmartnodesToken other = new SmartnodesToken(wired, GENESIS + 1, new address[](0), new uint256[](0));
        vm.expectRevert(abi.encodeWithSelector(CoreBase.TokenNotWired.selector, wired, GENESIS + 1));
        new SmartnodesCore(other, address(this), address(access), GENESIS, 0, new AssetTerms[](0));
    }

    function test_coreRefusesMissingAddresses() public {
        vm.expectRevert(CoreBase.AddressMissing.selector);
        this.construct(address(0), address(access), new AssetTerms[](0));
        vm.expectRevert(CoreBase.AddressMissing.selector);
        this.construct(address(this), address(0), new AssetTerms[](0));
    }

    function test_coreRefusesBadAssets() public {
        AssetTerms[] memory assets = new AssetTerms[](1);
        assets[0] = AssetTerms({asset: address(0xC0DE), rate: 1});
        vm.expectRevert(abi.encodeWithSelector(Money.AssetWithoutCode.selector, address(0xC0DE)));
        this.construct(address(this), address(access), assets);
        assets[0] = AssetTerms({asset: address(coin), rate: 0});
        vm.expectRevert(abi.encodeWithSelector(Money.RateOutOfBounds.selector, address(coin), 0, 1, 10 ** 36));
        this.construct(address(this), address(access), assets);
    }

    function test_theNativeCoinIsTakenWhenItIsNamed() public {
        this.construct(address(this), address(access), new AssetTerms[](0));
        same(core.approvedAssets().length, 3);
    }

    function test_theCodeFitsIntoItsLimit() public view {
        holds(address(core).code.length <= 24_576, "EIP-170");
        holds(address(token).code.length <= 24_576, "EIP-170");
    }

    function construct(address multisig, address access_, AssetTerms[] calldata assets) external {
        address wired = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        SmartnodesToken made = new SmartnodesToken(wired, GENESIS, new address[](0), new uint256[](0));
        new SmartnodesCore(made, multisig, access_, GENESIS, 0, assets);
    }
}
