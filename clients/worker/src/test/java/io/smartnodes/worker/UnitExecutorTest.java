package io.smartnodes.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.UnitLimits;
import io.smartnodes.runner.client.ModuleVerdict;
import io.smartnodes.runner.client.Program;
import io.smartnodes.runner.client.RunnerStatus;
import io.smartnodes.runner.client.UnitOutcome;
import io.smartnodes.runner.client.UnitRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class UnitExecutorTest {
  private static final Instant END = Instant.parse("2026-01-01T00:02:00Z");

  @TempDir private Path directory;

  @Test
  void aUnitGetsTheProtocolsTimeAndTheRunnerThatOfTheLease() {
    Noting runner = new Noting();
    UnitExecutor executor = new UnitExecutor(new ModuleStore(directory), runner);

    assertThat(executor.run(Bytes32.ofNumber(1), Bytes32.ofNumber(2), 3, Bytes.EMPTY, END))
        .isInstanceOf(UnitExecutor.Done.Result.class);

    assertThat(runner.wallClock).isEqualTo(Duration.ofSeconds(20));
    assertThat(runner.until).isEqualTo(END);
    assertThat(UnitLimits.REPLAY_WALL_CLOCK).isEqualTo(runner.wallClock.multipliedBy(3));
  }

  @Test
  void aUnitThatAMachineCouldNotRunIsTriedOnceMore() {
    Noting runner = new Noting();
    UnitExecutor executor = new UnitExecutor(new ModuleStore(directory), runner);

    runner.unavailable = 1;
    assertThat(executor.run(Bytes32.ofNumber(1), Bytes32.ofNumber(2), 3, Bytes.EMPTY, END))
        .isInstanceOf(UnitExecutor.Done.Result.class);
    assertThat(runner.runs).isEqualTo(2);

    runner.unavailable = 3;
    assertThat(executor.run(Bytes32.ofNumber(1), Bytes32.ofNumber(2), 3, Bytes.EMPTY, END))
        .isEqualTo(new UnitExecutor.Done.Unable("20 s are over"));
    assertThat(runner.runs).as("twice, no more").isEqualTo(4);
  }

  @Test
  void anAgentThatEndsTriesNothingAgain() {
    Noting runner = new Noting();
    runner.unavailable = 2;
    UnitExecutor executor = new UnitExecutor(new ModuleStore(directory), runner);

    Thread.currentThread().interrupt();
    assertThat(executor.run(Bytes32.ofNumber(1), Bytes32.ofNumber(2), 3, Bytes.EMPTY, END))
        .isInstanceOf(UnitExecutor.Done.Unable.class);
    assertThat(Thread.interrupted()).as("stays set").isTrue();
    assertThat(runner.runs).isEqualTo(1);
  }

  @Test
  void moreSlotsThanARunnerHasPlacesAreRefusedBeforeAKeyIsMade() {
    Path home = directory.resolve("home");

    int code =
        new CommandLine(new WorkerMain())
            .execute(
                "--deployment=none",
                "--home=" + home,
                "--password-file=none",
                "--bootstrap=none",
                "--slots=65");

    assertThat(code).isEqualTo(2);
    assertThat(home).doesNotExist();
  }

  /** Completes every unit but the first ones that it shall not, and notes what it was told. */
  private static final class Noting implements UnitRunner {
    private Duration wallClock = Duration.ZERO;
    private Instant until = Instant.MIN;
    private int unavailable;
    private int runs;

    @Override
    public ModuleVerdict check(Program program, Instant until) {
      return new ModuleVerdict.Accepted();
    }

    @Override
    public UnitOutcome run(
        Program program, Bytes input, Bytes32 seed, Duration wallClock, Instant until) {
      this.wallClock = wallClock;
      this.until = until;
      runs++;
      if (unavailable > 0) {
        unavailable--;
        return new UnitOutcome.Unavailable("20 s are over");
      }
      return new UnitOutcome.Completed(Bytes.EMPTY, new Fuel(1));
    }

    @Override
    public Optional<RunnerStatus> status() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
