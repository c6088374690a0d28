package io.smartnodes.protocol.body;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import io.smartnodes.protocol.job.Allot;

/**
 * An allotment change with the signature of the account. Its type is in docs/protocol/1-structs.md.
 */
public record SignedAllot(Allot allot, Bytes accountSignature) implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "SignedAllot(Allot allot,bytes accountSignature)Allot(address account,address ass"
              + "et,address home,uint256 amount,uint64 sequence)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher().struct(allot).bytes(accountSignature).hash();
  }
}
