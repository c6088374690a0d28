package io.smartnodes.protocol.merkle;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.job.JobReceipt;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The Merkle-sum tree over the results of a receipt (docs/protocol/2-rules.md, 2.1.2): every inner
 * node commits to the fuel of its children, so that no unit's fuel can be inflated unseen.
 */
public final class ResultsTree {
  private static final Bytes32 EMPTY = Bytes32.ZERO;

  private final long first;
  private final int count;
  private final List<List<SumSibling>> levels;

  private ResultsTree(long first, int count, List<List<SumSibling>> levels) {
    this.first = first;
    this.count = count;
    this.levels = levels;
  }

  /**
   * Builds the tree.
   *
   * @param first the index of the first unit
   * @param results contiguous from {@code first}, at least one
   * @throws IllegalArgumentException if the indexes are not contiguous
   */
  public static ResultsTree of(long first, List<UnitResult> results) {
    if (results.isEmpty()) {
      throw new IllegalArgumentException("a receipt has at least one unit");
    }
    List<SumSibling> level = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      UnitResult result = results.get(i);
      if (result.index() != first + i) {
        throw new IllegalArgumentException("results are not contiguous at " + result.index());
      }
      level.add(new SumSibling(result.leaf(), result.fuel()));
    }
    while (level.size() < width(results.size())) {
      level.add(new SumSibling(EMPTY, Fuel.ZERO));
    }
    List<List<SumSibling>> levels = new ArrayList<>();
    levels.add(List.copyOf(level));
    while (level.size() > 1) {
      List<SumSibling> above = new ArrayList<>();
      for (int i = 0; i < level.size(); i += 2) {
        above.add(node(level.get(i), level.get(i + 1)));
      }
      levels.add(List.copyOf(above));
      level = above;
    }
    return new ResultsTree(first, results.size(), levels);
  }

  /** The commitment that the receipt carries. */
  public Bytes32 root() {
    return commitment(levels.getLast().getFirst(), first, count);
  }

  /** The fuel of all units. */
  public Fuel fuel() {
    return levels.getLast().getFirst().sum();
  }

  /** The siblings of a unit, from the leaf upwards. */
  public List<SumSibling> proof(long index) {
    if (index < first || index >= first + count) {
      throw new IllegalArgumentException("unit " + index + " is not in the receipt");
    }
    int position = (int) (index - first);
    List<SumSibling> siblings = new ArrayList<>();
    for (int level = 0; level < levels.size() - 1; level++) {
      siblings.add(levels.get(level).get(position ^ 1));
      position >>= 1;
    }
    return siblings;
  }

  /** Whether a result stands in a receipt, checked up to the receipt's fuel and count. */
  public static boolean verify(JobReceipt receipt, UnitResult result, List<SumSibling> proof) {
    long position = result.index() - receipt.first();
    if (position < 0
        || position >= receipt.count()
        || receipt.count() > 1 << 30
        || proof.size() != Long.numberOfTrailingZeros(width((int) receipt.count()))) {
      return false;
    }
    SumSibling node = new SumSibling(result.leaf(), result.fuel());
    try {
      for (SumSibling sibling : proof) {
        node = (position & 1) == 0 ? node(node, sibling) : node(sibling, node);
        position >>= 1;
      }
    } catch (ArithmeticException overflow) {
      return false;
    }
    return node.sum().equals(receipt.fuel())
        && commitment(node, receipt.first(), receipt.count()).equals(receipt.resultsRoot());
  }

  private static SumSibling node(SumSibling left, SumSibling right) {
    byte[] packed =
        ByteBuffer.allocate(80)
            .put(left.hash().toArray())
            .putLong(left.sum().value())
            .put(right.hash().toArray())
            .putLong(right.sum().value())
            .array();
    return new SumSibling(Keccak.hash(packed), left.sum().plus(right.sum()));
  }

  private static Bytes32 commitment(SumSibling root, long first, long count) {
    return Keccak.words(
        root.hash(),
        Bytes32.ofNumber(root.sum().value()),
        Bytes32.ofNumber(first),
        Bytes32.ofNumber(count));
  }

  private static int width(int count) {
    return count == 1 ? 1 : Integer.highestOneBit(count - 1) << 1;
  }
}
