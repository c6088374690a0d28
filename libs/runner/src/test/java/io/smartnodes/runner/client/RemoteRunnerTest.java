package io.smartnodes.runner.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.runner.client.RunnerLink.Life;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a runner is waited for, and who ends it. */
class RemoteRunnerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path directory;

  @Test
  void aRunnerThatIsAwayIsWaitedForUntilTheLeaseEnds() {
    assertThat(RemoteRunner.patience(NOW, NOW.plusSeconds(90))).isEqualTo(Duration.ofSeconds(90));
    assertThat(RemoteRunner.patience(NOW, NOW.plusSeconds(5))).isEqualTo(Duration.ofSeconds(20));
    assertThat(RemoteRunner.patience(NOW, Instant.MIN)).isEqualTo(Duration.ofSeconds(20));
    assertThat(RemoteRunner.patience(NOW, Instant.MAX)).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void onlyTheFirstWhoFindsALifeOverEndsItSoThatTheNextOneLives() {
    AtomicInteger killed = new AtomicInteger();
    try (RunnerLink link = new RunnerLink(directory.resolve("s"))) {
      Life hung = link.life();

      assertThat(link.over(hung, killed::incrementAndGet)).isTrue();
      assertThat(link.over(hung, killed::incrementAndGet)).isFalse();

      assertThat(killed).hasValue(1);
      assertThat(link.life().number()).isEqualTo(hung.number() + 1);
    }
  }

  @Test
  void whoeverWaitsForARunnerThatNeverComesHearsWhy() {
    try (RemoteRunner runner = new RemoteRunner(directory.resolve("s"), InstantSource.system())) {
      runner.giveUp("its settings are wrong");

      assertThat(
              runner.run(
                  new Program(Bytes32.ofNumber(1), Optional::empty),
                  Bytes.EMPTY,
                  Bytes32.ofNumber(2),
                  Duration.ofMinutes(1)))
          .isEqualTo(new UnitOutcome.Unavailable("its settings are wrong"));
    }
  }
}
