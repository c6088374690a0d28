package io.smartnodes.runner.client;

import io.grpc.Status;
import io.grpc.StatusException;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.runner.v1.ModuleState;
import io.smartnodes.proto.runner.v1.RunEnded;
import io.smartnodes.proto.runner.v1.TrapCause;
import io.smartnodes.proto.runner.v1.UnitTrapped;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.runner.client.RunnerCalls.Ran;
import io.smartnodes.runner.client.RunnerLink.Life;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Runs units in the runner behind a socket. When the runner dies, what it ran is run again: each
 * unit once more and alone, so that the one that killed it is known ({@link Probation}) and the
 * others have their result.
 */
public final class RemoteRunner implements UnitRunner {
  private static final Logger LOG = System.getLogger("runner");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration AT_ONCE = Duration.ofMillis(500);
  private static final int ATTEMPTS = 4;

  private final RunnerLink link;
  private final Runnable kill;
  private final InstantSource time;
  private final Probation probation = new Probation();
  private final ReentrantReadWriteLock alone = new ReentrantReadWriteLock(true);
  private final ReentrantLock bringing = new ReentrantLock(true);

  /** Asks whoever listens at the socket. */
  public RemoteRunner(Path socket, InstantSource time) {
    this(socket, () -> {}, time);
  }

  /**
   * @param kill ends a runner that does not answer any more, if it is ours to end
   */
  RemoteRunner(Path socket, Runnable kill, InstantSource time) {
    this.link = new RunnerLink(socket);
    this.kill = kill;
    this.time = time;
  }

  /** One attempt with one life of the runner. */
  private interface Attempt<T> {
    T with(Life life, Blame blame) throws StatusException, InterruptedException, TimeoutException;
  }

  /** Whether the module at hand may be what a death of the runner comes from. */
  private static final class Blame {
    private boolean possible;

    void mine() {
      possible = true;
    }
  }

  /** What came of all attempts. */
  private sealed interface Result<T> {
    record Got<T>(T value) implements Result<T> {}

    record Failed<T>(String reason) implements Result<T> {}
  }

  @Override
  public ModuleVerdict check(Program program) {
    Result<ModuleVerdict> result =
        attempt(
            program.hash(),
            (life, blame) -> {
              ModuleState state = RunnerCalls.has(life, program.hash());
              return verdict(
                  program.hash(), state.hasMissing() ? bring(life, program, blame) : state);
            });
    return switch (result) {
      case Result.Got<ModuleVerdict>(ModuleVerdict verdict) -> verdict;
      case Result.Failed<ModuleVerdict>(String reason) -> new ModuleVerdict.Unavailable(reason);
    };
  }

  @Override
  public UnitOutcome run(Program program, Bytes input, Bytes32 seed, Duration wallClock) {
    Result<UnitOutcome> result =
        attempt(
            program.hash(),
            (life, blame) -> {
              while (true) {
                Ran ran =
                    RunnerCalls.run(life, program.hash(), input, seed, wallClock, blame::mine);
                if (!ran.ended().hasModule()) {
                  probation.warming(program.hash(), ran.ended().getWarming());
                  return outcome(ran);
                }
                ModuleState state = ran.ended().getModule();
                switch (verdict(
                    program.hash(), state.hasMissing() ? bring(life, program, blame) : state)) {
                  case ModuleVerdict.Accepted() -> {
                    // It is there now: the next round runs the unit.
                  }
                  case ModuleVerdict.Unreadable(String reason) -> {
                    return new UnitOutcome.Unreadable(reason);
                  }
                  case ModuleVerdict.Unavailable(String reason) -> {
                    return new UnitOutcome.Unavailable(reason);
                  }
                }
              }
            });
    return switch (result) {
      case Result.Got<UnitOutcome>(UnitOutcome outcome) -> outcome;
      case Result.Failed<UnitOutcome>(String reason) -> new UnitOutcome.Unavailable(reason);
    };
  }

  /** Brings the module, one at a time; missing if it cannot be had. */
  private ModuleState bring(Life life, Program program, Blame blame)
      throws StatusException, InterruptedException, TimeoutException {
    Optional<byte[]> binary = program.binary().get();
    if (binary.isEmpty()) {
      return ModuleState.getDefaultInstance();
    }
    bringing.lockInterruptibly();
    try {
      blame.mine();
      boolean interpret = probation.interpreted(program.hash(), time.instant());
      return RunnerCalls.put(life, program.hash(), binary.get(), interpret);
    } finally {
      bringing.unlock();
    }
  }

  private ModuleVerdict verdict(Bytes32 hash, ModuleState state) {
    return switch (state.getStateCase()) {
      case ACCEPTED -> {
        probation.warming(hash, state.getAccepted().getWarming());
        yield new ModuleVerdict.Accepted();
      }
      case UNREADABLE -> new ModuleVerdict.Unreadable(state.getUnreadable().getReason());
      case MISSING, STATE_NOT_SET -> new ModuleVerdict.Unavailable("the module is not to be had");
    };
  }

  private <T> Result<T> attempt(Bytes32 module, Attempt<T> attempt) {
    try {
      String last = "the runner died";
      for (int i = 0; i < ATTEMPTS; i++) {
        Probation.Standing standing = probation.of(module, time.instant());
        if (standing == Probation.Standing.SHUNNED) {
          return new Result.Failed<>(
              "its module has ended the runner; it is not run for "
                  + Probation.SHUNNED.toMinutes()
                  + " minutes");
        }
        boolean solo = standing == Probation.Standing.ALONE;
        Lock lock = solo ? alone.writeLock() : alone.readLock();
        lock.lockInterruptibly();
        try {
          Blame blame = new Blame();
          Life life = link.await(PATIENCE);
          try {
            T value = attempt.with(life, blame);
            if (solo && blame.possible) {
              probation.cleared(module, time.instant());
            }
            return new Result.Got<>(value);
          } catch (StatusException e) {
            if (!isDeath(e)) {
              return new Result.Failed<>("the runner refuses: " + e.getMessage());
            }
            last = "the runner died: " + e.getStatus().getDescription();
            died(life, module, blame, solo);
          } catch (TimeoutException e) {
            last = "the runner does not answer: " + e.getMessage();
            kill.run();
            died(life, module, blame, solo);
          }
        } finally {
          lock.unlock();
        }
      }
      return new Result.Failed<>(last);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Result.Failed<>("interrupted");
    } catch (RunnerLink.RunnerSilent e) {
      return new Result.Failed<>(String.valueOf(e.getMessage()));
    }
  }

  private void died(Life life, Bytes32 module, Blame blame, boolean solo) {
    Set<Bytes32> compiled = Set.of();
    if (link.over(life)) {
      LOG.log(Level.WARNING, "the runner died; what it ran is run again");
      compiled = probation.died(time.instant());
    }
    if (blame.possible) {
      boolean certain = solo && compiled.stream().allMatch(module::equals);
      probation.wasAtWork(module, certain, time.instant());
    }
  }

  /** Whether the connection broke, rather than that the runner answered. */
  private static boolean isDeath(StatusException e) {
    Status.Code code = e.getStatus().getCode();
    return code == Status.Code.UNAVAILABLE
        || code == Status.Code.CANCELLED
        || code == Status.Code.INTERNAL
        || code == Status.Code.UNKNOWN
        || code == Status.Code.DEADLINE_EXCEEDED;
  }

  private static UnitOutcome outcome(Ran ran) {
    RunEnded ended = ran.ended();
    return switch (ended.getOutcomeCase()) {
      case COMPLETED ->
          new UnitOutcome.Completed(ran.output(), new Fuel(ended.getCompleted().getFuel()));
      case TRAPPED -> trapped(ended.getTrapped());
      case UNAVAILABLE -> new UnitOutcome.Unavailable(ended.getUnavailable().getReason());
      case MODULE, OUTCOME_NOT_SET -> new UnitOutcome.Unavailable("the runner answers nonsense");
    };
  }

  private static UnitOutcome trapped(UnitTrapped trapped) {
    TrapCause told = trapped.getCause();
    return switch (told) {
      case TRAP_CAUSE_EXIT -> trap(UnitOutcome.Cause.EXIT, trapped);
      case TRAP_CAUSE_TRAP -> trap(UnitOutcome.Cause.TRAP, trapped);
      case TRAP_CAUSE_OUTPUT_TOO_LARGE -> trap(UnitOutcome.Cause.OUTPUT_TOO_LARGE, trapped);
      case TRAP_CAUSE_UNSPECIFIED, UNRECOGNIZED ->
          new UnitOutcome.Unavailable("the runner tells an unknown trap");
    };
  }

  private static UnitOutcome trap(UnitOutcome.Cause cause, UnitTrapped trapped) {
    return new UnitOutcome.Trapped(cause, trapped.getExitCode(), trapped.getDetail());
  }

  @Override
  public Optional<RunnerStatus> status() {
    try {
      return Optional.of(RunnerCalls.status(link.await(AT_ONCE)));
    } catch (StatusException | RunnerLink.RunnerSilent e) {
      LOG.log(Level.DEBUG, "no status: {0}", e.getMessage());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    link.close();
  }
}
