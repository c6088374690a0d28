package io.smartnodes.protocol.state.tree;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.hash.Struct;
import java.util.List;

/**
 * Proof that a leaf is part of a state: its value and the siblings from the leaf upwards (2.1.1).
 *
 * @param key type and key of the leaf
 * @param value the struct at the leaf
 * @param siblings from the leaf upwards, at most 256; their number is the leaf's depth
 */
public record StateProof(LeafKey key, Struct value, List<Bytes32> siblings) {
  /** The longest path. */
  public static final int MAX_DEPTH = 256;

  /** Copies the siblings. */
  public StateProof {
    siblings = List.copyOf(siblings);
  }

  /** Whether the leaf is part of the state with this root. */
  public boolean verify(Bytes32 root) {
    return verify(root, key, value.hashStruct(), siblings);
  }

  /** Whether a struct of this hash is the leaf at the key in the state with this root. */
  public static boolean verify(
      Bytes32 root, LeafKey key, Bytes32 hashStruct, List<Bytes32> siblings) {
    if (siblings.size() > MAX_DEPTH) {
      return false;
    }
    Bytes32 path = key.path();
    Bytes32 node = leafHash(key, hashStruct);
    int depth = siblings.size();
    for (int i = 0; i < depth; i++) {
      Bytes32 sibling = siblings.get(i);
      node = path.bit(depth - 1 - i) ? Keccak.words(sibling, node) : Keccak.words(node, sibling);
    }
    return node.equals(root);
  }

  /** {@code keccak256(keccak256(abi(uint8 type, bytes32 key, bytes32 hashStruct)))}. */
  static Bytes32 leafHash(LeafKey key, Bytes32 hashStruct) {
    return Keccak.words(Keccak.words(Bytes32.ofNumber(key.type().code()), key.key(), hashStruct));
  }
}
