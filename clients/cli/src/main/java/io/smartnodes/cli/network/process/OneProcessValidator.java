package io.smartnodes.cli.network.process;

import io.smartnodes.crypto.NodeKey;
import io.smartnodes.embedded.ChildProcess;
import io.smartnodes.embedded.ReadyProbe;
import io.smartnodes.sdk.Bootstrap;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The five services of a validator and their PostgreSQL in one process, and its children. */
public final class OneProcessValidator implements LocalValidator {
  private static final Duration START = Duration.ofMinutes(15);
  // A module of 32 MiB on its way to the runner must fit beside the services.
  // The first tier of the compiler is enough for services, and starts them in half the time.
  private static final List<String> JVM =
      List.of(
          "-Xmx384m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xshare:auto",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final String host;
  private final int port;
  private final int managementPort;
  private volatile Founder founder;
  private volatile @Nullable ChildProcess process;

  /** One that is not started yet. */
  public OneProcessValidator(Founder founder, String host, int port, int managementPort) {
    this.founder = founder;
    this.host = host;
    this.port = port;
    this.managementPort = managementPort;
  }

  @Override
  public Founder founder() {
    return founder;
  }

  @Override
  public Bootstrap bootstrap() {
    return new Bootstrap(founder.peer(), host + ":" + port);
  }

  @Override
  public void rotate(NodeKey node) {
    founder = founder.with(node);
  }

  @Override
  public void start(Surroundings around, List<Bootstrap> others) throws IOException {
    Founder.Secrets secrets = founder.write(around.password());
    List<String> arguments = new ArrayList<>(JVM);
    settings(around, secrets, others)
        .forEach((key, value) -> arguments.add("-D" + key + "=" + value));
    arguments.addAll(List.of("-jar", around.programs().validator().toString()));
    ChildProcess started =
        ChildProcess.java(founder.name(), arguments, Map.of(), founder.home().resolve("log"));
    process = started;
    around.adopt().accept(started);
  }

  private Map<String, String> settings(
      Surroundings around, Founder.Secrets secrets, List<Bootstrap> others) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("smartnodes.home", founder.home().toString());
    settings.put("smartnodes.deployment", around.deploymentFile().toString());
    settings.put("smartnodes.chain-id", Long.toString(around.deployment().chainId()));
    settings.put("smartnodes.core-address", around.deployment().core().toString());
    settings.put("smartnodes.operator", founder.account().toString());
    settings.put("smartnodes.peer-id", founder.peer().toString());
    settings.put("smartnodes.public-host", host);
    settings.put("smartnodes.public-port", Integer.toString(port));
    settings.put(
        "smartnodes.bootstrap",
        others.stream().map(Bootstrap::toString).collect(Collectors.joining(",")));
    settings.put("smartnodes.rpc.url", around.rpc().toString());
    settings.put("smartnodes.keystore.file", secrets.node().toString());
    settings.put("smartnodes.keystore.password-file", secrets.password().toString());
    settings.put("smartnodes.account.keystore-file", secrets.account().toString());
    settings.put("smartnodes.db.embedded", "true");
    settings.put("smartnodes.exit-with-parent", "true");
    settings.putAll(around.programs().runnerSettings());
    settings.put("quarkus.http.host", Surroundings.bindAddress(host));
    settings.put("quarkus.http.ssl-port", Integer.toString(port));
    settings.put("quarkus.management.port", Integer.toString(managementPort));
    if (!host.equals(Surroundings.LOOPBACK)) {
      // Its services call each other too, and the loopback interface is closed to them.
      settings.put("smartnodes.instance.address", host + ":" + port);
      for (String service : SplitValidator.SERVICES) {
        settings.put("smartnodes.services." + service + ".address", host + ":" + port);
      }
    }
    return settings;
  }

  private URI health() {
    return URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready");
  }

  private ChildProcess started() {
    ChildProcess running = process;
    if (running == null) {
      throw new IllegalStateException(founder.name() + " was never started");
    }
    return running;
  }

  @Override
  public boolean isAlive() {
    ChildProcess running = process;
    return running != null && running.isAlive();
  }

  @Override
  public void awaitReady() {
    started().awaitReady(ReadyProbe.http(health()), START);
  }

  @Override
  public void killHard() {
    started().killHard();
  }

  @Override
  public void stop() {
    ChildProcess running = process;
    if (running != null) {
      running.close();
    }
  }

  @Override
  public List<Part> parts() {
    ChildProcess running = process;
    return running == null
        ? List.of()
        : List.of(new Part(founder.name(), Optional.of(health()), running));
  }
}
