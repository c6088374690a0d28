package io.smartnodes.cli.network;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.embedded.ChildProcess;
import io.smartnodes.embedded.ReadyProbe;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.sdk.Bootstrap;
import io.smartnodes.wire.deployment.Deployment;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A validator in a process of its own.
 *
 * @param name {@code validator-1} and so on
 * @param operator its account
 * @param bootstrap its node and where it listens
 * @param health address of its readiness
 * @param process the JVM
 */
public record ValidatorProcess(
    String name, Address operator, Bootstrap bootstrap, URI health, ChildProcess process) {
  private static final Duration START = Duration.ofMinutes(4);

  /** What all validators of a network share. */
  record Shared(Path jar, Path deploymentFile, Deployment deployment, Path password, URI rpc) {}

  /** What is its own. */
  record Own(
      String name,
      Path home,
      NodeKey operator,
      NodeKey node,
      String keystore,
      int port,
      int managementPort) {
    /** The same place with another node key, in a keystore beside the old one. */
    Own with(NodeKey rotated) {
      return new Own(
          name,
          home,
          operator,
          rotated,
          "node-" + rotated.address().toString().substring(2, 10) + ".json",
          port,
          managementPort);
    }

    Bootstrap bootstrap() {
      return new Bootstrap(PeerId.of(node.publicKey()), "localhost:" + port);
    }
  }

  static ValidatorProcess start(Shared shared, Own own, List<Bootstrap> others) throws IOException {
    Files.createDirectories(own.home());
    Path keystore = own.home().resolve(own.keystore());
    Path account = own.home().resolve("account.json");
    String password = Files.readString(shared.password()).strip();
    keep(keystore, own.node(), password);
    keep(account, own.operator(), password);
    Map<String, String> settings =
        Map.ofEntries(
            Map.entry("smartnodes.home", own.home().toString()),
            Map.entry("smartnodes.deployment", shared.deploymentFile().toString()),
            Map.entry("smartnodes.chain-id", Long.toString(shared.deployment().chainId())),
            Map.entry("smartnodes.core-address", shared.deployment().core().toString()),
            Map.entry("smartnodes.operator", own.operator().address().toString()),
            Map.entry("smartnodes.peer-id", own.bootstrap().peer().toString()),
            Map.entry("smartnodes.public-host", "localhost"),
            Map.entry("smartnodes.public-port", Integer.toString(own.port())),
            Map.entry(
                "smartnodes.bootstrap",
                others.stream().map(Bootstrap::toString).collect(Collectors.joining(","))),
            Map.entry("smartnodes.rpc.url", shared.rpc().toString()),
            Map.entry("smartnodes.keystore.file", keystore.toString()),
            Map.entry("smartnodes.keystore.password-file", shared.password().toString()),
            Map.entry("smartnodes.account.keystore-file", account.toString()),
            Map.entry("smartnodes.db.embedded", "true"),
            Map.entry("smartnodes.exit-with-parent", "true"),
            Map.entry("quarkus.http.host", "127.0.0.1"),
            Map.entry("quarkus.http.ssl-port", Integer.toString(own.port())),
            Map.entry("quarkus.management.port", Integer.toString(own.managementPort())));
    // A unit may use 256 MiB, which must be less than half of the heap.
    // The first tier of the compiler is enough for services, and starts them in half the time.
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-Xmx640m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    settings.forEach((key, value) -> arguments.add("-D" + key + "=" + value));
    arguments.addAll(List.of("-jar", shared.jar().toString()));
    return new ValidatorProcess(
        own.name(),
        own.operator().address(),
        own.bootstrap(),
        URI.create("http://127.0.0.1:" + own.managementPort() + "/q/health/ready"),
        ChildProcess.java(own.name(), arguments, Map.of(), own.home().resolve("log")));
  }

  /** A validator that is started again has its keystores. */
  private static void keep(Path file, NodeKey key, String password) throws IOException {
    if (!Files.exists(file)) {
      Keystore.write(file, key, password, Keystore.Strength.LIGHT);
    }
  }

  /** Waits until it is ready to serve. */
  public void awaitReady() {
    process.awaitReady(ReadyProbe.http(health), START);
  }
}
