package io.smartnodes.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The report and its schema belong together. */
class ReportTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HASH = "0x" + "ab".repeat(32);
  private static final String ADDRESS = "0x" + "cd".repeat(20);

  @Test
  void aWholeReportIsValid() throws IOException {
    assertThat(errors(JSON.readTree(whole().toJson()))).isEmpty();
  }

  @Test
  void aReportOfAStoryThatNeverBeganIsValid() throws IOException {
    Report early =
        new Report(
            false,
            List.of(new Report.Check("storyCompleted", false, "chain: anvil is missing")),
            7,
            null,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            null,
            null,
            List.of(new Report.PhasePart("chain", 12)),
            List.of());
    assertThat(errors(JSON.readTree(early.toJson()))).isEmpty();
  }

  @Test
  void everyNameOfTheReportIsRequired() throws IOException {
    ObjectNode whole = (ObjectNode) JSON.readTree(whole().toJson());
    List<String> names = new ArrayList<>();
    whole.fieldNames().forEachRemaining(names::add);
    assertThat(names).hasSize(12);
    for (String name : names) {
      ObjectNode without = whole.deepCopy();
      without.remove(name);
      assertThat(errors(without)).as(name).isNotEmpty();
    }
  }

  private static List<Error> errors(JsonNode report) throws IOException {
    Path file =
        Path.of(System.getProperty("smartnodes.root"), "docs/reference/demo-report.schema.json");
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(JSON.readTree(Files.readString(file)))
        .validate(report);
  }

  private static Report whole() {
    List<String> roots = new ArrayList<>(List.of(HASH, HASH, HASH));
    roots.add(null);
    return new Report(
        true,
        List.of(new Report.Check("jobSettled", true, "gone")),
        7,
        new Report.JobPart(HASH, 256, 256, true, 40_000),
        List.of(
            new Report.WorkerPart(ADDRESS, "worker-1", true, 60, 60, 0, "VETTING", null),
            new Report.WorkerPart(ADDRESS, "worker-5", false, 40, 0, 40, "BANNED", HASH)),
        List.of(
            new Report.CertificatePart(
                HASH, ADDRESS, 1, 40, "REFUTED", List.of(ADDRESS), List.of(ADDRESS))),
        List.of(
            new Report.EpochPart(1, 0, List.of(ADDRESS), HASH, 3, 4, HASH, 300_000, HASH, roots)),
        List.of(new Report.ClaimPart(ADDRESS, "1000000000000000000", HASH)),
        new Report.ConservationPart("10", "5", "3", "11", "1", "1", true),
        new Report.DetectionPart(
            40, 30, new BigDecimal("0.2"), new BigDecimal("0.999999999999999999")),
        List.of(new Report.PhasePart("job", 40_000)),
        List.of(new Report.ProcessPart("anvil", 1.5, 80.2)));
  }
}
