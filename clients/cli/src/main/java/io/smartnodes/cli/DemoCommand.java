package io.smartnodes.cli;

import io.smartnodes.cli.demo.Demo;
import io.smartnodes.cli.demo.DemoOptions;
import io.smartnodes.cli.demo.Report;
import io.smartnodes.cli.job.JobFile;
import io.smartnodes.cli.job.JobWork;
import io.smartnodes.cli.network.LocalNetwork;
import io.smartnodes.cli.network.NetworkFile;
import io.smartnodes.cli.network.NetworkFolder;
import io.smartnodes.cli.network.NetworkLayout;
import io.smartnodes.cli.network.NetworkPlan;
import io.smartnodes.cli.network.process.Programs;
import io.smartnodes.cli.session.Checkout;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.cli.terminal.UsageProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code smartnodes demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Lives through the whole story once: chain, contracts, validators, workers (one of them a"
            + " cheat), one real job, epochs, payment, claims. Stops everything at the end.",
    footer = {
      "",
      "Examples:",
      "  smartnodes demo",
      "  smartnodes demo --keep                        leave it running afterwards",
      "  smartnodes demo --once --report report.json   for machines",
      "  smartnodes demo --validators 7 --workers 8 --cheaters 2 --kill-validator",
      "  smartnodes demo --split 1                     the job's home is five processes and Kafka",
      "  smartnodes demo --module mine.wasm --inputs my-inputs/",
      "",
      "Exit codes: 0 every check held, 1 something failed, 2 wrong usage."
    })
final class DemoCommand implements Callable<Integer> {
  @Mixin private NetworkOptions size = new NetworkOptions();

  @Option(names = "--keep", description = "leave the network running and say what to try next")
  private boolean keep;

  @Option(names = "--once", description = "for machines: no colours, no progress bars")
  private boolean once;

  @Option(names = "--report", paramLabel = "FILE", description = "write a report as JSON")
  private @Nullable Path report;

  @Option(
      names = "--module",
      paramLabel = "M.wasm",
      description = "a WASI command module instead of the example; needs --inputs")
  private @Nullable Path module;

  @Option(
      names = "--inputs",
      paramLabel = "DIR",
      description = "its inputs: every file is the standard input of one unit")
  private @Nullable Path inputs;

  @Option(
      names = "--kill-validator",
      description = "kill -9 a validator, other than the job's home, while the job runs")
  private boolean killValidator;

  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws Exception {
    if (keep && once) {
      throw new UsageProblem("--keep and --once exclude each other");
    }
    Checkout checkout = Checkout.current();
    NetworkPlan plan = size.plan(1);
    JobWork work = work(checkout);
    NetworkLayout layout = size.layout();
    Programs programs = checkout.programs();
    layout.check(programs);
    Terminal terminal = output.isJson() ? Terminal.error() : Terminal.standard(once);
    NetworkFolder folder = NetworkFolder.take(keep ? checkout.network() : checkout.demo());
    LocalNetwork network = new LocalNetwork(plan, layout, programs, folder);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(network::close));
    Path results = checkout.results().resolve("demo-" + plan.seed());
    Demo demo =
        new Demo(
            network,
            new DemoOptions(
                plan,
                work,
                layout.split().stream().min(Integer::compare),
                killValidator,
                DemoOptions.NOTHING,
                keep,
                results),
            terminal,
            InstantSource.system());
    terminal.line("Seed " + plan.seed() + "; logs in " + folder.path());
    demo.run();
    boolean stays = keep && demo.report().ok();
    if (stays) {
      demo.disconnect();
    } else {
      demo.stop();
    }
    Report found = demo.report();
    publish(found, terminal, folder);
    if (stays) {
      hold(network, terminal);
    }
    return found.ok() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private JobWork work(Checkout checkout) throws IOException {
    if ((module == null) != (inputs == null)) {
      throw new UsageProblem("--module and --inputs belong together");
    }
    return module == null || inputs == null
        ? JobFile.read(checkout.exampleJob())
        : JobFile.of(module, inputs);
  }

  private void publish(Report found, Terminal terminal, NetworkFolder folder) throws IOException {
    if (report != null) {
      found.write(report);
    }
    if (output.isJson()) {
      output.print(found);
    }
    for (Report.Check check : found.checks()) {
      if (check.ok()) {
        terminal.success("  ok      " + check.name() + ": " + check.detail());
      } else {
        terminal.failure("  FAILED  " + check.name() + ": " + check.detail());
      }
    }
    if (found.ok()) {
      terminal.success("Every check held.");
    } else {
      terminal.failure("Not every check held; logs are in " + folder.path());
    }
  }

  private static void hold(LocalNetwork network, Terminal terminal) throws InterruptedException {
    NetworkFile file = network.publish();
    StatusCommand.print(file, terminal);
    terminal.plain("");
    terminal.plain("The network stays until Ctrl-C here, or './smartnodes down' elsewhere. Try:");
    terminal.plain("  ./smartnodes status");
    terminal.plain("  ./smartnodes run examples/fractal/job.yaml");
    terminal.plain("  ./smartnodes epoch show");
    new CountDownLatch(1).await();
  }
}
