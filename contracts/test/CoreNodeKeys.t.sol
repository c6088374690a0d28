// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CoreBase} from "../src/core/CoreBase.sol";
import {NodeKeys} from "../src/core/NodeKeys.sol";
import {CoreScene} from "./CoreScene.sol";
import {Vm} from "./Vm.sol";

contract CoreNodeKeysTest is CoreScene {
    address private constant OPERATOR = address(0x0BE);
    address private constant STRANGER = address(0x57A);
    uint256 private constant ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    function test_aKeyIsBoundByItsOwnSignature() public {
        Vm.Wallet memory key = vm.createWallet(7);
        (bytes32 x, bytes32 y) = (bytes32(key.publicKeyX), bytes32(key.publicKeyY));
        vm.expectEmit(true, true, true, true, address(core));
        emit NodeKeys.NodeKeyBound(OPERATOR, key.addr, abi.encodePacked(x, y));
        same(core.bindNodeKey(OPERATOR, x, y, proof(key, OPERATOR)), key.addr);
        same(core.operatorOf(key.addr), OPERATOR);
    }

    function test_bindingAgainChangesNothingButStillNeedsTheProof() public {
        Vm.Wallet memory key = vm.createWallet(7);
        bind(key, OPERATOR);
        bind(key, OPERATOR);
        same(core.operatorOf(key.addr), OPERATOR);
        bytes memory wrong = proof(key, STRANGER);
        vm.expectRevert(abi.encodeWithSelector(NodeKeys.NodeKeyProofInvalid.selector, key.addr));
        core.bindNodeKey(OPERATOR, bytes32(key.publicKeyX), bytes32(key.publicKeyY), wrong);
    }

    function test_aKeyNeverServesASecondOperator() public {
        Vm.Wallet memory key = vm.createWallet(7);
        bind(key, OPERATOR);
        bytes memory other = proof(key, STRANGER);
        vm.expectRevert(abi.encodeWithSelector(NodeKeys.NodeKeyTaken.selector, key.addr, OPERATOR));
        core.bindNodeKey(STRANGER, bytes32(key.publicKeyX), bytes32(key.publicKeyY), other);
    }

    function test_anOperatorMayHaveManyKeys() public {
        for (uint256 i = 1; i < 4; ++i) {
            bind(vm.createWallet(i), OPERATOR);
            same(core.operatorOf(vm.addr(i)), OPERATOR);
        }
    }

    function test_nobodyBindsAKeyThatIsNotItsOwn() public {
        Vm.Wallet memory key = vm.createWallet(7);
        Vm.Wallet memory thief = vm.createWallet(8);
        (bytes32 x, bytes32 y) = (bytes32(key.publicKeyX), bytes32(key.publicKeyY));
        bytes32 hash = typed(keccak256(abi.encode(typeHash(), STRANGER, x, y)));
        (bytes32 r, bytes32 vs) = vm.signCompact(thief.privateKey, hash);
        vm.expectRevert(abi.encodeWithSelector(NodeKeys.NodeKeyProofInvalid.selector, key.addr));
        core.bindNodeKey(STRANGER, x, y, abi.encodePacked(r, vs));
        // Nor with the proof that was made for another.
        bytes memory copied = proof(key, OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(NodeKeys.NodeKeyProofInvalid.selector, key.addr));
        core.bindNodeKey(STRANGER, x, y, copied);
    }

    function test_aProofHas64Bytes() public {
        Vm.Wallet memory key = vm.createWallet(7);
        (bytes32 x, bytes32 y) = (bytes32(key.publicKeyX), bytes32(key.publicKeyY));
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(key.privateKey, typed(keccak256(abi.encode(typeHash(), OPERATOR, x, y))));
        bytes[3] memory wrong = [bytes(""), abi.encodePacked(r, s, v), abi.encodePacked(r)];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(NodeKeys.NodeKeyProofInvalid.selector, key.addr));
            core.bindNodeKey(OPERATOR, x, y, wrong[i]);
        }
    }

    function test_aProofInTheUpperHalfIsRefused() public {
        Vm.Wallet memory key = vm.createWallet(7);
        (bytes32 x, bytes32 y) = (bytes32(key.publicKeyX), bytes32(key.publicKeyY));
        (, bytes32 r, bytes32 s) = vm.sign(key.privateKey, typed(keccak256(abi.encode(typeHash(), OPERATOR, x, y))));
        bytes32 high = bytes32(ORDER - uint256(s));
        for (uint256 parity = 0; parity < 2; ++parity) {
            bytes32 vs = bytes32((uint256(high) & (type(uint256).max >> 1)) | (parity << 255));
            (bool done,) =
                address(core).call(abi.encodeCall(core.bindNodeKey, (OPERATOR, x, y, abi.encodePacked(r, vs))));
            holds(!done, "refused");
        }
    }

    function test_aKeyIsAPointOfTheCurve() public {
        Vm.Wallet memory key = vm.createWallet(7);
        uint256 p = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F;
        (uint256 x, uint256 y) = (key.publicKeyX, key.publicKeyY);
        uint256[2][6] memory wrong = [[x, y ^ 1], [uint256(0), 0], [x + 1, y], [p, y], [x, p], [type(uint256).max, y]];
        for (uint256 i = 0; i < wrong.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(NodeKeys.NodeKeyInvalid.selector, OPERATOR));
            core.bindNodeKey(OPERATOR, bytes32(wrong[i][0]), bytes32(wrong[i][1]), new bytes(64));
        }
    }

    function test_onlyTheMultisigBinds() public {
        Vm.Wallet memory key = vm.createWallet(7);
        bytes memory own = proof(key, USER);
        vm.prank(USER);
        vm.expectRevert(abi.encodeWithSelector(CoreBase.CallerNotMultisig.selector, USER));
        core.bindNodeKey(USER, bytes32(key.publicKeyX), bytes32(key.publicKeyY), own);
    }

    function testFuzz_everyKeyIsBoundToItsAddress(uint256 secret, address operator) public {
        secret = bound(secret, 1, ORDER - 1);
        if (operator == address(0)) operator = OPERATOR;
        Vm.Wallet memory key = vm.createWallet(secret);
        bind(key, operator);
        same(core.operatorOf(vm.addr(secret)), operator);
    }

    // ---- the domain ----

    function test_theDomainIsOfThisChainAndThisContract() public {
        same(core.DOMAIN_SEPARATOR(), separator(block.chainid, address(core)));
        bytes32 before = core.DOMAIN_SEPARATOR();
        vm.chainId(77_777);
        same(core.DOMAIN_SEPARATOR(), separator(77_777, address(core)));
        holds(core.DOMAIN_SEPARATOR() != before, "another chain");
    }

    function separator(uint256 chain, address contract_) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Smartnodes"),
                keccak256("1"),
                chain,
                contract_
            )
        );
    }

    function bind(Vm.Wallet memory key, address operator) private {
        same(
            core.bindNodeKey(operator, bytes32(key.publicKeyX), bytes32(key.publicKeyY), proof(key, operator)), key.addr
        );
    }

    function proof(Vm.Wallet memory key, address operator) private view returns (bytes memory) {
        bytes32 hash = keccak256(abi.encode(typeHash(), operator, key.publicKeyX, key.publicKeyY));
        (bytes32 r, bytes32 vs) = vm.signCompact(key.privateKey, typed(hash));
        return abi.encodePacked(r, vs);
    }

    function typeHash() private pure returns (bytes32) {
        return keccak256("NodeKeyProof(address operator,bytes32 nodeKeyX,bytes32 nodeKeyY)");
    }

    function typed(bytes32 structHash) private view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", separator(block.chainid, address(core)), structHash));
    }
}
