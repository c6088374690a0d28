package io.smartnodes.protocol.state.tree;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.hash.Struct;
import org.jspecify.annotations.Nullable;

/** A non-empty subtree. Immutable; the hash is computed when it is first asked for and kept. */
sealed interface Node {
  /** The hash of the subtree. */
  Bytes32 hash();

  /** How many leaves it has. */
  int size();

  /** A bit per type of leaf that occurs below, by its code. */
  int types();

  /** The hash of a subtree that may be empty. */
  static Bytes32 hashOf(@Nullable Node node) {
    return node == null ? Bytes32.ZERO : node.hash();
  }

  /** A subtree with exactly one leaf. */
  final class Leaf implements Node {
    private final LeafKey key;
    private final Bytes32 path;
    private final Struct value;
    // A race computes the same value twice, which is harmless.
    private @Nullable Bytes32 hash;

    Leaf(LeafKey key, Bytes32 path, Struct value) {
      this.key = key;
      this.path = path;
      this.value = value;
    }

    LeafKey key() {
      return key;
    }

    Bytes32 path() {
      return path;
    }

    Struct value() {
      return value;
    }

    @Override
    public Bytes32 hash() {
      Bytes32 known = hash;
      if (known == null) {
        known = StateProof.leafHash(key, value.hashStruct());
        hash = known;
      }
      return known;
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    public int types() {
      return 1 << key.type().code();
    }
  }

  /** A subtree with two leaves or more. */
  final class Branch implements Node {
    private final @Nullable Node left;
    private final @Nullable Node right;
    private final int size;
    private final int types;
    private @Nullable Bytes32 hash;

    Branch(@Nullable Node left, @Nullable Node right) {
      this.left = left;
      this.right = right;
      this.size = (left == null ? 0 : left.size()) + (right == null ? 0 : right.size());
      this.types = (left == null ? 0 : left.types()) | (right == null ? 0 : right.types());
    }

    @Nullable Node child(boolean bit) {
      return bit ? right : left;
    }

    @Override
    public Bytes32 hash() {
      Bytes32 known = hash;
      if (known == null) {
        known = Keccak.words(hashOf(left), hashOf(right));
        hash = known;
      }
      return known;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public int types() {
      return types;
    }
  }
}
