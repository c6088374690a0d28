package io.smartnodes.protocol.hash;

import io.smartnodes.crypto.Bytes32;

/** Something that is signed, identified or put into a tree: an EIP-712 struct. */
public interface Struct {
  /** {@code hashStruct} of EIP-712; the identity of the value. */
  Bytes32 hashStruct();
}
