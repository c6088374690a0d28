package io.smartnodes.acceptance.cluster.kube;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One release of a chart, by helm. Blocking. */
public final class Helm {
  private final String namespace;
  private final String release;
  private final Path chart;

  public Helm(String namespace, String release, Path chart) {
    this.namespace = namespace;
    this.release = release;
    this.chart = chart;
  }

  /** Another release of the same chart. */
  public Helm called(String other) {
    return new Helm(namespace, other, chart);
  }

  /** The name of the release. */
  public String release() {
    return release;
  }

  /**
   * Installs or changes it, and waits until everything is ready.
   *
   * @param values files, later ones win
   * @param settings {@code path=value}, which win over all files
   */
  public Command.Result apply(Duration patience, List<Path> values, List<String> settings) {
    List<String> command =
        new ArrayList<>(
            List.of("helm", "upgrade", "--install", release, chart.toString(), "-n", namespace));
    values.forEach(file -> command.addAll(List.of("-f", file.toString())));
    settings.forEach(setting -> command.addAll(List.of("--set-string", setting)));
    command.addAll(List.of("--wait", "--timeout", patience.toSeconds() + "s"));
    return Command.run(patience.plusSeconds(30), command);
  }

  /** Goes back to an earlier revision, and waits until everything is ready. */
  public Command.Result rollback(int revision, Duration patience) {
    return Command.run(
        patience.plusSeconds(30),
        List.of(
            "helm",
            "rollback",
            release,
            Integer.toString(revision),
            "-n",
            namespace,
            "--wait",
            "--timeout",
            patience.toSeconds() + "s"));
  }

  /** The present revision. */
  public int revision() {
    String history =
        Command.run(
                Duration.ofMinutes(2),
                List.of("helm", "history", release, "-n", namespace, "--max", "1", "-o", "json"))
            .output();
    return Kube.parse(history).path(0).path("revision").asInt();
  }

  /** Runs the tests of the release. */
  public Command.Result test(Duration patience) {
    return Command.run(
        patience.plusSeconds(30),
        List.of(
            "helm",
            "test",
            release,
            "-n",
            namespace,
            "--logs",
            "--timeout",
            patience.toSeconds() + "s"));
  }

  /** Removes it, if it is there. */
  public void uninstall(Duration patience) {
    Command.run(
            patience.plusSeconds(30),
            List.of(
                "helm",
                "uninstall",
                release,
                "-n",
                namespace,
                "--ignore-not-found",
                "--wait",
                "--timeout",
                patience.toSeconds() + "s"))
        .output();
  }
}
