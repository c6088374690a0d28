package io.smartnodes.protocol.body;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import io.smartnodes.protocol.job.Release;

/** A release with the signature of the account. Its type is in docs/protocol/1-structs.md. */
public record SignedRelease(Release release, Bytes accountSignature) implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "SignedRelease(Release release,bytes accountSignature)Release(address account,add"
              + "ress asset,address home,uint256 amount,uint64 sequence)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().struct(release).bytes(accountSignature).hash();
  }
}
