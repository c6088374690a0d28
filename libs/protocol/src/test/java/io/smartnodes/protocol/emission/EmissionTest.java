package io.smartnodes.protocol.emission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import io.smartnodes.protocol.Amount;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EmissionTest {
  @Test
  void nothingIsEmittedAtOrBeforeGenesis() {
    assertThat(Emission.until(Duration.ZERO)).isEqualTo(Amount.ZERO);
    assertThat(Emission.until(Duration.ofSeconds(-5))).isEqualTo(Amount.ZERO);
  }

  @Test
  void theFirstHourEmitsTheFirstRateAndYearsFallToATail() {
    assertThat(Emission.until(Duration.ofHours(1))).isEqualTo(Amount.ofCoins(5_625));
    Amount year = Emission.until(Duration.ofDays(365));
    assertThat(year).isEqualTo(Amount.ofCoins(5_625L * 8_760));
    assertThat(Emission.until(Duration.ofHours(8_761)).minus(year))
        .isEqualTo(Amount.ofCoins(3_375));
    Duration centuries = Duration.ofDays(109_500);
    assertThat(Emission.until(centuries.plusHours(1)).minus(Emission.until(centuries)))
        .isEqualTo(Amount.ofCoins(420));
  }

  @Test
  void epochsTogetherEmitWhatTheWholeTimeDoes() {
    Instant genesis = Instant.EPOCH;
    qt().forAll(longs().between(0, 100_000_000), longs().between(0, 100_000_000))
        .check((a, b) -> {
          Instant middle = genesis.plusSeconds(a);
          Instant end = middle.plusSeconds(b);
          return Emission.between(genesis, genesis, middle)
              .plus(Emission.between(genesis, middle, end))
              .equals(Emission.until(Duration.between(genesis, end)));
        });
  }
}
