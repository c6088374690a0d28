package io.smartnodes.protocol.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.attestation.Detection.Odds;
import io.smartnodes.protocol.job.JobReceipt;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SamplingTest {
  private static Sampling.Source source(long secret) {
    return new Sampling.Source(Bytes32.ofNumber(secret), Bytes32.ofNumber(7), Bytes32.ofNumber(8));
  }

  @Test
  void aSampleHasTheRightSizeNoRepeatsAndOnlyUnitsOfTheReceipt() {
    qt().forAll(
            integers().between(1, 200),
            integers().between(1, 60),
            longs().between(0, 1_000),
            longs().between(0, Long.MAX_VALUE))
        .checkAssert((count, size, first, secret) -> {
          List<Long> sample =
              Sampling.draw(source(secret), first, count, size, unit -> new Fuel(unit % 5));
          assertThat(sample).hasSize(Math.min(count, size)).doesNotHaveDuplicates();
          assertThat(sample).allMatch(unit -> unit >= first && unit < first + count);
          assertThat(Sampling.draw(source(secret), first, count, size, unit -> new Fuel(unit % 5)))
              .isEqualTo(sample);
        });
  }

  @Test
  void whoDoesNotKnowTheSecretCannotForetellTheSample() {
    HashSet<List<Long>> samples = new HashSet<>();
    for (int secret = 0; secret < 100; secret++) {
      samples.add(Sampling.draw(source(secret), 0, 256, 30, unit -> new Fuel(1)));
    }
    assertThat(samples).hasSize(100);
  }

  @Test
  void aUnitThatClaimsNearlyAllFuelIsNearlyAlwaysDrawn() {
    long hits =
        LongStream.range(0, 200)
            .filter(secret ->
                Sampling.draw(
                        source(secret), 0, 256, 30, unit -> new Fuel(unit == 77 ? 1_000_000 : 1))
                    .contains(77L))
            .count();
    assertThat(hits).isEqualTo(200);
  }

  @Test
  void aReceiptWhoseFuelIsNotOnePerUnitIsLookedAtWhole() {
    JobReceipt inflated = new JobReceipt(Bytes32.ZERO, 1, 64, 64, new Fuel(65), Bytes32.ZERO, 100);
    assertThat(Sampling.ofReceipt(source(1), inflated, 30))
        .containsExactlyElementsOf(LongStream.range(64, 128).boxed().toList());
    JobReceipt plain = new JobReceipt(Bytes32.ZERO, 1, 64, 64, new Fuel(64), Bytes32.ZERO, 100);
    assertThat(Sampling.ofReceipt(source(1), plain, 30)).hasSize(30);
  }

  @Test
  void theOddsAreExact() {
    // 1 − C(2, 1) / C(3, 1) = 1/3.
    assertThat(Detection.perMember(3, 1, 1))
        .isEqualTo(new Odds(BigInteger.ONE, BigInteger.valueOf(3)));
    assertThat(Detection.perMember(64, 1, 30).millionths()).isEqualTo(468_750);
    assertThat(Detection.perMember(64, 64, 1).millionths()).isEqualTo(1_000_000);
    assertThat(Detection.perMember(64, 0, 30).millionths()).isZero();
    assertThat(Detection.perMember(20, 1, 30).millionths()).isEqualTo(1_000_000);
    // Three members, each for itself: 1 − (34/64)³.
    assertThat(Detection.perMember(64, 1, 30).byAnyOf(3).millionths()).isEqualTo(850_067);
  }

  @Test
  void theOddsGrowWithBadUnitsAndWithDraws() {
    qt().forAll(integers().between(1, 299), integers().between(1, 299), integers().between(1, 60))
        .checkAssert((bad, good, drawn) -> {
          int units = bad + good;
          int here = Detection.perMember(units, bad, drawn).millionths();
          assertThat(Detection.perMember(units, bad + 1, drawn).millionths())
              .isGreaterThanOrEqualTo(here);
          assertThat(Detection.perMember(units, bad, drawn + 1).millionths())
              .isGreaterThanOrEqualTo(here);
        });
  }

  @Test
  void onlyTheUniformHalfCountsWhereFuelsDiffer() {
    assertThat(Detection.uniformDraws(30, true)).isEqualTo(30);
    assertThat(Detection.uniformDraws(30, false)).isEqualTo(15);
  }
}
