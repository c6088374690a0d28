package io.smartnodes.acceptance.cluster.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which steps a run takes.
 *
 * @param names of the steps
 */
public record Choice(Set<String> names) {
  private static final String CHAOS = "chaos";
  private static final String WRONG = "wrong-values";

  /** All steps, in the order in which they are taken. */
  public enum Step {
    STORY("story", "story", true, "the demo's story, the job's home on the cluster"),
    PODS_KILLED("pods-killed", CHAOS, true, "every pod deleted by force while a job runs"),
    PROCESSES_KILLED("processes-killed", CHAOS, false, "every process killed (-9) during an epoch"),
    SIGNER_KILLED("signer-killed", CHAOS, true, "one signer signs; killed, the standby takes over"),
    UPGRADE("upgrade", CHAOS, false, "helm upgrade in the middle of an epoch"),
    HELM_TEST("helm-test", CHAOS, false, "helm test: a handshake with every service, and a job"),
    ROLLBACK("rollback", CHAOS, false, "helm rollback"),
    POSTGRES_AWAY("postgres-away", CHAOS, true, "PostgreSQL stopped for 30 s during a job"),
    KAFKA_AWAY("kafka-away", CHAOS, true, "Kafka stopped for 30 s during a job"),
    MODULES("modules", CHAOS, false, "modules that loop and take all memory beside a job"),
    DRAIN("drain", CHAOS, false, "the node drained: disruption budgets hold"),
    MISSING_SECRET("missing-secret", WRONG, true, "a secret that is not there"),
    WRONG_PASSWORD("wrong-password", WRONG, true, "a wrong database password"),
    WRONG_CHAIN("wrong-chain", WRONG, true, "a deployment on another chain than the node's"),
    WRONG_KEY("wrong-key", WRONG, true, "a node key that is not the peer's"),
    UNKNOWN_VALUE("unknown-value", WRONG, true, "a value that the chart does not know");

    private final String title;
    private final String group;
    private final boolean quick;
    private final String what;

    Step(String title, String group, boolean quick, String what) {
      this.title = title;
      this.group = group;
      this.quick = quick;
      this.what = what;
    }

    /** Its name. */
    public String title() {
      return title;
    }

    /** What is done. */
    public String what() {
      return what;
    }
  }

  /**
   * The steps of a run.
   *
   * @param only names of steps or groups; all steps if empty
   * @param quick none but those that fit into twelve minutes
   * @throws IllegalArgumentException if a name is nobody's
   */
  public static Choice of(List<String> only, boolean quick) {
    Set<String> names = new LinkedHashSet<>();
    for (String wanted : only) {
      List<String> found =
          List.of(Step.values()).stream()
              .filter(step -> step.title.equals(wanted) || step.group.equals(wanted))
              .map(Step::title)
              .toList();
      if (found.isEmpty()) {
        throw new IllegalArgumentException("no step or group is called '" + wanted + "': --list");
      }
      names.addAll(found);
    }
    for (Step step : Step.values()) {
      if (only.isEmpty() && (step.quick || !quick)) {
        names.add(step.title);
      }
    }
    return new Choice(names);
  }

  /** Whether a step is taken. */
  public boolean has(Step step) {
    return names.contains(step.title);
  }

  /** The names of the steps that are not taken. */
  public List<String> left() {
    return List.of(Step.values()).stream()
        .map(Step::title)
        .filter(title -> !names.contains(title))
        .toList();
  }

  /** All steps for people. */
  public static List<String> table() {
    List<String> lines = new ArrayList<>();
    for (Step step : Step.values()) {
      lines.add(
          "%-18s %-13s %s%s"
              .formatted(
                  step.title, step.group, step.what, step.quick ? "" : " (not with --quick)"));
    }
    return lines;
  }
}
