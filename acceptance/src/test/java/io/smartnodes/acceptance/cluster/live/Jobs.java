package io.smartnodes.acceptance.cluster.live;

import io.smartnodes.acceptance.cluster.report.Steps;
import io.smartnodes.cli.job.JobWork;
import io.smartnodes.cli.job.LocalRun;
import io.smartnodes.cli.session.Session;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.sdk.JobListener;
import io.smartnodes.sdk.JobPlan;
import io.smartnodes.sdk.JobResult;
import io.smartnodes.sdk.JobRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Jobs whose home is the validator of the cluster, and what became of them. */
public final class Jobs {
  private static final Duration DEADLINE = Duration.ofMinutes(20);
  private static final Amount UNIT_PRICE = Amount.ofCoins(1).share(2, 100);
  private static final int TILE = 64;
  private static final int COLUMNS = 16;

  private final Session user;
  private final Address home;
  private final Bytes fractal;
  private final AtomicLong nonces = new AtomicLong(System.currentTimeMillis());

  public Jobs(Session user, Address home, Path root) throws IOException {
    this.user = user;
    this.home = home;
    this.fractal = Bytes.of(Files.readAllBytes(root.resolve("examples/fractal/fractal.wasm")));
  }

  /** A job that was submitted. */
  public record Submitted(JobWork work, JobPlan plan, CompletableFuture<JobResult> result) {
    /** Whether it ended, well or not. */
    public boolean isOver() {
      return result.isDone();
    }
  }

  /** A picture of some tiles; more iterations take longer. */
  public JobWork picture(int units, int iterations) {
    return work(
        fractal,
        IntStream.range(0, units)
            .mapToObj(i ->
                "%d %d %d %d %d %d\n"
                    .formatted(
                        i % COLUMNS * TILE,
                        i / COLUMNS % COLUMNS * TILE,
                        TILE,
                        TILE,
                        TILE * COLUMNS,
                        iterations))
            .map(text -> Bytes.of(text.getBytes(StandardCharsets.UTF_8)))
            .toList());
  }

  /** Some work. */
  public static JobWork work(Bytes module, List<Bytes> inputs) {
    List<String> names = IntStream.range(0, inputs.size()).mapToObj(i -> "unit-" + i).toList();
    return new JobWork(module, inputs, names, Optional.empty());
  }

  /** Pays in for so many units and waits until the state has it. */
  public void fund(int units) throws InterruptedException {
    Amount before = user.allotted(home);
    Amount deposit = UNIT_PRICE.times(units);
    user.deposit(deposit, home);
    user.await(
        "the deposit", Limits.ANCHORED, s -> s.allotted(home).compareTo(before.plus(deposit)) >= 0);
  }

  /** Submits a job and follows it in the background. */
  public Submitted submit(JobWork work) throws InterruptedException {
    JobPlan plan =
        JobPlan.wasm(
            user.account(),
            home,
            user.deployment().token(),
            UNIT_PRICE.times(work.units()),
            Instant.now().plus(DEADLINE),
            nonces.incrementAndGet(),
            work.module(),
            work.inputs());
    JobRun run = new JobRun(user.network(), plan, new JobListener() {});
    user.await("the home's hold", Limits.ANCHORED, ready -> !run.submit().amount().isZero());
    CompletableFuture<JobResult> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("job")
        .start(() -> {
          try {
            result.complete(run.await());
          } catch (InterruptedException | RuntimeException failed) {
            result.completeExceptionally(failed);
          }
        });
    return new Submitted(work, plan, result);
  }

  /**
   * Waits until a job is done and paid, and checks that nothing of it was lost or done twice: every
   * output is that of a run here, and every unit stands in one confirmed receipt.
   */
  public String finish(Submitted job, Duration patience) throws InterruptedException {
    JobResult result = ended(job, patience);
    if (!(result instanceof JobResult.Completed completed)) {
      throw new IllegalStateException("the job was not completed: " + result);
    }
    Steps.check(
        completed.outputs().equals(LocalRun.run(job.work(), job.plan().jobId())),
        "outputs differ from those of a run here");
    user.await(
        "the settlement of the job",
        Limits.JOB,
        s -> s.leaf(LeafKey.job(job.plan().jobId()), Job.class).isEmpty());
    int[] confirmed = new int[job.work().units()];
    for (Certificate certificate : completed.certificates()) {
      if (certificate.outcome() == Outcome.CONFIRMED) {
        var receipt = certificate.receipt().receipt();
        for (long i = receipt.first(); i < receipt.first() + receipt.count(); i++) {
          confirmed[(int) i]++;
        }
      }
    }
    Steps.check(
        IntStream.of(confirmed).allMatch(times -> times == 1),
        "some unit is not confirmed exactly once");
    return job.work().units() + " units certified once each, outputs right, paid";
  }

  /** Waits for the end of a job. */
  public JobResult ended(Submitted job, Duration patience) throws InterruptedException {
    try {
      return job.result().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException slow) {
      throw new IllegalStateException(
          "the job did not end in " + patience.toSeconds() + " s", slow);
    } catch (ExecutionException failed) {
      throw new IllegalStateException("the job cannot be followed", failed.getCause());
    }
  }
}
