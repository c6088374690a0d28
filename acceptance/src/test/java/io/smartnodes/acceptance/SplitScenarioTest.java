package io.smartnodes.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.cli.demo.Demo;
import io.smartnodes.cli.demo.DemoOptions;
import io.smartnodes.cli.demo.Report;
import io.smartnodes.cli.job.JobFile;
import io.smartnodes.cli.network.LocalNetwork;
import io.smartnodes.cli.network.NetworkFolder;
import io.smartnodes.cli.network.NetworkLayout;
import io.smartnodes.cli.network.NetworkPlan;
import io.smartnodes.cli.network.process.SplitValidator;
import io.smartnodes.cli.network.process.WorkerProcess;
import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.protocol.body.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A validator whose services are processes of their own lives in a network of the usual kind; some
 * of them die, and so does a worker whose receipt waits for its jury.
 */
@Order(4)
@Tag("network")
class SplitScenarioTest {
  private static final int SPLIT = 0;
  private static final List<String> VICTIMS = List.of("attestation", "job-router");

  private static final int RESTARTED = 0;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Test
  void theStoryHoldsWhenTheJobsHomeIsSplitAndTwoOfItsProcessesAndAWorkerDie() throws Exception {
    Path root = Scenario.root();
    NetworkFolder folder = NetworkFolder.take(root.resolve("acceptance/target/split"));
    try (LocalNetwork network =
        new LocalNetwork(
            new NetworkPlan(4, 4, 1, 200, 12),
            NetworkLayout.split(1),
            Scenario.programs(),
            folder)) {
      Demo demo =
          new Demo(
              network,
              new DemoOptions(
                  network.plan(),
                  JobFile.read(root.resolve("examples/fractal/job.yaml")),
                  Optional.of(SPLIT),
                  false,
                  SplitScenarioTest::killSome,
                  false,
                  root.resolve("acceptance/target/split-results")),
              Terminal.standard(true),
              InstantSource.system());
      demo.run();
      demo.stop();
      Report report = demo.report();
      report.write(root.resolve("acceptance/target/split-report.json"));
      assertThat(report.checks())
          .allSatisfy(check -> assertThat(check.ok()).as(check.toString()).isTrue());
      assertThat(report.ok()).isTrue();
      assertThat(report.processes())
          .extracting(Report.ProcessPart::name)
          .contains("kafka", "validator-1-attestation", "validator-1-job-router");
      String restarted = network.keys().worker(RESTARTED).account().address().toString();
      assertThat(report.certificates())
          .filteredOn(certificate -> certificate.worker().equals(restarted))
          .as("what it had committed to before it died is opened and confirmed")
          .isNotEmpty()
          .allSatisfy(one -> assertThat(one.outcome()).isEqualTo(Outcome.CONFIRMED.name()));
    }
  }

  /** One after the other, so that each is missed by itself. */
  private static void killSome(LocalNetwork network, Terminal terminal)
      throws IOException, InterruptedException {
    restartWorker(network, terminal);
    SplitValidator split = network.fleet().split(SPLIT);
    for (String victim : VICTIMS) {
      long pid = split.process(victim).pid();
      split.killHard(victim);
      terminal.line("  killed " + victim + " of " + split.name() + " (kill -9)");
      split.start(victim);
      split.awaitReady();
      assertThat(split.process(victim).pid()).isNotEqualTo(pid);
      terminal.line("  " + victim + " of " + split.name() + " is back");
    }
  }

  /**
   * An acknowledged receipt is drawn some blocks later: killed as soon as it is on disk, its worker
   * must know it when the jury asks.
   */
  private static void restartWorker(LocalNetwork network, Terminal terminal)
      throws IOException, InterruptedException {
    WorkerProcess victim = network.workers().get(RESTARTED);
    Path home = network.folder().resolve(victim.name());
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!hasReceipt(home)) {
      assertThat(System.nanoTime()).as(victim.name() + " has no receipt").isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(100);
    }
    victim.process().killHard();
    terminal.line("  killed " + victim.name() + " (kill -9) with a receipt that nobody judged yet");
    WorkerProcess.start(
        network.surroundings(),
        victim.name(),
        home,
        network.keys().worker(RESTARTED),
        network.bootstraps(),
        0,
        0);
  }

  private static boolean hasReceipt(Path home) throws IOException {
    Path leases = home.resolve("leases");
    if (!Files.isDirectory(leases)) {
      return false;
    }
    try (Stream<Path> folders = Files.list(leases)) {
      return folders.anyMatch(lease -> Files.exists(lease.resolve("receipt")));
    }
  }
}
