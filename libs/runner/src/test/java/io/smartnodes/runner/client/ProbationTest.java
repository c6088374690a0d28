package io.smartnodes.runner.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.runner.client.Probation.Standing;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProbationTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Bytes32 HOSTILE = Bytes32.ofNumber(1);
  private static final Bytes32 HONEST = Bytes32.ofNumber(2);

  private final Probation probation = new Probation();

  @Test
  void whoeverWasAtWorkRunsAloneUntilItEndsAlone() {
    probation.wasAtWork(HOSTILE, false, NOW);
    probation.wasAtWork(HONEST, false, NOW);

    probation.cleared(HONEST, NOW);

    assertThat(probation.of(HONEST, NOW)).isEqualTo(Standing.CLEAR);
    assertThat(probation.of(HOSTILE, NOW)).isEqualTo(Standing.ALONE);
  }

  @Test
  void whoeverEndsTheRunnerAloneIsShunnedForAWhileOnly() {
    probation.wasAtWork(HOSTILE, false, NOW);
    probation.wasAtWork(HOSTILE, true, NOW);

    assertThat(probation.of(HOSTILE, NOW)).isEqualTo(Standing.SHUNNED);
    assertThat(probation.of(HOSTILE, NOW.plus(Probation.SHUNNED).minusMillis(1)))
        .isEqualTo(Standing.SHUNNED);
    assertThat(probation.of(HOSTILE, NOW.plus(Probation.SHUNNED))).isEqualTo(Standing.CLEAR);
  }

  @Test
  void whatIsCompiledAtThreeDeathsIsInterpretedFromThenOn() {
    for (int death = 0; death < 3; death++) {
      assertThat(probation.interpreted(HONEST, NOW)).isFalse();
      probation.warming(HONEST, true);
      assertThat(probation.died(NOW)).containsExactly(HONEST);
    }

    assertThat(probation.interpreted(HONEST, NOW)).isTrue();
    assertThat(probation.of(HONEST, NOW)).isEqualTo(Standing.CLEAR);
    assertThat(probation.interpreted(HONEST, NOW.plus(Duration.ofMinutes(10)))).isFalse();
  }

  @Test
  void whatIsCompiledByNowHasNoPartInADeath() {
    probation.warming(HONEST, true);
    probation.warming(HONEST, false);

    assertThat(probation.died(NOW)).isEmpty();
  }
}
