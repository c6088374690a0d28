package io.smartnodes.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.smartnodes.cli.demo.Demo;
import io.smartnodes.cli.demo.DemoOptions;
import io.smartnodes.cli.demo.Report;
import io.smartnodes.cli.job.JobFile;
import io.smartnodes.cli.network.LocalNetwork;
import io.smartnodes.cli.network.NetworkFolder;
import io.smartnodes.cli.network.NetworkPlan;
import io.smartnodes.cli.terminal.Terminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The demonstration with a validator that dies; its report is what its schema says. */
@Order(2)
@Tag("network")
class DemoScenarioTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void theStoryHoldsWithADeadValidatorAndItsReportFitsItsSchema() throws Exception {
    Path root = Scenario.root();
    NetworkFolder folder = NetworkFolder.take(root.resolve("acceptance/target/demo"));
    try (LocalNetwork network =
        new LocalNetwork(new NetworkPlan(4, 4, 1, 200, 11), Scenario.programs(), folder)) {
      Demo demo =
          new Demo(
              network,
              DemoOptions.usual(
                  network.plan(),
                  JobFile.read(root.resolve("examples/fractal/job.yaml")),
                  true,
                  false,
                  root.resolve("acceptance/target/demo-results")),
              Terminal.standard(true),
              InstantSource.system());
      demo.run();
      demo.stop();
      Report report = demo.report();
      assertThat(report.checks())
          .allSatisfy(check -> assertThat(check.ok()).as(check.toString()).isTrue());
      assertThat(report.ok()).isTrue();
      String schema = Files.readString(root.resolve("docs/reference/demo-report.schema.json"));
      assertThat(
              SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                  .getSchema(JSON.readTree(schema))
                  .validate(JSON.readTree(report.toJson())))
          .isEmpty();
    }
  }
}
