package io.smartnodes.runner.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a runner is started with. */
class RunnerProcessTest {
  private static final long GIB = 1L << 30;

  @Test
  void theHeapGrowsWithThePlacesUpToHalfOfTheMachine() {
    assertThat(RunnerProcess.heapMib(1, 16 * GIB)).isEqualTo(576);
    assertThat(RunnerProcess.heapMib(4, 16 * GIB)).isEqualTo(1_536);
    assertThat(RunnerProcess.heapMib(64, 16 * GIB)).isEqualTo(8_192);
    assertThat(RunnerProcess.heapMib(4, GIB)).isEqualTo(576);
  }

  @Test
  void aMachineWithManyProcessorsAsksForNoMorePlacesThanARunnerTakes() {
    assertThat(UnitRunner.placesFor(1)).isEqualTo(1);
    assertThat(UnitRunner.placesFor(16)).isEqualTo(8);
    assertThat(UnitRunner.placesFor(192)).isEqualTo(UnitRunner.MOST_PLACES);
    assertThatThrownBy(() -> new RunnerProcess.Settings(Path.of("java"), List.of(), List.of(), 65))
        .hasMessage("units at a time: 1 to 64");
  }
}
