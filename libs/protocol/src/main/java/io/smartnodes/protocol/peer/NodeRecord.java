package io.smartnodes.protocol.peer;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.time.Instant;
import java.util.List;

/**
 * What a node says of itself in the DHT, signed by its node key. The highest sequence wins. Its
 * type is in docs/protocol/1-structs.md.
 */
public record NodeRecord(
    PeerId peerId,
    Address account,
    int roles,
    List<Endpoint> endpoints,
    List<String> networks,
    long sequence,
    Instant expiry)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "NodeRecord(bytes32 peerId,address account,uint32 roles,Endpoint[] endpoints,stri"
              + "ng[] networks,uint64 sequence,uint64 expiry)Endpoint(string service,string host,"
              + "uint32 port)");

  /** Copies the lists. */
  public NodeRecord {
    endpoints = List.copyOf(endpoints);
    networks = List.copyOf(networks);
  }

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .peer(peerId)
        .address(account)
        .uint32(roles)
        .structs(endpoints)
        .strings(networks)
        .uint64(sequence)
        .time(expiry)
        .hash();
  }
}
