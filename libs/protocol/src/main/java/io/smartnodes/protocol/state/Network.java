package io.smartnodes.protocol.state;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/**
 * Leaf 7, key: the network id, keccak256 of its name. status: 1 active, 2 suspended, 3 retired. Its
 * type is in docs/protocol/1-structs.md.
 */
public record Network(Bytes32 network, Bytes32 manifestHash, Address owner, int status)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "Network(bytes32 network,bytes32 manifestHash,address owner,uint32 status)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .bytes32(network)
        .bytes32(manifestHash)
        .address(owner)
        .uint32(status)
        .hash();
  }
}
