package io.smartnodes.acceptance.cluster.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartnodes.cli.demo.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the report of a run on a cluster has beside that of a demonstration, and the file of both;
 * described by docs/reference/demo-report.schema.json.
 *
 * @param skipped why there was no cluster, null if there was one
 * @param kubernetes its version
 * @param steps in order; each is one of the report's checks too
 * @param notRun names of steps that this run left out
 * @param pods of the validator at the end
 */
public record ClusterPart(
    @Nullable String skipped,
    String kubernetes,
    List<StepPart> steps,
    List<String> notRun,
    List<PodPart> pods) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Copies the lists. */
  public ClusterPart {
    steps = List.copyOf(steps);
    notRun = List.copyOf(notRun);
    pods = List.copyOf(pods);
  }

  /** Something that was done, and what was seen. */
  public record StepPart(String name, String what, boolean ok, String detail, long millis) {}

  /**
   * A pod.
   *
   * @param startMillis from its creation until it was first ready, as far as seen; whole seconds
   * @param restarts of its containers
   * @param cpuSeconds of all its containers
   * @param peakMemoryMiB what it had at most, files that it read included
   */
  public record PodPart(
      String name, long startMillis, int restarts, double cpuSeconds, double peakMemoryMiB) {}

  /** Writes the report with this part; its steps are checks like all others. */
  public boolean write(Report story, Path file) throws IOException {
    ObjectNode all = JSON.valueToTree(story);
    ArrayNode checks = all.withArray("checks");
    for (StepPart step : steps) {
      check(checks, step.name(), step.ok(), step.detail());
    }
    all.set("cluster", JSON.valueToTree(this));
    return save(all, file);
  }

  /** Adds a check to a report that was written before. */
  public static boolean add(Path file, String name, boolean ok, String detail) throws IOException {
    ObjectNode all = (ObjectNode) JSON.readTree(file.toFile());
    check(all.withArray("checks"), name, ok, detail);
    return save(all, file);
  }

  private static void check(ArrayNode checks, String name, boolean ok, String detail) {
    checks.addObject().put("name", name).put("ok", ok).put("detail", detail);
  }

  private static boolean save(ObjectNode all, Path file) throws IOException {
    boolean ok = !all.path("checks").isEmpty();
    for (JsonNode check : all.path("checks")) {
      ok &= check.path("ok").asBoolean();
    }
    all.put("ok", ok);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(file, JSON.writeValueAsString(all) + "\n");
    return ok;
  }
}
