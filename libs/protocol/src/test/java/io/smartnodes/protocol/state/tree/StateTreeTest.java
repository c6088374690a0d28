package io.smartnodes.protocol.state.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.longs;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.Network;
import io.smartnodes.protocol.state.Payout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StateTreeTest {
  @Test
  void theEmptyTreeIsZeroAndOneLeafIsTheRoot() {
    Network leaf = network(1);
    assertThat(StateTree.EMPTY.root()).isEqualTo(Bytes32.ZERO);
    Bytes32 inner = Keccak.words(Bytes32.ofNumber(7), Bytes32.ofNumber(1), leaf.hashStruct());
    assertThat(StateTree.EMPTY.put(leaf).root()).isEqualTo(Keccak.words(inner));
    assertThat(StateTree.EMPTY.put(leaf).proof(LeafKey.of(leaf)).orElseThrow().siblings())
        .isEmpty();
  }

  @Test
  void theRootDependsOnTheLeavesAloneNotOnTheOrder() {
    qt().withExamples(100)
        .forAll(lists().of(integers().between(0, 500)).ofSizeBetween(0, 60), longs().all())
        .check((numbers, seed) -> {
          List<Integer> shuffled = new ArrayList<>(numbers);
          Collections.shuffle(shuffled, new Random(seed));
          StateTree one = tree(numbers);
          StateTree other = tree(shuffled);
          for (int extra = 1000; extra < 1010; extra++) {
            other = other.put(network(extra));
          }
          for (int extra = 1009; extra >= 1000; extra--) {
            other = other.remove(LeafKey.network(Bytes32.ofNumber(extra)));
          }
          return one.root().equals(other.root()) && one.size() == other.size();
        });
  }

  @Test
  void aProofHoldsForItsLeafAndForNothingElse() {
    qt().withExamples(60)
        .forAll(lists().of(integers().between(0, 5_000)).ofSizeBetween(1, 80), integers().all())
        .check((numbers, salt) -> {
          StateTree tree = tree(numbers);
          Network leaf = network(numbers.getFirst());
          StateProof proof = tree.proof(LeafKey.of(leaf)).orElseThrow();
          StateProof otherValue =
              new StateProof(
                  proof.key(),
                  new Network(leaf.network(), Bytes32.ofNumber(1), leaf.owner(), 1),
                  proof.siblings());
          List<Bytes32> altered = new ArrayList<>(proof.siblings());
          altered.add(Bytes32.ofNumber(Math.abs((long) salt)));
          boolean shorter =
              proof.siblings().isEmpty()
                  || !new StateProof(
                          proof.key(), leaf, proof.siblings().subList(1, proof.siblings().size()))
                      .verify(tree.root());
          boolean otherKey =
              !new StateProof(new LeafKey(LeafType.JOB, proof.key().key()), leaf, proof.siblings())
                  .verify(tree.root());
          return proof.verify(tree.root())
              && !otherValue.verify(tree.root())
              && !new StateProof(proof.key(), leaf, altered).verify(tree.root())
              && shorter
              && otherKey
              && !proof.verify(tree.put(network(9_999)).root());
        });
  }

  @Test
  void aProofIsAtMostAsLongAsAPath() {
    List<Bytes32> long257 = Collections.nCopies(257, Bytes32.ZERO);
    assertThat(StateProof.verify(Bytes32.ZERO, LeafKey.HEAD, Bytes32.ZERO, long257)).isFalse();
  }

  @Test
  void anEarlierTreeStaysWhatItWas() {
    StateTree before = tree(List.of(1, 2, 3));
    Bytes32 root = before.root();
    StateTree after = before.put(network(4)).remove(LeafKey.network(Bytes32.ofNumber(1)));
    assertThat(before.root()).isEqualTo(root).isNotEqualTo(after.root());
    assertThat(before.get(LeafKey.network(Bytes32.ofNumber(4)))).isEmpty();
    assertThat(after.get(LeafKey.network(Bytes32.ofNumber(4)))).contains(network(4));
    assertThat(after.remove(LeafKey.HEAD)).isSameAs(after);
  }

  @Test
  void leavesAreFoundByTheirType() {
    Payout payout = new Payout(Address.ZERO, Address.ZERO, Address.ZERO, Amount.of(4));
    StateTree tree = tree(List.of(1, 2, 3)).put(payout);
    assertThat(tree.leaves(LeafType.PAYOUT)).containsExactly(payout);
    assertThat(tree.leaves(LeafType.NETWORK)).hasSize(3);
    assertThat(tree.leaves(LeafType.JOB)).isEmpty();
    assertThat(tree.leaves()).hasSize(4);
  }

  private static StateTree tree(List<Integer> numbers) {
    StateTree tree = StateTree.EMPTY;
    for (int number : numbers) {
      tree = tree.put(network(number));
    }
    return tree;
  }

  private static Network network(long number) {
    return new Network(Bytes32.ofNumber(number), Bytes32.ZERO, Address.ZERO, 1);
  }
}
