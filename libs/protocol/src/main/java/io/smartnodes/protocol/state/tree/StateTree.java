package io.smartnodes.protocol.state.tree;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sparse Merkle tree over typed leaves (2.1.1). Immutable: a change makes a new tree that
 * shares all untouched subtrees, so keeping many states costs little. The root depends on the
 * leaves alone, not on the order in which they came.
 */
public final class StateTree {
  /** The tree without leaves; its root is zero. */
  public static final StateTree EMPTY = new StateTree(null);

  private final @Nullable Node top;

  private StateTree(@Nullable Node top) {
    this.top = top;
  }

  /** The root, zero for the empty tree. */
  public Bytes32 root() {
    return Node.hashOf(top);
  }

  /** The number of leaves. */
  public int size() {
    return top == null ? 0 : top.size();
  }

  /**
   * The tree with this leaf, which replaces one at the same key.
   *
   * @throws IllegalArgumentException if the struct is no leaf
   */
  public StateTree put(Struct value) {
    LeafKey key = LeafKey.of(value);
    return new StateTree(put(top, 0, new Node.Leaf(key, key.path(), value)));
  }

  /** The tree without the leaf at the key; this tree if there is none. */
  public StateTree remove(LeafKey key) {
    if (get(key).isEmpty()) {
      return this;
    }
    return new StateTree(remove(top, 0, key.path()));
  }

  /** The leaf at a key. */
  public Optional<Struct> get(LeafKey key) {
    Bytes32 path = key.path();
    Node node = top;
    for (int depth = 0; node instanceof Node.Branch branch; depth++) {
      node = branch.child(path.bit(depth));
    }
    return node instanceof Node.Leaf leaf && leaf.path().equals(path)
        ? Optional.of(leaf.value())
        : Optional.empty();
  }

  /** Proof of the leaf at a key, empty if there is none. */
  public Optional<StateProof> proof(LeafKey key) {
    Bytes32 path = key.path();
    List<Bytes32> downwards = new ArrayList<>();
    Node node = top;
    for (int depth = 0; node instanceof Node.Branch branch; depth++) {
      boolean bit = path.bit(depth);
      downwards.add(Node.hashOf(branch.child(!bit)));
      node = branch.child(bit);
    }
    return node instanceof Node.Leaf leaf && leaf.path().equals(path)
        ? Optional.of(new StateProof(key, leaf.value(), downwards.reversed()))
        : Optional.empty();
  }

  /** All leaves of a type, in the order of their paths. */
  public List<Struct> leaves(LeafType type) {
    List<Struct> found = new ArrayList<>();
    visit(top, 1 << type.code(), leaf -> found.add(leaf.value()));
    return found;
  }

  /** All leaves, in the order of their paths. */
  public List<Struct> leaves() {
    List<Struct> found = new ArrayList<>(size());
    visit(top, -1, leaf -> found.add(leaf.value()));
    return found;
  }

  private static Node put(@Nullable Node node, int depth, Node.Leaf leaf) {
    return switch (node) {
      case null -> leaf;
      case Node.Leaf other when other.path().equals(leaf.path()) -> leaf;
      case Node.Leaf other -> split(other, leaf, depth);
      case Node.Branch branch -> {
        boolean bit = leaf.path().bit(depth);
        yield branch(bit, put(branch.child(bit), depth + 1, leaf), branch.child(!bit));
      }
    };
  }

  private static Node split(Node.Leaf one, Node.Leaf other, int depth) {
    int last = depth;
    while (one.path().bit(last) == other.path().bit(last)) {
      last++;
    }
    Node node = branch(one.path().bit(last), one, other);
    for (int at = last - 1; at >= depth; at--) {
      node = branch(one.path().bit(at), node, null);
    }
    return node;
  }

  private static @Nullable Node remove(@Nullable Node node, int depth, Bytes32 path) {
    return switch (node) {
      case null -> null;
      case Node.Leaf leaf -> leaf.path().equals(path) ? null : leaf;
      case Node.Branch branch -> {
        boolean bit = path.bit(depth);
        Node rest = remove(branch.child(bit), depth + 1, path);
        Node other = branch.child(!bit);
        if (rest == null && other instanceof Node.Leaf single) {
          yield single;
        }
        if (other == null && (rest == null || rest instanceof Node.Leaf)) {
          yield rest;
        }
        yield branch(bit, rest, other);
      }
    };
  }

  private static Node branch(boolean bit, @Nullable Node there, @Nullable Node other) {
    return bit ? new Node.Branch(other, there) : new Node.Branch(there, other);
  }

  private static void visit(@Nullable Node node, int types, Consumer<Node.Leaf> visitor) {
    if (node == null || (node.types() & types) == 0) {
      return;
    }
    switch (node) {
      case Node.Leaf leaf -> visitor.accept(leaf);
      case Node.Branch branch -> {
        visit(branch.child(false), types, visitor);
        visit(branch.child(true), types, visitor);
      }
    }
  }
}
