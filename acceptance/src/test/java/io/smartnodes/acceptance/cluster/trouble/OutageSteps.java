package io.smartnodes.acceptance.cluster.trouble;

import io.smartnodes.acceptance.cluster.live.Jobs;
import io.smartnodes.acceptance.cluster.live.Lab;
import io.smartnodes.acceptance.cluster.live.Limits;
import io.smartnodes.acceptance.cluster.live.Release;
import io.smartnodes.acceptance.cluster.report.Choice.Step;
import io.smartnodes.acceptance.cluster.report.Steps;
import io.smartnodes.crypto.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a validator uses goes away and comes back, or is used up by strangers. */
public final class OutageSteps {
  private static final Duration AWAY = Duration.ofSeconds(30);
  private static final int UNITS = 48;
  private static final int ITERATIONS = 1000;

  private final Lab lab;
  private final Release release;
  private final Steps steps;

  public OutageSteps(Lab lab, Steps steps) {
    this.lab = lab;
    this.release = lab.release();
    this.steps = steps;
  }

  /** The database. */
  public void postgres() throws InterruptedException {
    steps.run(
        Step.POSTGRES_AWAY.title(),
        "Stopping PostgreSQL for 30 s while a job runs",
        () ->
            away(
                Step.POSTGRES_AWAY.title(),
                release.backing()::stopPostgres,
                release.backing()::startPostgres));
  }

  /** The broker. */
  public void kafka() throws InterruptedException {
    steps.run(
        Step.KAFKA_AWAY.title(),
        "Stopping Kafka for 30 s while a job runs",
        () ->
            away(
                Step.KAFKA_AWAY.title(),
                release.backing()::stopKafka,
                release.backing()::startKafka));
  }

  private String away(String what, Runnable stop, Runnable start) throws InterruptedException {
    long before = lab.votes().epoch();
    Map<String, Integer> restarts = restarts();
    Jobs.Submitted job = lab.jobs().submit(lab.jobs().picture(UNITS, ITERATIONS));
    stop.run();
    try {
      Thread.sleep(AWAY);
    } finally {
      start.run();
    }
    long back = System.nanoTime();
    release.awaitReady(Limits.BACK);
    String ready = PodSteps.seconds(back);
    Steps.check(
        restarts().equals(restarts),
        "pods were restarted for what was not their fault: " + restarts + ", " + restarts());
    long counted = lab.votes().awaitCounted(lab.votes().epoch(), Limits.EPOCHS);
    lab.owed().add(new Lab.Owed(what, job));
    return "ready %s s after it was back, no restart; its vote counts in epoch %d; %s; %s"
        .formatted(ready, counted, lab.votes().everyEpochOnce(before), lab.noDoubleVote());
  }

  private Map<String, Integer> restarts() {
    Map<String, Integer> restarts = new TreeMap<>();
    release.pods().forEach(pod -> restarts.put(pod.name(), pod.restarts()));
    return restarts;
  }

  /** Strangers' modules that do their worst. */
  public void modules() throws InterruptedException {
    steps.run(
        Step.MODULES.title(),
        "Running a module that loops and one that takes all memory beside a good job",
        () -> {
          Map<String, Integer> before = outsideTheRunner();
          Jobs.Submitted hungry = lab.jobs().submit(Modules.HUNGRY);
          Jobs.Submitted loop = lab.jobs().submit(Modules.LOOP);
          Jobs.Submitted good = lab.jobs().submit(lab.jobs().picture(UNITS, ITERATIONS));
          lab.jobs().ended(good, Limits.JOB);
          lab.owed().add(new Lab.Owed(Step.MODULES.title(), good));
          Steps.check(
              outsideTheRunner().equals(before),
              "more than the runner was restarted: " + before + ", " + outsideTheRunner());
          int runner = release.pods().stream().mapToInt(pod -> pod.restarts(Release.RUNNER)).sum();
          return "the good job ended; that with all memory: %s; the loop: %s; runner restarts: %d, others none"
              .formatted(how(hungry), how(loop), runner);
        });
  }

  private static String how(Jobs.Submitted job) {
    return job.isOver() ? job.result().join().getClass().getSimpleName() : "still running";
  }

  /** Restarts of all containers but the runner's, which may die of what it runs. */
  private Map<String, Integer> outsideTheRunner() {
    Map<String, Integer> restarts = new TreeMap<>();
    release
        .pods()
        .forEach(pod -> restarts.put(pod.name(), pod.restarts() - pod.restarts(Release.RUNNER)));
    return restarts;
  }

  /** Work that nobody should accept and everybody must survive. */
  private static final class Modules {
    static final int UNITS = 1;
    private static final String HEAD = "0061736d01000000" + "010401600000" + "03020100";
    private static final String MEMORY_AND_EXPORTS =
        "0503010001" + "071302" + "066d656d6f7279" + "0200" + "065f7374617274" + "0000";

    /** {@code (loop (br 0))}. */
    static final io.smartnodes.cli.job.JobWork LOOP = work("0a0901070003400c000b0b");

    /** Grows its memory by 16 pages and writes into the last, until it gets no more. */
    static final io.smartnodes.cli.job.JobWork HUNGRY =
        work("0a220120000240034041104000417f460d013f0041107441046b41073602000c000b0b0b");

    private static io.smartnodes.cli.job.JobWork work(String code) {
      Bytes module = Bytes.of(HexFormat.of().parseHex(HEAD + MEMORY_AND_EXPORTS + code));
      List<Bytes> inputs =
          java.util.stream.IntStream.range(0, UNITS)
              .mapToObj(i -> Bytes.of(("unit " + i).getBytes(StandardCharsets.UTF_8)))
              .toList();
      return Jobs.work(module, inputs);
    }
  }
}
