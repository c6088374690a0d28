package io.smartnodes.protocol.hash;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.crypto.Signature;
import java.util.Optional;

/**
 * The chain and deployment that a signature is bound to (docs/protocol/1-structs.md, 1.1): nothing
 * signed for one is valid for another.
 *
 * @param chainId of the EVM chain
 * @param core the address of SmartnodesCore
 */
public record Domain(long chainId, Address core) {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
  private static final byte[] PREFIX = {0x19, 0x01};

  /** The domain separator of EIP-712. */
  public Bytes32 separator() {
    return TYPE.hasher().string("Smartnodes").string("1").uint64(chainId).address(core).hash();
  }

  /** What is signed for a struct. */
  public Bytes32 digest(Struct struct) {
    return Keccak.hash(PREFIX, separator().toArray(), struct.hashStruct().toArray());
  }

  /** Signs a struct, as the 65 bytes that messages carry. */
  public Bytes sign(Struct struct, NodeKey key) {
    return key.sign(digest(struct)).bytes();
  }

  /** The key that signed a struct; empty for anything that is no valid signature. */
  public Optional<PublicKey> signer(Struct struct, Bytes signature) {
    return Signature.isWellFormed(signature)
        ? PublicKey.recover(digest(struct), new Signature(signature))
        : Optional.empty();
  }

  /** Whether the account or node of this address signed the struct. */
  public boolean isSignedBy(Struct struct, Bytes signature, Address address) {
    return signer(struct, signature).filter(key -> key.address().equals(address)).isPresent();
  }
}
