package io.smartnodes.cli.network.process;

import io.smartnodes.embedded.ChildProcess;
import io.smartnodes.embedded.ReadyProbe;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One service of a split validator; it keeps its ports from start to start. */
final class ServiceProcess {
  /** Datasource of each service, as its settings name it. */
  private static final Map<String, String> UNITS =
      Map.of(
          "peer-registry", "registry",
          "job-router", "router",
          "attestation", "attestation",
          "reputation-ledger", "ledger",
          "chain-proposer", "proposer");

  // Many JVMs on few processors: better code costs more time to make here than it saves.
  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xshare:auto",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final String name;
  private final String host;
  private final int port;
  private final int managementPort;
  private volatile @Nullable ChildProcess process;

  ServiceProcess(String name, String host, int port, int managementPort) {
    this.name = name;
    this.host = host;
    this.port = port;
    this.managementPort = managementPort;
  }

  String name() {
    return name;
  }

  /** {@code host:port} for siblings and strangers. */
  String address() {
    return host + ":" + port;
  }

  private URI health() {
    return URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready");
  }

  void start(Founder founder, Surroundings around, Map<String, String> common, Backing backing) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap() + "m");
    command.addAll(JVM);
    Map<String, String> settings = new HashMap<>(common);
    settings.put("quarkus.http.host", Surroundings.bindAddress(host));
    settings.put("quarkus.http.ssl-port", Integer.toString(port));
    settings.put("quarkus.management.port", Integer.toString(managementPort));
    settings.put("smartnodes.instance.address", address());
    if (name.equals("chain-proposer")) {
      settings.putAll(SplitSettings.ofSigner(founder, around));
    }
    if (name.equals("attestation")) {
      settings.putAll(around.programs().runnerSettings());
    }
    settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(List.of("-jar", around.programs().service(name).toString()));
    ChildProcess started =
        ChildProcess.service(
            founder.name() + "-" + name,
            command,
            environment(backing),
            founder.home().resolve(name + ".log"));
    process = started;
    around.adopt().accept(started);
  }

  /** Command lines are everybody's to read, so that secrets go another way. */
  private Map<String, String> environment(Backing backing) {
    String unit = UNITS.getOrDefault(name, name).toUpperCase(Locale.ROOT);
    return Map.of(
        "QUARKUS_DATASOURCE_" + unit + "_USERNAME", backing.user(),
        "QUARKUS_DATASOURCE_" + unit + "_PASSWORD", backing.password());
  }

  /** The state of a ledger must fit, and a module on its way to the runner. */
  private int heap() {
    return switch (name) {
      case "attestation" -> 320;
      case "reputation-ledger", "chain-proposer" -> 256;
      default -> 160;
    };
  }

  ChildProcess process() {
    ChildProcess running = process;
    if (running == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return running;
  }

  void awaitReady(Duration patience) {
    process().awaitReady(ReadyProbe.http(health()), patience);
  }

  void killHard() {
    ChildProcess running = process;
    if (running != null) {
      running.killHard();
    }
  }

  void stop() {
    ChildProcess running = process;
    if (running != null) {
      running.close();
    }
  }

  Optional<LocalValidator.Part> part(String validator) {
    return Optional.ofNullable(process)
        .map(running ->
            new LocalValidator.Part(validator + "-" + name, Optional.of(health()), running));
  }
}
