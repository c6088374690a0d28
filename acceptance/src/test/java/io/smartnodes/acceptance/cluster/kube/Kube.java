package io.smartnodes.acceptance.cluster.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartnodes.chain.ChainFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One namespace of the cluster of the current context, by kubectl. Blocking. */
public final class Kube {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final int TRIES = 10;

  private final String namespace;

  public Kube(String namespace) {
    this.namespace = namespace;
  }

  /**
   * A pod.
   *
   * @param component which of our services it is, empty if none
   * @param ready whether it serves
   * @param restarts of all its containers
   * @param created when it was made
   * @param readySince when it last became ready, null if it is not
   * @param json everything that is known of it
   */
  public record Pod(
      String name,
      String uid,
      String component,
      boolean ready,
      boolean ending,
      int restarts,
      Instant created,
      @Nullable Instant readySince,
      JsonNode json) {
    public static Pod of(JsonNode pod) {
      JsonNode meta = pod.path("metadata");
      int restarts = 0;
      for (JsonNode container : statuses(pod)) {
        restarts += container.path("restartCount").asInt();
      }
      Instant since = null;
      for (JsonNode condition : pod.path("status").path("conditions")) {
        if (condition.path("type").asText().equals("Ready")
            && condition.path("status").asText().equals("True")) {
          since = Instant.parse(condition.path("lastTransitionTime").asText());
        }
      }
      return new Pod(
          meta.path("name").asText(),
          meta.path("uid").asText(),
          meta.path("labels").path("app.kubernetes.io/component").asText(),
          since != null,
          meta.has("deletionTimestamp"),
          restarts,
          Instant.parse(meta.path("creationTimestamp").asText()),
          since,
          pod);
    }

    /** How often a container was started again. */
    public int restarts(String container) {
      return status(container).map(status -> status.path("restartCount").asInt()).orElse(0);
    }

    /** The id of a container that runs, without the name of the runtime. */
    public Optional<String> containerId(String container) {
      return status(container)
          .filter(status -> status.path("state").has("running"))
          .map(status -> status.path("containerID").asText().replaceFirst("^.*://", ""));
    }

    /** The names of its containers, those that start first and stay included. */
    public List<String> containers() {
      return statuses(json).stream().map(status -> status.path("name").asText()).toList();
    }

    /** Why a container waits, or what it ended with: one line of the node. */
    public Optional<String> trouble() {
      for (JsonNode status : statuses(json)) {
        String message = status.path("state").path("waiting").path("message").asText();
        if (!message.isEmpty()) {
          return Optional.of(status.path("name").asText() + ": " + message);
        }
      }
      return Optional.empty();
    }

    private Optional<JsonNode> status(String container) {
      return statuses(json).stream()
          .filter(status -> status.path("name").asText().equals(container))
          .findFirst();
    }

    private static List<JsonNode> statuses(JsonNode pod) {
      List<JsonNode> all = new ArrayList<>();
      pod.path("status").path("containerStatuses").forEach(all::add);
      pod.path("status").path("initContainerStatuses").forEach(all::add);
      return all;
    }
  }

  /** The namespace. */
  public String namespace() {
    return namespace;
  }

  /** Runs kubectl in the namespace. */
  public Command.Result run(String... arguments) {
    return run(PATIENCE, "", arguments);
  }

  /** Runs kubectl in the namespace with input. */
  public Command.Result run(Duration patience, String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of("kubectl", "-n", namespace));
    command.addAll(List.of(arguments));
    return Command.run(patience, command, input);
  }

  /** Creates or changes objects. */
  public void apply(JsonNode object) {
    run(PATIENCE, object.toString(), "apply", "-f", "-").output();
  }

  /** Objects as JSON. */
  public JsonNode get(String... what) {
    List<String> arguments = new ArrayList<>(List.of("get", "-o", "json"));
    arguments.addAll(List.of(what));
    String[] command = arguments.toArray(String[]::new);
    Command.Result result = run(command);
    for (int again = 0; !result.ok() && again < TRIES; again++) {
      // The API server is busy: reading again harms nobody.
      pause();
      result = run(command);
    }
    return parse(result.output());
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.multipliedBy(TRIES));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  /** The pods of a release that serve or should, by name. */
  public List<Pod> pods(String release) {
    List<Pod> pods = new ArrayList<>();
    for (JsonNode item : get("pods", "-l", "app.kubernetes.io/instance=" + release).path("items")) {
      Pod pod = Pod.of(item);
      // Those of finished jobs serve nobody.
      if (!List.of("Succeeded", "Failed").contains(item.path("status").path("phase").asText())) {
        pods.add(pod);
      }
    }
    return pods;
  }

  /** The pods of one service that are not ending. */
  public List<Pod> pods(String release, String component) {
    return pods(release).stream()
        .filter(pod -> pod.component().equals(component) && !pod.ending())
        .toList();
  }

  /** How many pods the services of a release should have. */
  public int replicas(String release) {
    int wanted = 0;
    String own = "app.kubernetes.io/instance=" + release;
    for (JsonNode item : get("deployments,statefulsets", "-l", own).path("items")) {
      wanted += item.path("spec").path("replicas").asInt(1);
    }
    return wanted;
  }

  /** A pod as it is now, empty if it is gone. */
  public Optional<Pod> pod(String name) {
    Command.Result found = run("get", "pod", name, "-o", "json", "--ignore-not-found");
    return Optional.of(found.output())
        .filter(text -> !text.isBlank())
        .map(Kube::parse)
        .map(Pod::of);
  }

  /** Takes a pod away without letting it say goodbye. */
  public void destroy(Pod pod) {
    run("delete", "pod", pod.name(), "--grace-period=0", "--force", "--wait=false").output();
  }

  /** Asks for a pod to be moved away as a drain does; the answer says whether it may. */
  public Command.Result evict(Pod pod) {
    String eviction =
        """
        {"apiVersion": "policy/v1", "kind": "Eviction",
         "metadata": {"name": "%s", "namespace": "%s"}}
        """
            .formatted(pod.name(), namespace);
    return run(
        PATIENCE,
        eviction,
        "create",
        "--raw",
        "/api/v1/namespaces/" + namespace + "/pods/" + pod.name() + "/eviction",
        "-f",
        "-");
  }

  /** The log of a container, empty if there is none. */
  public String log(String pod, String container) {
    Command.Result log = run("logs", pod, "-c", container);
    return log.ok() ? log.out() : "";
  }

  /** A name of the only node. */
  public String node() {
    return get("nodes").path("items").path(0).path("metadata").path("name").asText();
  }

  /** The address of a node that other machines reach. */
  public String nodeAddress() {
    for (JsonNode address : get("nodes").path("items").path(0).path("status").path("addresses")) {
      if (address.path("type").asText().equals("InternalIP")) {
        return address.path("address").asText();
      }
    }
    throw new IllegalStateException("the node has no address");
  }

  /** The version of Kubernetes. */
  public String version() {
    return parse(run("version", "-o", "json").output())
        .path("serverVersion")
        .path("gitVersion")
        .asText();
  }

  /**
   * Waits until something holds; a cluster that does not answer meanwhile is asked again.
   *
   * @throws IllegalStateException if it does not in time
   */
  public static void await(String what, Duration patience, BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    String last = "";
    while (true) {
      try {
        if (condition.getAsBoolean()) {
          return;
        }
      } catch (IllegalStateException | ChainFailure unanswered) {
        last = ": " + unanswered.getMessage();
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            what + " did not happen in " + patience.toSeconds() + " s" + last);
      }
      Thread.sleep(PAUSE);
    }
  }

  /** Reads JSON. */
  public static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
