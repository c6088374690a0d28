package io.smartnodes.images.ground;

import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.deploy.Deployer;
import io.smartnodes.chain.deploy.DeploymentPlan;
import io.smartnodes.chain.deploy.NetworkProfile;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.embedded.Anvil;
import io.smartnodes.embedded.EmbeddedKafka;
import io.smartnodes.embedded.EmbeddedPostgres;
import io.smartnodes.embedded.FreePorts;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.wire.deployment.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A validator's surroundings on the loopback interface, for programs that are trained or measured:
 * a chain with the contracts and one founder, PostgreSQL, Kafka, keystores. Every key is worthless:
 * anybody can compute it. Writes {@code NAME.options} for each service and for the validator: Java
 * options that hold its settings, and {@code ready} when all is there. Ends when its standard input
 * ends.
 */
public final class Ground implements AutoCloseable {
  /** The five services, the signer first, since the others cannot start without it. */
  static final List<String> SERVICES =
      List.of("chain-proposer", "peer-registry", "reputation-ledger", "attestation", "job-router");

  private static final NodeKey DEPLOYER =
      NodeKey.of(
          Bytes32.fromHex("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"));
  private static final String PASSWORD = "training";

  private final Path host;
  private final Path inside;
  private @Nullable Anvil anvil;
  private @Nullable EmbeddedPostgres split;
  private @Nullable EmbeddedPostgres together;
  private @Nullable EmbeddedKafka kafka;

  /**
   * Surroundings that are not there yet.
   *
   * @param host folder for everything
   * @param inside the path under which the programs see that folder
   */
  Ground(Path host, Path inside) {
    this.host = host;
    this.inside = inside;
  }

  /** Arguments: anvil's binary, a folder, and the path under which programs see it. */
  public static void main(String... args) throws Exception {
    try (Ground ground = new Ground(Path.of(args[1]), Path.of(args[2]))) {
      ground.start(Path.of(args[0]));
      System.out.println("ready");
      while (System.in.read() >= 0) {
        // Whoever started this holds the other end.
      }
    }
  }

  private void start(Path binary) throws Exception {
    Files.createDirectories(host);
    NodeKey operator = key("operator");
    NodeKey node = key("node");
    Files.writeString(host.resolve("password"), PASSWORD);
    Files.writeString(
        host.resolve("token"), Keccak.text("token of the training ground").toString());
    Keystore.write(host.resolve("node.json"), node, PASSWORD, Keystore.Strength.LIGHT);
    Keystore.write(host.resolve("account.json"), operator, PASSWORD, Keystore.Strength.LIGHT);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<EmbeddedPostgres> first =
          threads.submit(() -> EmbeddedPostgres.start(host.resolve("postgres-split"), 0));
      Future<EmbeddedKafka> broker =
          threads.submit(
              () -> EmbeddedKafka.start(host.resolve("kafka"), EmbeddedKafka.Settings.loopback(0)));
      Deployment deployment = deploy(binary, operator, node);
      split = first.get();
      together = EmbeddedPostgres.start(host.resolve("postgres-together"), 0);
      kafka = broker.get();
      write(deployment, operator.address(), PeerId.of(node.publicKey()));
    }
  }

  private Deployment deploy(Path binary, NodeKey operator, NodeKey node)
      throws IOException, InterruptedException {
    Anvil chain =
        Anvil.start(
            new Anvil.Settings(
                binary, 0, 31_337, 1, 10, Optional.empty(), host.resolve("anvil.log")));
    anvil = chain;
    DeploymentPlan plan =
        new DeploymentPlan(
            NetworkProfile.named(NetworkProfile.LOCAL),
            List.of(DeploymentPlan.Founder.withKeys(operator, node, Amount.ofCoins(1_000))),
            Map.of(key("user").address(), Amount.ofCoins(10_000)),
            key("treasury").address(),
            Address.ZERO,
            Keccak.text("seed of the training ground"));
    try (ChainClient client = new ChainClient(chain.rpcUrl())) {
      return new Deployer(client, DEPLOYER).deploy(plan, host.resolve("deployment.json"));
    }
  }

  private void write(Deployment deployment, Address operator, PeerId peer) throws IOException {
    List<Integer> ports = FreePorts.many(2 * SERVICES.size() + 2);
    Map<String, String> all = new LinkedHashMap<>();
    all.put("smartnodes.peer-id", peer.toString());
    all.put("smartnodes.chain-id", Long.toString(deployment.chainId()));
    all.put("smartnodes.core-address", deployment.core().toString());
    all.put("smartnodes.operator", operator.toString());
    all.put("smartnodes.deployment", inside("deployment.json"));
    all.put("smartnodes.public-host", "localhost");
    all.put("smartnodes.signer.token-file", inside("token"));
    // Nothing is replayed here, so nobody needs to listen there.
    all.put("smartnodes.runner.socket", "/tmp/runner.sock");
    all.put("quarkus.http.host", "127.0.0.1");
    all.put("quarkus.management.host", "127.0.0.1");
    Map<String, String> apart = new LinkedHashMap<>(all);
    apart.put("smartnodes.db.url", present(split).url());
    apart.put("smartnodes.events.transport", "kafka");
    apart.put("smartnodes.kafka.bootstrap-servers", present(kafka).bootstrapServers());
    apart.put("smartnodes.signer.url", "https://localhost:" + ports.get(0));
    for (int i = 0; i < SERVICES.size(); i++) {
      String address = "localhost:" + ports.get(2 * i);
      apart.put("smartnodes.services." + SERVICES.get(i) + ".address", address);
      apart.put("smartnodes.services." + SERVICES.get(i) + ".public-address", address);
    }
    for (int i = 0; i < SERVICES.size(); i++) {
      Map<String, String> own = new LinkedHashMap<>(apart);
      if (i == 0) {
        own.putAll(ofSigner());
      }
      options(SERVICES.get(i), own, ports.get(2 * i), ports.get(2 * i + 1));
    }
    Map<String, String> one = new LinkedHashMap<>(all);
    one.putAll(ofSigner());
    one.put("smartnodes.db.url", present(together).url());
    int port = ports.get(2 * SERVICES.size());
    one.put("smartnodes.public-port", Integer.toString(port));
    options("validator", one, port, ports.get(2 * SERVICES.size() + 1));
    Files.writeString(host.resolve("ready"), "");
  }

  private Map<String, String> ofSigner() {
    return Map.of(
        "smartnodes.rpc.url", present(anvil).rpcUrl().toString(),
        "smartnodes.keystore.file", inside("node.json"),
        "smartnodes.keystore.password-file", inside("password"),
        "smartnodes.account.keystore-file", inside("account.json"),
        "smartnodes.account.password-file", inside("password"),
        "smartnodes.signer.high-water-file", "/tmp/signed");
  }

  private void options(String name, Map<String, String> settings, int port, int management)
      throws IOException {
    settings.put("quarkus.http.ssl-port", Integer.toString(port));
    settings.put("quarkus.management.port", Integer.toString(management));
    String lines =
        settings.entrySet().stream()
            .map(entry -> "-D" + entry.getKey() + "=" + entry.getValue() + "\n")
            .collect(Collectors.joining());
    Files.writeString(host.resolve(name + ".options"), lines);
    Files.writeString(
        host.resolve(name + ".health"), "http://127.0.0.1:" + management + "/q/health\n");
  }

  private String inside(String file) {
    return inside.resolve(file).toString();
  }

  private static NodeKey key(String role) {
    return NodeKey.of(Keccak.text("training ground " + role));
  }

  private static <T> T present(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("this part of the ground was not started");
    }
    return part;
  }

  @Override
  public void close() {
    if (kafka != null) {
      kafka.close();
    }
    if (split != null) {
      split.close();
    }
    if (together != null) {
      together.close();
    }
    if (anvil != null) {
      anvil.close();
    }
  }
}
