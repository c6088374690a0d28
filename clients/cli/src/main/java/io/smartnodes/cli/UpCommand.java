package io.smartnodes.cli;

import io.smartnodes.cli.network.NetworkFile;
import io.smartnodes.cli.network.NetworkFolder;
import io.smartnodes.cli.network.NetworkLayout;
import io.smartnodes.cli.network.NetworkPlan;
import io.smartnodes.cli.session.Checkout;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.cli.terminal.UsageProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** {@code smartnodes up}. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = "Starts a local network in the background; 'down' stops it.",
    footer = {
      "",
      "Examples:",
      "  smartnodes up",
      "  smartnodes up --validators 7 --workers 10",
      "  smartnodes up --split 1                       one of them as five processes and Kafka",
      "",
      "Exit codes: 0 it runs, 1 it does not start, 2 wrong usage."
    })
final class UpCommand implements Callable<Integer> {
  private static final Duration START = Duration.ofMinutes(6);

  @Mixin private NetworkOptions size = new NetworkOptions();
  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Checkout checkout = Checkout.current();
    NetworkPlan plan = size.plan(0);
    NetworkLayout layout = size.layout();
    layout.check(checkout.programs());
    if (NetworkFolder.isHeld(checkout.network())) {
      throw new UsageProblem("a network runs already: see 'status', or stop it with 'down'");
    }
    Files.createDirectories(checkout.network());
    Path log = checkout.network().resolveSibling("network.log");
    Process host =
        new ProcessBuilder(command(plan, layout))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    Terminal terminal = output.isJson() ? Terminal.error() : Terminal.standard(false);
    terminal.step("Starting a network (seed " + plan.seed() + "); log " + log);
    long end = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < end) {
      Optional<NetworkFile> file = NetworkFile.read(checkout.network());
      if (file.isPresent()) {
        if (output.isJson()) {
          output.print(file.get());
        } else {
          StatusCommand.print(file.get(), terminal);
        }
        return ExitCode.OK;
      }
      if (!host.isAlive()) {
        throw new IllegalStateException("it did not start: " + Files.readString(log).strip());
      }
      Thread.sleep(200);
    }
    host.destroy();
    throw new IllegalStateException("it did not start in " + START.toSeconds() + " s; see " + log);
  }

  /** The same program, without our terminal: setsid keeps Ctrl-C here from reaching it. */
  private static List<String> command(NetworkPlan plan, NetworkLayout layout) {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid");
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "host"));
    command.addAll(List.of(NetworkOptions.arguments(plan, layout)));
    return command;
  }
}
