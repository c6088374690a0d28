package io.smartnodes.protocol.merkle;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import java.util.ArrayList;
import java.util.List;

/** The Merkle tree over the inputs of a job (docs/protocol/2-rules.md, 2.1.3). */
public final class InputsTree {
  private final int count;
  private final List<List<Bytes32>> levels;

  private InputsTree(int count, List<List<Bytes32>> levels) {
    this.count = count;
    this.levels = levels;
  }

  /** Builds the tree over the Keccak-256 hashes of all inputs, in order; at least one. */
  public static InputsTree of(List<Bytes32> inputHashes) {
    if (inputHashes.isEmpty()) {
      throw new IllegalArgumentException("a job has at least one unit");
    }
    List<Bytes32> level = new ArrayList<>();
    for (int i = 0; i < inputHashes.size(); i++) {
      level.add(leaf(i, inputHashes.get(i)));
    }
    while (level.size() < width(inputHashes.size())) {
      level.add(Bytes32.ZERO);
    }
    List<List<Bytes32>> levels = new ArrayList<>();
    levels.add(List.copyOf(level));
    while (level.size() > 1) {
      List<Bytes32> above = new ArrayList<>();
      for (int i = 0; i < level.size(); i += 2) {
        above.add(Keccak.words(level.get(i), level.get(i + 1)));
      }
      levels.add(List.copyOf(above));
      level = above;
    }
    return new InputsTree(inputHashes.size(), levels);
  }

  /** The root that the job's spec carries. */
  public Bytes32 root() {
    return commitment(levels.getLast().getFirst(), count);
  }

  /** The siblings of an input, from the leaf upwards. */
  public List<Bytes32> proof(long index) {
    if (index < 0 || index >= count) {
      throw new IllegalArgumentException("unit " + index + " is not in the job");
    }
    int position = (int) index;
    List<Bytes32> siblings = new ArrayList<>();
    for (int level = 0; level < levels.size() - 1; level++) {
      siblings.add(levels.get(level).get(position ^ 1));
      position >>= 1;
    }
    return siblings;
  }

  /** Whether an input belongs to a job. */
  public static boolean verify(
      Bytes32 inputsRoot, long unitCount, long index, Bytes32 inputHash, List<Bytes32> proof) {
    if (index < 0
        || index >= unitCount
        || unitCount > 1 << 30
        || proof.size() != Long.numberOfTrailingZeros(width((int) unitCount))) {
      return false;
    }
    Bytes32 node = leaf(index, inputHash);
    long position = index;
    for (Bytes32 sibling : proof) {
      node = (position & 1) == 0 ? Keccak.words(node, sibling) : Keccak.words(sibling, node);
      position >>= 1;
    }
    return commitment(node, unitCount).equals(inputsRoot);
  }

  private static Bytes32 leaf(long index, Bytes32 inputHash) {
    return Keccak.words(Keccak.words(Bytes32.ofNumber(index), inputHash));
  }

  private static Bytes32 commitment(Bytes32 root, long count) {
    return Keccak.words(root, Bytes32.ofNumber(count));
  }

  private static int width(int count) {
    return count == 1 ? 1 : Integer.highestOneBit(count - 1) << 1;
  }
}
