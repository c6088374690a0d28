// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {ISmartnodesCore} from "../interfaces/ISmartnodesCore.sol";
import {Secp256k1} from "../Secp256k1.sol";
import {StructHash} from "../StructHash.sol";
import {CoreBase} from "./CoreBase.sol";

/// @title The node keys of operators
/// @notice A key serves the operator that it was first bound to, for good, so that whatever it signs can be laid at
/// that operator's door, also after it was replaced. Binding one needs a signature of the key itself: nobody can bind
/// the key of another, which would lock it out.
abstract contract NodeKeys is CoreBase {
    bytes32 private constant DOMAIN =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    uint256 private constant COMPACT_LENGTH = 64;

    uint256 private immutable _domainChain;
    bytes32 private immutable _domainSeparator;

    /// @inheritdoc ISmartnodesCore
    mapping(address nodeAddress => address) public override operatorOf;

    /// @notice A node key was bound to an operator. nodeKey is x ‖ y.
    event NodeKeyBound(address indexed operator, address indexed nodeAddress, bytes nodeKey);

    /// @notice The coordinates are no point of secp256k1.
    error NodeKeyInvalid(address operator);
    /// @notice The key serves another operator.
    error NodeKeyTaken(address nodeAddress, address operator);
    /// @notice The proof of possession is not a compact signature of the key over NodeKeyProof(operator, x, y).
    error NodeKeyProofInvalid(address nodeAddress);

    constructor() {
        _domainChain = block.chainid;
        _domainSeparator = _separator();
    }

    /// @inheritdoc ISmartnodesCore
    function bindNodeKey(address operator, bytes32 x, bytes32 y, bytes calldata proof)
        external
        override
        onlyMultisig
        returns (address nodeAddress)
    {
        if (!Secp256k1.isPublicKey(uint256(x), uint256(y))) revert NodeKeyInvalid(operator);
        bytes memory nodeKey = abi.encodePacked(x, y);
        nodeAddress = address(uint160(uint256(keccak256(nodeKey))));
        if (proof.length != COMPACT_LENGTH) revert NodeKeyProofInvalid(nodeAddress);
        bytes32 hash = MessageHashUtils.toTypedDataHash(DOMAIN_SEPARATOR(), StructHash.nodeKeyProof(operator, x, y));
        (address signer,,) = ECDSA.tryRecover(hash, bytes32(proof[:32]), bytes32(proof[32:]));
        if (signer != nodeAddress) revert NodeKeyProofInvalid(nodeAddress);
        address bound = operatorOf[nodeAddress];
        if (bound == operator) return nodeAddress;
        if (bound != address(0)) revert NodeKeyTaken(nodeAddress, bound);
        operatorOf[nodeAddress] = operator;
        emit NodeKeyBound(operator, nodeAddress, nodeKey);
    }

    /// @inheritdoc ISmartnodesCore
    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() public view override returns (bytes32) {
        // After a fork the chain that changes its id takes no signatures of the other.
        return block.chainid == _domainChain ? _domainSeparator : _separator();
    }

    function _separator() private view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN, keccak256("Smartnodes"), keccak256("1"), block.chainid, address(this)));
    }
}
