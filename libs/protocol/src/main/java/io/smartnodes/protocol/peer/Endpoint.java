package io.smartnodes.protocol.peer;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/** Where one service of a node listens. Its type is in docs/protocol/1-structs.md. */
public record Endpoint(String service, String host, int port) implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type("Endpoint(string service,string host,uint32 port)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().string(service).string(host).uint32(port).hash();
  }
}
