package io.smartnodes.protocol.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.UnitLimits;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.merkle.InputsTree;
import io.smartnodes.protocol.merkle.ResultsTree;
import io.smartnodes.protocol.merkle.UnitResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OpeningCheckTest {
  private static final long FIRST = 3;
  private static final int COUNT = 5;
  private static final InputsTree INPUTS =
      InputsTree.of(LongStream.range(0, 10).mapToObj(i -> bytes("in" + i).keccak()).toList());
  private static final ResultsTree RESULTS =
      ResultsTree.of(
          FIRST, LongStream.range(FIRST, FIRST + COUNT).mapToObj(OpeningCheckTest::leaf).toList());
  private static final JobSpec SPEC =
      new JobSpec(
          Address.ZERO,
          Address.ZERO,
          Bytes32.ZERO,
          Bytes32.ZERO,
          10,
          INPUTS.root(),
          new Fuel(1),
          Amount.of(1),
          Address.ZERO,
          Instant.EPOCH,
          1);
  private static final JobReceipt RECEIPT =
      new JobReceipt(SPEC.hashStruct(), 1, FIRST, COUNT, RESULTS.fuel(), RESULTS.root(), 9);
  private static final Set<Long> ASKED = Set.of(3L, 4L);

  private static Bytes bytes(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static UnitResult leaf(long i) {
    return new UnitResult(i, bytes("in" + i).keccak(), bytes("out" + i).keccak(), new Fuel(1));
  }

  private static Opening opening(long unit, String input, String output, long fuel) {
    return new Opening(
        unit, bytes(input), INPUTS.proof(unit), bytes(output), new Fuel(fuel), RESULTS.proof(unit));
  }

  private static OpeningCheck.Result check(Opening opening) {
    return OpeningCheck.check(opening, SPEC, RECEIPT, ASKED);
  }

  @Test
  void anHonestOpeningOpensItsUnit() {
    assertThat(check(opening(4, "in4", "out4", 1)))
        .isEqualTo(new OpeningCheck.Result.Opened(leaf(4)));
  }

  @Test
  void whatIsNotInTheReceiptOrTheJobOpensNothing() {
    assertThat(check(opening(4, "in4", "out5", 1)))
        .isEqualTo(new OpeningCheck.Result.Worthless(4, "its result is not in the receipt"));
    assertThat(check(opening(4, "in4", "out4", 2)))
        .isEqualTo(new OpeningCheck.Result.Worthless(4, "its result is not in the receipt"));
    assertThat(check(opening(4, "in5", "out4", 1)))
        .isEqualTo(new OpeningCheck.Result.Worthless(4, "its input is not in the job's inputs"));
    assertThat(check(opening(5, "in5", "out5", 1)))
        .isEqualTo(new OpeningCheck.Result.Worthless(5, "unit 5 was not asked for"));
  }

  @Test
  void anOversizedOpeningIsNotEvenHashed() {
    Opening honest = opening(4, "in4", "out4", 1);
    Opening large =
        new Opening(
            4,
            Bytes.of(new byte[UnitLimits.MAX_INPUT_BYTES + 1]),
            honest.inputProof(),
            honest.output(),
            honest.fuel(),
            honest.proof());
    assertThat(check(large)).isInstanceOf(OpeningCheck.Result.Worthless.class);
  }

  @Test
  void aReplayIsEqualOrARefutationOrNothing() {
    Bytes32 receipt = RECEIPT.hashStruct();
    UnitResult claimed = leaf(4);
    assertThat(
            Replay.compare(
                receipt, claimed, new Replay.Run.Ended(claimed.outputHash(), new Fuel(1))))
        .isEqualTo(new Replay.Result.Equal());
    Bytes32 trap = TrapOutput.of("TRAP", 0).keccak();
    assertThat(Replay.compare(receipt, claimed, new Replay.Run.Ended(trap, new Fuel(1))))
        .isEqualTo(
            new Replay.Result.Different(
                new Refutation(
                    receipt, 4, claimed.inputHash(), claimed.outputHash(), trap, new Fuel(1))));
    assertThat(
            Replay.compare(
                receipt, claimed, new Replay.Run.Ended(claimed.outputHash(), new Fuel(2))))
        .as("fuel is compared too")
        .isInstanceOf(Replay.Result.Different.class);
    assertThat(Replay.compare(receipt, claimed, new Replay.Run.Impossible("20 s are over")))
        .as("what this machine cannot run is never evidence")
        .isEqualTo(new Replay.Result.Unavailable("20 s are over"));
  }

  @Test
  void unitsDifferInTheirSeedAndFailuresInTheirOutput() {
    assertThat(UnitRules.seed(Bytes32.ZERO, 1)).isNotEqualTo(UnitRules.seed(Bytes32.ZERO, 2));
    assertThat(
            List.of(TrapOutput.of("EXIT", 1), TrapOutput.of("EXIT", 2), TrapOutput.of("TRAP", 0)))
        .doesNotHaveDuplicates();
  }
}
