// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Inbox} from "./Inbox.sol";

/// @title The registry of networks
/// @notice A network is known by the hash of its name, first come, first served, and belongs to whoever registered it.
/// Each change is queued for the state.
abstract contract Networks is Inbox {
    /// @notice ACTIVE: jobs are taken. SUSPENDED: none for now, by governance. RETIRED: none any more, for good.
    enum NetworkStatus {
        NONE,
        ACTIVE,
        SUSPENDED,
        RETIRED
    }

    /// @notice A network as the chain knows it.
    /// @param owner who may change it; nobody for the protocol's own
    /// @param status whether jobs are taken
    /// @param manifestHash the hash of its manifest
    struct NetworkRecord {
        address owner;
        NetworkStatus status;
        bytes32 manifestHash;
    }

    uint256 private constant MAX_NAME = 64;

    mapping(bytes32 id => NetworkRecord) private _networks;

    /// @notice A network was registered under its name.
    event NetworkRegistered(bytes32 indexed id, address indexed owner, string name, bytes32 manifestHash);
    /// @notice A network has another manifest, owner or status.
    event NetworkChanged(bytes32 indexed id, address indexed owner, bytes32 manifestHash, NetworkStatus indexed status);

    /// @notice A name has 1 to 64 bytes.
    error NetworkNameInvalid(uint256 length);
    /// @notice The name has an owner, or is the protocol's.
    error NetworkTaken(bytes32 id);
    /// @notice Only the owner may do this.
    error CallerNotNetworkOwner(bytes32 id, address caller);
    /// @notice A retired network stays as it is.
    error NetworkIsRetired(bytes32 id);
    /// @notice No such network.
    error NetworkUnknown(bytes32 id);
    /// @notice A network has an owner and a status.
    error NetworkChangeInvalid(bytes32 id);

    constructor() {
        _networks[keccak256("wasm")].status = NetworkStatus.ACTIVE;
    }

    /// @notice Registers a network for the caller.
    /// @param name its name, 1 to 64 bytes, not taken
    /// @param manifestHash the hash of its manifest
    /// @return id keccak256 of the name
    function registerNetwork(string calldata name, bytes32 manifestHash) external returns (bytes32 id) {
        uint256 length = bytes(name).length;
        if (length == 0 || length > MAX_NAME) revert NetworkNameInvalid(length);
        id = keccak256(bytes(name));
        if (_networks[id].status != NetworkStatus.NONE) revert NetworkTaken(id);
        emit NetworkRegistered(id, msg.sender, name, manifestHash);
        _change(id, msg.sender, NetworkStatus.ACTIVE, manifestHash);
    }

    /// @notice Gives a network another manifest; by its owner.
    function setManifest(bytes32 id, bytes32 manifestHash) external {
        NetworkRecord memory record = _owned(id);
        _change(id, record.owner, record.status, manifestHash);
    }

    /// @notice Gives a network another owner; by its owner.
    function transferNetwork(bytes32 id, address owner) external {
        NetworkRecord memory record = _owned(id);
        if (owner == address(0)) revert NetworkChangeInvalid(id);
        _change(id, owner, record.status, record.manifestHash);
    }

    /// @notice Closes a network for good; by its owner.
    function retireNetwork(bytes32 id) external {
        NetworkRecord memory record = _owned(id);
        _change(id, record.owner, NetworkStatus.RETIRED, record.manifestHash);
    }

    /// @notice Suspends a network, opens it again or closes it for good; by governance. The protocol's own stays as it
    /// is: the state takes no change of it.
    function setNetworkStatus(bytes32 id, NetworkStatus status) external restricted {
        NetworkRecord memory record = _networks[id];
        if (record.status == NetworkStatus.NONE) revert NetworkUnknown(id);
        if (record.owner == address(0)) revert NetworkTaken(id);
        if (record.status == NetworkStatus.RETIRED) revert NetworkIsRetired(id);
        if (status == NetworkStatus.NONE) revert NetworkChangeInvalid(id);
        _change(id, record.owner, status, record.manifestHash);
    }

    /// @notice What is known of a network; all zero when there is none.
    function network(bytes32 id) external view returns (NetworkRecord memory) {
        return _networks[id];
    }

    function _owned(bytes32 id) private view returns (NetworkRecord memory record) {
        record = _networks[id];
        if (record.owner != msg.sender) revert CallerNotNetworkOwner(id, msg.sender);
        if (record.status == NetworkStatus.RETIRED) revert NetworkIsRetired(id);
    }

    function _change(bytes32 id, address owner, NetworkStatus status, bytes32 manifestHash) private {
        _networks[id] = NetworkRecord({owner: owner, status: status, manifestHash: manifestHash});
        emit NetworkChanged(id, owner, manifestHash, status);
        _queue(NETWORK, owner, address(uint160(uint8(status))), uint256(id), address(0), manifestHash);
    }
}
