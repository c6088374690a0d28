package io.smartnodes.protocol.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.job.JobReceipt;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TreesTest {
  private static final Address NOBODY = Address.ZERO;

  @Test
  void everyResultIsProvenAndNoOtherClaimIs() {
    qt().forAll(integers().between(1, 70), integers().between(0, 1_000), integers().between(0, 69))
        .check((count, first, pick) -> {
          List<UnitResult> results = results(first, count);
          ResultsTree tree = ResultsTree.of(first, results);
          JobReceipt receipt = receipt(first, count, tree);
          UnitResult unit = results.get(pick % count);
          List<SumSibling> proof = tree.proof(unit.index());
          UnitResult inflated =
              new UnitResult(
                  unit.index(), unit.inputHash(), unit.outputHash(), unit.fuel().plus(new Fuel(1)));
          UnitResult moved =
              new UnitResult(
                  first + (pick + 1) % count, unit.inputHash(), unit.outputHash(), unit.fuel());
          return ResultsTree.verify(receipt, unit, proof)
              && !ResultsTree.verify(receipt, inflated, proof)
              && (count == 1 || !ResultsTree.verify(receipt, moved, proof));
        });
  }

  @Test
  void aFuelSumMovedBetweenSiblingsIsSeen() {
    ResultsTree tree = ResultsTree.of(0, results(0, 4));
    List<SumSibling> proof = new ArrayList<>(tree.proof(0));
    proof.set(1, new SumSibling(proof.get(1).hash(), proof.get(1).sum().plus(new Fuel(5))));
    assertThat(ResultsTree.verify(receipt(0, 4, tree), results(0, 4).getFirst(), proof)).isFalse();
  }

  @Test
  void aClaimOfMoreFuelThanTheTreeHoldsIsRefused() {
    ResultsTree tree = ResultsTree.of(0, results(0, 4));
    JobReceipt honest = receipt(0, 4, tree);
    JobReceipt inflated =
        new JobReceipt(
            honest.jobId(),
            honest.lease(),
            0,
            4,
            honest.fuel().plus(new Fuel(1)),
            honest.resultsRoot(),
            honest.drawHeight());
    assertThat(ResultsTree.verify(inflated, results(0, 4).get(2), tree.proof(2))).isFalse();
  }

  @Test
  void everyInputIsProvenAtItsPlaceOnly() {
    qt().forAll(integers().between(1, 70), integers().between(0, 69))
        .check((count, pick) -> {
          List<Bytes32> hashes = results(0, count).stream().map(UnitResult::inputHash).toList();
          InputsTree tree = InputsTree.of(hashes);
          int index = pick % count;
          List<Bytes32> proof = tree.proof(index);
          return InputsTree.verify(tree.root(), count, index, hashes.get(index), proof)
              && !InputsTree.verify(tree.root(), count + 1, index, hashes.get(index), proof)
              && !InputsTree.verify(tree.root(), count, index, NOBODY.toWord(), proof);
        });
  }

  private static List<UnitResult> results(long first, int count) {
    List<UnitResult> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      results.add(
          new UnitResult(
              first + i,
              Keccak.text("input " + (first + i)),
              Keccak.text("output " + (first + i)),
              new Fuel(1 + i % 7)));
    }
    return results;
  }

  private static JobReceipt receipt(long first, int count, ResultsTree tree) {
    return new JobReceipt(Keccak.text("job"), 1, first, count, tree.fuel(), tree.root(), 9);
  }
}
