package io.smartnodes.runner.client;

import io.grpc.Status;
import io.grpc.StatusException;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.runner.v1.ModuleState;
import io.smartnodes.runner.client.RunnerCalls.Ran;
import io.smartnodes.runner.client.RunnerLink.Life;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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

  /** A child is back within ten seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Kubelet starts a container again after five minutes at the latest. */
  private static final Duration LONGEST_PATIENCE = Duration.ofMinutes(10);

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
    T with(Life life, Blame blame)
        throws StatusException, InterruptedException, TimeoutException, RunnerCalls.NoPlace;
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
  public ModuleVerdict check(Program program, Instant until) {
    Result<ModuleVerdict> result =
        attempt(
            program.hash(),
            until,
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
  public UnitOutcome run(
      Program program, Bytes input, Bytes32 seed, Duration wallClock, Instant until) {
    Result<UnitOutcome> result =
        attempt(
            program.hash(),
            until,
            (life, blame) -> {
              while (true) {
                Ran ran =
                    RunnerCalls.run(life, program.hash(), input, seed, wallClock, blame::mine);
                if (!ran.ended().hasModule()) {
                  probation.warming(program.hash(), ran.ended().getWarming());
                  return Outcomes.of(ran);
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

  private <T> Result<T> attempt(Bytes32 module, Instant until, Attempt<T> attempt) {
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
          Life life = link.await(patience(time.instant(), until));
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
            died(link.over(life, () -> {}), module, blame, solo);
          } catch (TimeoutException e) {
            last = "the runner does not answer: " + e.getMessage();
            hung(life, module, blame, solo);
          } catch (RunnerCalls.NoPlace e) {
            last = String.valueOf(e.getMessage());
            if (answers(life)) {
              return new Result.Failed<>(last);
            }
            hung(life, module, blame, solo);
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

  static Duration patience(Instant now, Instant until) {
    Duration left = Duration.between(now, until);
    if (left.compareTo(PATIENCE) < 0) {
      return PATIENCE;
    }
    return left.compareTo(LONGEST_PATIENCE) < 0 ? left : LONGEST_PATIENCE;
  }

  private static boolean answers(Life life) {
    try {
      return RunnerCalls.status(life).places() > 0;
    } catch (StatusException e) {
      LOG.log(Level.DEBUG, "no status: {0}", e.getMessage());
      return false;
    }
  }

  /** Ends a runner that does not answer, unless somebody else has: the next one is innocent. */
  private void hung(Life life, Bytes32 module, Blame blame, boolean solo) {
    died(link.over(life, kill), module, blame, solo);
  }

  private void died(boolean first, Bytes32 module, Blame blame, boolean solo) {
    Set<Bytes32> compiled = Set.of();
    if (first) {
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

  /** No runner will ever listen: all calls, also those that wait, end with this reason. */
  void giveUp(String reason) {
    link.giveUp(reason);
  }

  @Override
  public void close() {
    link.close();
  }
}
