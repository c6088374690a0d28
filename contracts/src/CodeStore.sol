// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Immutable blobs kept as the code of an account
/// @notice Reading one costs a fraction of reading the same bytes from storage. The first byte is STOP, so that the
/// account can never be run.
library CodeStore {
    /// @notice The blob could not be created.
    error BlobNotStored(uint256 length);

    /// @notice Stores a blob of at most 24,575 bytes and returns where.
    function write(bytes memory blob) internal returns (address pointer) {
        uint256 size = blob.length + 1;
        // PUSH2 size, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN, then STOP and the blob.
        bytes memory creation = abi.encodePacked(hex"61", uint16(size), hex"80600a5f395ff300", blob);
        if (blob.length < 24_576) {
            assembly ("memory-safe") {
                pointer := create(0, add(creation, 0x20), mload(creation))
            }
        }
        if (pointer == address(0)) revert BlobNotStored(blob.length);
    }

    /// @notice Reads a blob back.
    function read(address pointer) internal view returns (bytes memory blob) {
        bytes memory code = pointer.code;
        uint256 length = code.length - 1;
        blob = new bytes(length);
        assembly ("memory-safe") {
            mcopy(add(blob, 0x20), add(code, 0x21), length)
        }
    }
}
