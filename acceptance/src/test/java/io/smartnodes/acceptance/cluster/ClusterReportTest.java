package io.smartnodes.acceptance.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.smartnodes.acceptance.cluster.report.Choice;
import io.smartnodes.acceptance.cluster.report.ClusterPart;
import io.smartnodes.acceptance.cluster.report.Steps;
import io.smartnodes.cli.demo.Report;
import io.smartnodes.cli.terminal.Terminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of a run on a cluster, without a cluster. */
class ClusterReportTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Report STORY =
      new Report(
          true,
          List.of(new Report.Check("storyCompleted", true, "")),
          4,
          null,
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          null,
          null,
          List.of(),
          List.of());

  @Test
  void everyStepIsACheckAndTheReportFitsItsSchema(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("report.json");
    assertThat(part(true).write(STORY, file)).isTrue();
    JsonNode report = JSON.readTree(file.toFile());
    assertThat(report.path("checks")).hasSize(2);
    assertThat(report.path("cluster").path("pods").path(0).path("restarts").asInt()).isEqualTo(2);
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(JSON.readTree(Files.readString(schema())))
                .validate(report))
        .isEmpty();
  }

  @Test
  void aStepThatFailsMakesTheReportFail(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("report.json");
    assertThat(part(false).write(STORY, file)).isFalse();
    assertThat(JSON.readTree(file.toFile()).path("ok").asBoolean()).isFalse();
  }

  @Test
  void whatIsLeftBehindMakesTheReportFailAfterwards(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("report.json");
    part(true).write(STORY, file);
    assertThat(ClusterPart.add(file, "nothingIsLeftBehind", true, "")).isTrue();
    assertThat(ClusterPart.add(file, "nothingIsLeftBehind", false, "a mount")).isFalse();
    assertThat(JSON.readTree(file.toFile()).path("ok").asBoolean()).isFalse();
  }

  @Test
  void aStepThatBreaksEndsOnlyItself() throws Exception {
    Steps steps = new Steps(Terminal.silent(), InstantSource.system());
    steps.run(
        "first",
        "",
        () -> {
          throw new IllegalStateException("seen instead");
        });
    steps.run("second", "", () -> "seen");
    assertThat(steps.all())
        .extracting(ClusterPart.StepPart::ok, ClusterPart.StepPart::detail)
        .containsExactly(tuple(false, "seen instead"), tuple(true, "seen"));
  }

  @Test
  void aChoiceOfAGroupTakesItsStepsOnly() {
    Choice wrong = Choice.of(List.of("wrong-values"), false);
    assertThat(wrong.has(Choice.Step.WRONG_PASSWORD)).isTrue();
    assertThat(wrong.has(Choice.Step.STORY)).isFalse();
    assertThat(wrong.left()).contains("story", "upgrade").doesNotContain("wrong-password");
    assertThatThrownBy(() -> Choice.of(List.of("no-such-step"), false))
        .hasMessageContaining("no-such-step");
  }

  @Test
  void withoutAChoiceEveryStepIsTakenUnlessItHasToBeQuick() {
    assertThat(Choice.of(List.of(), false).left()).isEmpty();
    assertThat(Choice.of(List.of(), true).left()).contains("drain").doesNotContain("story");
  }

  private static ClusterPart part(boolean ok) {
    return new ClusterPart(
        null,
        "v1.34.0",
        List.of(new ClusterPart.StepPart("upgrade", "helm upgrade", ok, "seen", 12)),
        List.of("rollback"),
        List.of(new ClusterPart.PodPart("founder-job-router-x", 9_000, 2, 12.5, 240.1)));
  }

  private static Path schema() {
    return Path.of(System.getProperty("smartnodes.root"))
        .resolve("docs/reference/demo-report.schema.json");
  }
}
