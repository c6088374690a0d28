package io.smartnodes.cli.network.process;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.embedded.ChildProcess;
import io.smartnodes.embedded.ReadyProbe;
import io.smartnodes.sdk.Bootstrap;
import io.smartnodes.sdk.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A worker agent in a process of its own.
 *
 * @param name {@code worker-1} and so on
 * @param account its account
 * @param honest whether it tells the truth
 * @param process the JVM
 */
public record WorkerProcess(String name, Address account, boolean honest, ChildProcess process) {
  private static final Duration START = Duration.ofMinutes(5);
  private static final Pattern LISTENS = Pattern.compile("^worker 0x.* port [0-9]+$");

  /** Starts one, for the first time or again in its folder; see {@link #awaitReady()}. */
  public static WorkerProcess start(
      Surroundings around,
      String name,
      Path home,
      Identity identity,
      List<Bootstrap> bootstraps,
      int cheatPerMille,
      long cheatSeed)
      throws IOException {
    Files.createDirectories(home);
    String password = Files.readString(around.password()).strip();
    // They are there when it is started again.
    if (!Files.exists(home.resolve("node.json"))) {
      Keystore.write(
          home.resolve("account.json"), identity.account(), password, Keystore.Strength.LIGHT);
      Keystore.write(home.resolve("node.json"), identity.node(), password, Keystore.Strength.LIGHT);
    }
    // Many JVMs on few processors: better code costs more time to make here than it saves.
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    around
        .programs()
        .runnerSettings()
        .forEach((key, value) -> arguments.add("-D" + key + "=" + value));
    arguments.addAll(
        List.of(
            "-jar",
            around.programs().worker().toString(),
            "--deployment",
            around.deploymentFile().toString(),
            "--home",
            home.toString(),
            "--password-file",
            around.password().toString(),
            "--bootstrap",
            bootstraps.stream().map(Bootstrap::toString).collect(Collectors.joining(",")),
            "--host",
            around.bindAddress(),
            "--public-host",
            around.host(),
            "--light-keys",
            "--exit-with-parent"));
    if (cheatPerMille > 0) {
      arguments.addAll(
          List.of(
              "--cheat-per-mille",
              Integer.toString(cheatPerMille),
              "--cheat-seed",
              Long.toString(cheatSeed)));
    }
    ChildProcess process = ChildProcess.java(name, arguments, Map.of(), home.resolve("log"));
    around.adopt().accept(process);
    return new WorkerProcess(name, identity.account().address(), cheatPerMille == 0, process);
  }

  /** Waits until it listens. */
  public void awaitReady() {
    process.awaitReady(ReadyProbe.logLine(process.log(), LISTENS), START);
  }
}
