package io.smartnodes.acceptance.cluster.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartnodes.acceptance.cluster.kube.Command;
import io.smartnodes.acceptance.cluster.kube.Helm;
import io.smartnodes.acceptance.cluster.kube.Kube;
import io.smartnodes.acceptance.cluster.live.Lab;
import io.smartnodes.acceptance.cluster.live.Limits;
import io.smartnodes.acceptance.cluster.live.Release;
import io.smartnodes.acceptance.cluster.report.Choice.Step;
import io.smartnodes.acceptance.cluster.report.Steps;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.crypto.NodeKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Values that are wrong: an installation says in one line what is, and leaves nothing. */
public final class WrongValues {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RELEASE = "mistaken";

  private final Lab lab;
  private final Release release;
  private final Steps steps;
  private final Helm helm;

  public WrongValues(Lab lab, Steps steps) {
    this.lab = lab;
    this.release = lab.release();
    this.steps = steps;
    this.helm = release.helm().called(RELEASE);
  }

  /** Takes a step if it is one of these. */
  void take(Step step) throws InterruptedException {
    switch (step) {
      case MISSING_SECRET -> missingSecret();
      case WRONG_PASSWORD -> wrongPassword();
      case WRONG_CHAIN -> wrongChain();
      case WRONG_KEY -> wrongKey();
      case UNKNOWN_VALUE -> unknownValue();
      case STORY,
          HELM_TEST,
          PODS_KILLED,
          PROCESSES_KILLED,
          SIGNER_KILLED,
          UPGRADE,
          ROLLBACK,
          POSTGRES_AWAY,
          KAFKA_AWAY,
          MODULES,
          DRAIN -> {}
    }
  }

  private void missingSecret() throws InterruptedException {
    steps.run(
        Step.MISSING_SECRET.title(),
        "Installing with a secret that is not there",
        () ->
            says(
                "(?i)(secret|keystore|database|user).*(missing|not found|no such|is not there|not set)",
                List.of(),
                "database.secret=nobody"));
  }

  private void wrongPassword() throws InterruptedException {
    steps.run(
        Step.WRONG_PASSWORD.title(),
        "Installing with a wrong database password",
        () -> {
          release.secret(
              "wrong-login", Map.of("username", release.backing().user(), "password", "wrong"));
          return says("(?i)password", List.of(), "database.secret=wrong-login");
        });
  }

  private void wrongChain() throws InterruptedException {
    steps.run(
        Step.WRONG_CHAIN.title(),
        "Installing with a deployment on another chain than the node's",
        () -> says("(?i)chain.*\\b31337\\b", List.of(onAnotherChain())));
  }

  private Path onAnotherChain() throws IOException {
    ObjectNode values = (ObjectNode) JSON.readTree(release.values().getFirst().toFile());
    ObjectNode deployment =
        (ObjectNode) JSON.readTree(values.path("deployment").path("json").asText());
    deployment.put("chainId", 84532);
    values.withObject("deployment").put("json", JSON.writeValueAsString(deployment));
    Path file = release.values().getFirst().resolveSibling("another-chain.json");
    Files.writeString(file, JSON.writeValueAsString(values));
    return file;
  }

  private void wrongKey() throws InterruptedException {
    steps.run(
        Step.WRONG_KEY.title(),
        "Installing with a node key that is not the peer's",
        () -> {
          Path file = release.values().getFirst().resolveSibling("stranger.json");
          NodeKey stranger = lab.network().keys().stranger(7).node();
          Files.deleteIfExists(file);
          Keystore.write(file, stranger, "local", Keystore.Strength.LIGHT);
          release.secret(
              "stranger-key", Map.of("node.json", Files.readString(file), "password", "local"));
          return says("(?i)peer", List.of(), "keys.node.secret=stranger-key");
        });
  }

  private void unknownValue() throws InterruptedException {
    steps.run(
        Step.UNKNOWN_VALUE.title(),
        "Installing with a value that the chart does not know",
        () -> says("nonsense", List.of(), "nonsense=1"));
  }

  /** Installs, and expects it to fail with a line; twice, if what it asked did not answer. */
  private String says(String pattern, List<Path> more, String... settings) {
    try {
      return tried(pattern, more, settings);
    } catch (NothingSaid unanswered) {
      return tried(pattern, more, settings);
    }
  }

  private String tried(String pattern, List<Path> more, String... settings) {
    try {
      List<Path> files = new ArrayList<>(release.values());
      files.addAll(more);
      Command.Result result = helm.apply(Limits.REFUSED, files, List.of(settings));
      Steps.check(!result.ok(), "it was installed");
      String all = result.out() + "\n" + result.error() + "\n" + preflight();
      String line =
          all.lines()
              .filter(one -> Pattern.compile(pattern).matcher(one).find())
              .findFirst()
              .orElseThrow(() -> new NothingSaid(all));
      Steps.check(
          release.kube().pods(RELEASE).stream()
              .allMatch(pod -> pod.component().equals("preflight")),
          "something was installed");
      return line.strip();
    } finally {
      helm.uninstall(Limits.REFUSED);
      release.kube().run("delete", "job,pod", "-l", "app.kubernetes.io/instance=" + RELEASE);
    }
  }

  /** What the containers of the preflight job said. */
  private String preflight() {
    StringBuilder said = new StringBuilder();
    JsonNode pods = release.kube().get("pods", "-l", "app.kubernetes.io/instance=" + RELEASE);
    for (JsonNode pod : pods.path("items")) {
      Kube.Pod one = Kube.Pod.of(pod);
      one.trouble().ifPresent(trouble -> said.append(trouble).append('\n'));
      for (String container : one.containers()) {
        said.append(release.kube().log(one.name(), container)).append('\n');
      }
    }
    return said.toString();
  }

  /** An installation failed, and not one of its lines is the one expected. */
  private static final class NothingSaid extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    NothingSaid(String all) {
      super("nothing says what is wrong: " + all);
    }
  }
}
