// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Networks} from "../src/core/Networks.sol";
import {CoreScene} from "./CoreScene.sol";

contract CoreNetworksTest is CoreScene {
    bytes32 private constant ITEM = keccak256(
        "InboxItem(uint64 index,uint8 kind,address account,address asset,uint256 amount,address target,bytes32 data)"
    );
    bytes32 private constant ID = keccak256("torch");
    bytes32 private constant WASM = keccak256("wasm");
    bytes32 private constant MANIFEST = keccak256("manifest");
    bytes32 private constant OTHER = keccak256("other manifest");

    function test_aNameBelongsToWhoeverRegistersIt() public {
        vm.expectEmit(true, true, true, true, address(core));
        emit Networks.NetworkRegistered(ID, USER, "torch", MANIFEST);
        vm.expectEmit(true, true, true, true, address(core));
        emit Networks.NetworkChanged(ID, USER, MANIFEST, Networks.NetworkStatus.ACTIVE);
        vm.prank(USER);
        same(core.registerNetwork("torch", MANIFEST), ID);
        is_(USER, Networks.NetworkStatus.ACTIVE, MANIFEST);
        queued(0, USER, 1, MANIFEST);
        vm.expectRevert(abi.encodeWithSelector(Networks.NetworkTaken.selector, ID));
        core.registerNetwork("torch", OTHER);
    }

    function test_wasmIsTheProtocols() public {
        vm.expectRevert(abi.encodeWithSelector(Networks.NetworkTaken.selector, WASM));
        core.registerNetwork("wasm", MANIFEST);
        same(core.network(WASM).owner, address(0));
        same(uint8(core.network(WASM).status), 1);
        vm.prank(USER);
        vm.expectRevert(abi.encodeWithSelector(Networks.CallerNotNetworkOwner.selector, WASM, USER));
        core.setManifest(WASM, OTHER);
    }

    function test_notEvenGovernanceChangesTheProtocolsOwn() public {
        for (uint8 i = 1; i < 4; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Networks.NetworkTaken.selector, WASM));
            core.setNetworkStatus(WASM, Networks.NetworkStatus(i));
        }
        same(uint8(core.network(WASM).status), 1);
        same(core.inboxLength(), 0);
    }

    function test_aNameHasOneTo64Bytes() public {
        vm.expectRevert(abi.encodeWithSelector(Networks.NetworkNameInvalid.selector, 0));
        core.registerNetwork("", MANIFEST);
        core.registerNetwork("0123456789012345678901234567890123456789012345678901234567890123", MANIFEST);
        vm.expectRevert(abi.encodeWithSelector(Networks.NetworkNameInvalid.selector, 65));
        core.registerNetwork("01234567890123456789012345678901234567890123456789012345678901234", MANIFEST);
        core.registerNetwork("x", MANIFEST);
        same(core.inboxLength(), 2);
    }

    function test_theOwnerChangesManifestAndOwnerAndRetires() public {
        vm.startPrank(USER);
        core.registerNetwork("torch", MANIFEST);
        core.setManifest(ID, OTHER);
        is_(USER, Networks.NetworkStatus.ACTIVE, OTHER);
        queued(1, USER, 1, OTHER);
        core.transferNetwork(ID, PAYEE);
        is_(PAYEE, Networks.NetworkStatus.ACTIVE, OTHER);
        queued(2, PAYEE, 1, OTHER);
        vm.stopPrank();
        vm.prank(PAYEE);
        core.retireNetwork(ID);
        is_(PAYEE, Networks.NetworkStatus.RETIRED, OTHER);
        queued(3, PAYEE, 3, OTHER);
    }

    function test_nobodyElseChangesIt() public {
        vm.prank(USER);
        core.registerNetwork("torch", MANIFEST);
        bytes memory refused = abi.encodeWithSelector(Networks.CallerNotNetworkOwner.selector, ID, PAYEE);
        vm.startPrank(PAYEE);
        vm.expectRevert(refused);
        core.setManifest(ID, OTHER);
        vm.expectRevert(refused);
        core.transferNetwork(ID, PAYEE);
        vm.expectRevert(refused);
        core.retireNetwork(ID);
        vm.expectRevert(abi.encodeWithSignature("AccessManagedUnauthorized(address)", PAYEE));
        core.setNetworkStatus(ID, Networks.NetworkStatus.SUSPENDED);
        vm.stopPrank();
        vm.startPrank(USER);
        core.transferNetwork(ID, PAYEE);
        vm.expectRevert(abi.encodeWithSelector(Networks.CallerNotNetworkOwner.selector, ID, USER));
        core.setManifest(ID, OTHER);
    }

    function test_anUnknownNetworkBelongsToNobody() public {
        vm.expectRevert(abi.encodeWithSelector(Networks.CallerNotNetworkOwner.selector, ID, address(this)));
        core.setManifest(ID, OTHER);
        vm.expectRevert(abi.encodeWithSelector(Networks.NetworkUnknown.selector, ID));
        core.setNetworkStatus(ID, Networks.NetworkStatus.SUSPENDED);
    }

    function test_aNetworkKeepsAnOwnerAndAStatus() public {
        core.registerNetwork("torch", MANIFEST);
        vm.expectRevert(abi.encodeWithSelector(Networks.NetworkChangeInvalid.selector, ID));
        core.transferNetwork(ID, address(0));
        vm.expectRevert(abi.encodeWithSelector(Networks.NetworkChangeInvalid.selector, ID));
        core.setNetworkStatus(ID, Networks.NetworkStatus.NONE);
    }

    function test_governanceSuspendsAndOpensAgain() public {
        vm.prank(USER);
        core.registerNetwork("torch", MANIFEST);
        core.setNetworkStatus(ID, Networks.NetworkStatus.SUSPENDED);
        is_(USER, Networks.NetworkStatus.SUSPENDED, MANIFEST);
        queued(1, USER, 2, MANIFEST);
        // A change by the owner does not lift it.
        vm.prank(USER);
        core.setManifest(ID, OTHER);
        is_(USER, Networks.NetworkStatus.SUSPENDED, OTHER);
        vm.prank(USER);
        core.transferNetwork(ID, PAYEE);
        is_(PAYEE, Networks.NetworkStatus.SUSPENDED, OTHER);
        core.setNetworkStatus(ID, Networks.NetworkStatus.ACTIVE);
        is_(PAYEE, Networks.NetworkStatus.ACTIVE, OTHER);
    }

    function test_retiredIsForGood() public {
        vm.startPrank(USER);
        core.registerNetwork("torch", MANIFEST);
        core.retireNetwork(ID);
        bytes memory refused = abi.encodeWithSelector(Networks.NetworkIsRetired.selector, ID);
        vm.expectRevert(refused);
        core.setManifest(ID, OTHER);
        vm.expectRevert(refused);
        core.transferNetwork(ID, PAYEE);
        vm.expectRevert(refused);
        core.retireNetwork(ID);
        vm.expectRevert(abi.encodeWithSelector(Networks.NetworkTaken.selector, ID));
        core.registerNetwork("torch", OTHER);
        vm.stopPrank();
        vm.expectRevert(refused);
        core.setNetworkStatus(ID, Networks.NetworkStatus.ACTIVE);
    }

    function is_(address owner, Networks.NetworkStatus status, bytes32 manifest) private view {
        Networks.NetworkRecord memory record = core.network(ID);
        same(record.owner, owner);
        same(uint8(record.status), uint8(status));
        same(record.manifestHash, manifest);
    }

    function queued(uint64 index, address owner, uint160 status, bytes32 manifest) private view {
        bytes32 item = keccak256(abi.encode(ITEM, index, 8, owner, address(status), uint256(ID), address(0), manifest));
        same(core.inboxHashAt(index + 1), keccak256(abi.encode(core.inboxHashAt(index), item)));
    }
}
