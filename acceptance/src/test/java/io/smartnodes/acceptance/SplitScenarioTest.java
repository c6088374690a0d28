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
import io.smartnodes.cli.terminal.Terminal;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A validator whose services are processes of their own lives in a network of the usual kind. */
@Order(4)
@Tag("network")
class SplitScenarioTest {
  private static final int SPLIT = 0;
  private static final List<String> VICTIMS = List.of("attestation", "job-router");

  @Test
  void theStoryHoldsWhenTheJobsHomeIsSplitAndTwoOfItsProcessesDie() throws Exception {
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
    }
  }

  /** One after the other, so that each is missed by itself. */
  private static void killSome(LocalNetwork network, Terminal terminal) {
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
}
