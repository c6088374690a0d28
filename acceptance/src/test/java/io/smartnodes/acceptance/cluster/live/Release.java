package io.smartnodes.acceptance.cluster.live;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartnodes.acceptance.cluster.kube.Command;
import io.smartnodes.acceptance.cluster.kube.Helm;
import io.smartnodes.acceptance.cluster.kube.Kube;
import io.smartnodes.cli.network.process.Backing;
import io.smartnodes.cli.network.process.Elsewhere;
import io.smartnodes.cli.network.process.Founder;
import io.smartnodes.cli.network.process.Surroundings;
import io.smartnodes.protocol.job.JobLifecycle;
import io.smartnodes.sdk.Bootstrap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The validator of the cluster: a release of our chart in a namespace that takes restricted pods
 * only, with PostgreSQL and Kafka beside the cluster.
 */
public final class Release implements Elsewhere {
  public static final Duration ROLLOUT = Duration.ofMinutes(15);

  /** Services as the chart's values name them and as pods are labelled, with their node ports. */
  public static final Map<String, Integer> PORTS =
      new LinkedHashMap<>(
          Map.of(
              "peerRegistry", 31743,
              "jobRouter", 31744,
              "attestation", 31745,
              "reputationLedger", 31746,
              "chainProposer", 31747));

  public static final String SIGNER = "chain-proposer";
  public static final String ATTESTATION = "attestation";
  public static final String RUNNER = "runner";

  /** Environment variable with a file of values that win over those of the test. */
  private static final String MORE_VALUES = "SMARTNODES_CLUSTER_VALUES";

  /** Environment variable with options for all JVMs of the cluster. */
  private static final String JAVA_OPTIONS = "SMARTNODES_CLUSTER_JAVA_OPTIONS";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration STOP = Duration.ofMinutes(3);

  private final Kube kube;
  private final Helm helm;
  private final String node;
  private @Nullable Backing backing;
  private List<Path> values = List.of();

  public Release(Kube kube, Helm helm) {
    this.kube = kube;
    this.helm = helm;
    this.node = kube.nodeAddress();
  }

  @Override
  public String address() {
    return node + ":" + PORTS.get("peerRegistry");
  }

  @Override
  public void start(Founder founder, Surroundings around, List<Bootstrap> others)
      throws IOException {
    Backing beside = backing;
    if (beside == null) {
      beside = Backing.start(founder.home().resolve("beside"), around.host(), around.adopt());
      backing = beside;
    }
    makeNamespace();
    Founder.Secrets files = founder.write(around.password());
    secret("node-key", Map.of("node.json", read(files.node()), "password", read(files.password())));
    secret(
        "account-key",
        Map.of("account.json", read(files.account()), "password", read(files.password())));
    secret("signer-token", Map.of("token", read(files.token())));
    secret("chain", Map.of("url", around.rpc().toString()));
    secret("database", Map.of("username", beside.user(), "password", beside.password()));
    Path user = around.deploymentFile().resolveSibling("user");
    secret(
        "user",
        Map.of(
            "account.json", read(user.resolve("account.json")),
            "node.json", read(user.resolve("node.json")),
            "password", read(files.password())));
    Path file = founder.home().resolve("values.json");
    JSON.writeValue(file.toFile(), values(founder, around, others, beside));
    List<Path> all = new ArrayList<>(List.of(file));
    Optional.ofNullable(System.getenv(MORE_VALUES)).map(Path::of).ifPresent(all::add);
    values = List.copyOf(all);
    helm.apply(ROLLOUT, values, List.of()).output();
  }

  private void makeNamespace() {
    ObjectNode namespace = object("v1", "Namespace", kube.namespace());
    ObjectNode labels = ((ObjectNode) namespace.get("metadata")).putObject("labels");
    for (String mode : List.of("enforce", "audit", "warn")) {
      labels.put("pod-security.kubernetes.io/" + mode, "restricted");
    }
    kube.apply(namespace);
  }

  /** Makes or changes a secret; what it holds goes by standard input. */
  public void secret(String name, Map<String, String> data) {
    ObjectNode secret = object("v1", "Secret", name);
    ObjectNode content = secret.putObject("stringData");
    data.forEach(content::put);
    kube.apply(secret);
  }

  private static ObjectNode object(String version, String kind, String name) {
    ObjectNode object = JSON.createObjectNode().put("apiVersion", version).put("kind", kind);
    object.putObject("metadata").put("name", name);
    return object;
  }

  private ObjectNode values(
      Founder founder, Surroundings around, List<Bootstrap> others, Backing beside)
      throws IOException {
    ObjectNode all = JSON.createObjectNode();
    all.put("peerId", founder.peer().toString());
    all.put("operator", founder.account().toString());
    all.putObject("deployment").put("json", Files.readString(around.deploymentFile()));
    others.forEach(other -> all.withArray("bootstrap").add(other.toString()));
    all.withObject("keys").withObject("node").put("secret", "node-key");
    all.withObject("keys").withObject("account").put("secret", "account-key");
    all.putObject("signer").put("tokenSecret", "signer-token");
    all.putObject("rpc").put("secret", "chain");
    all.putObject("database").put("url", beside.databaseUrl()).put("secret", "database");
    all.putObject("kafka").put("bootstrapServers", beside.bootstrapServers());
    all.put("publicHost", node);
    all.putObject("test").putObject("user").put("secret", "user");
    PORTS.forEach((service, port) -> {
      // Two of each, which is what the chart does if not told otherwise.
      ObjectNode own = all.withObject("services").putObject(service);
      own.putObject("resources").putObject("requests").put("cpu", "10m").put("memory", "128Mi");
      own.putObject("external").put("enabled", true).put("type", "NodePort").put("nodePort", port);
    });
    for (String other : List.of("runner", "preflight")) {
      ObjectNode requests = all.withObject(other).withObject("resources").withObject("requests");
      requests.put("cpu", "10m").put("memory", "128Mi");
    }
    Optional.ofNullable(System.getenv(JAVA_OPTIONS))
        .ifPresent(options -> all.put("javaToolOptions", options));
    network(all.putObject("networkPolicy"), around, beside);
    return all;
  }

  /** Nothing may leave but to what stands beside the cluster, and to the peers on this machine. */
  private void network(ObjectNode policy, Surroundings around, Backing beside) {
    String machine = around.host() + "/32";
    door(policy.putObject("database"), machine, port(beside.databaseUrl()));
    door(policy.putObject("kafka"), machine, port(beside.bootstrapServers()));
    door(policy.putObject("rpc"), machine, around.rpc().getPort());
    var peers = policy.putObject("peers").putArray("cidrs");
    peers.addObject().put("cidr", machine);
    // Its own announced addresses are peers' addresses too.
    peers.addObject().put("cidr", node + "/32");
  }

  private static void door(ObjectNode rule, String cidr, int port) {
    rule.putArray("to").addObject().putObject("ipBlock").put("cidr", cidr);
    rule.putArray("ports").add(port);
  }

  private static int port(String address) {
    String authority = address.replaceFirst("^[a-z]+://", "").replaceFirst("/.*$", "");
    return Integer.parseInt(authority.substring(authority.lastIndexOf(':') + 1));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file).strip();
  }

  /** What stands beside the cluster. */
  public Backing backing() {
    Backing started = backing;
    if (started == null) {
      throw new IllegalStateException("nothing stands beside the cluster yet");
    }
    return started;
  }

  /** The database of the validator. */
  public Rows rows() {
    return new Rows(backing().databaseUrl(), backing().user(), backing().password());
  }

  /** The jobs whose home it is that are neither complete nor ended. */
  public List<String> runningJobs() {
    List<JobLifecycle.State> running =
        List.of(
            JobLifecycle.State.SUBMITTED, JobLifecycle.State.RUNNING, JobLifecycle.State.VERIFYING);
    String states =
        running.stream()
            .map(state -> Integer.toString(state.code()))
            .collect(Collectors.joining(", "));
    return rows().query("select id from router.job where state in (" + states + ")").stream()
        .map(List::getFirst)
        .toList();
  }

  /** The files with the values that it was installed with. */
  public List<Path> values() {
    if (values.isEmpty()) {
      throw new IllegalStateException("the release is not installed yet");
    }
    return values;
  }

  /** Changes values and waits until everything is ready again. */
  public Command.Result upgrade(List<String> settings) {
    return helm.apply(ROLLOUT, values(), settings);
  }

  /** The cluster. */
  public Kube kube() {
    return kube;
  }

  /** The release. */
  public Helm helm() {
    return helm;
  }

  /** Its pods that are not ending. */
  public List<Kube.Pod> pods() {
    return kube.pods(helm.release()).stream()
        .filter(pod -> !pod.ending() && PORTS.keySet().stream().anyMatch(s -> is(pod, s)))
        .toList();
  }

  private static boolean is(Kube.Pod pod, String service) {
    return component(service).equals(pod.component());
  }

  /** The label of a service: {@code peer-registry} for {@code peerRegistry}. */
  public static String component(String service) {
    return service.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
  }

  @Override
  public boolean isReady() {
    List<Kube.Pod> pods = pods();
    return pods.size() == kube.replicas(helm.release()) && pods.stream().allMatch(Kube.Pod::ready);
  }

  /** Waits until all pods are ready. */
  public void awaitReady(Duration patience) throws InterruptedException {
    Kube.await("all pods are ready", patience, this::isReady);
  }

  @Override
  public void killHard() {
    pods().forEach(kube::destroy);
  }

  @Override
  public void stop() {
    helm.uninstall(STOP);
    Command.run(
            STOP, List.of("kubectl", "delete", "namespace", kube.namespace(), "--ignore-not-found"))
        .output();
  }
}
