package io.smartnodes.protocol.body;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import io.smartnodes.protocol.peer.Registration;

/**
 * A registration with the signatures of both keys and the introducing validator. Its type is in
 * docs/protocol/1-structs.md.
 */
public record SignedRegistration(
    Registration registration,
    Bytes accountSignature,
    Bytes nodeSignature,
    Address introducer,
    Bytes introducerSignature)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "SignedRegistration(Registration registration,bytes accountSignature,bytes nodeSi"
              + "gnature,address introducer,bytes introducerSignature)Registration(address accoun"
              + "t,bytes publicKey,uint32 roles,address payout,uint64 sequence,uint64 expiry)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .struct(registration)
        .bytes(accountSignature)
        .bytes(nodeSignature)
        .address(introducer)
        .bytes(introducerSignature)
        .hash();
  }
}
