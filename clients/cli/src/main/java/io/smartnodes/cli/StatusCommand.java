package io.smartnodes.cli;

import io.smartnodes.cli.network.NetworkFile;
import io.smartnodes.cli.session.Checkout;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.Terminal;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** {@code smartnodes status}. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Shows the local network of this checkout.",
    footer = {
      "",
      "Examples:",
      "  smartnodes status",
      "  smartnodes status -o json",
      "",
      "Exit codes: 0 it runs, 1 nothing runs."
    })
final class StatusCommand implements Callable<Integer> {
  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws IOException {
    Optional<NetworkFile> file = NetworkFile.read(Checkout.current().network());
    if (file.isEmpty()) {
      System.err.println("no network runs; start one with './smartnodes up'");
      return ExitCode.SOFTWARE;
    }
    if (output.isJson()) {
      output.print(file.get());
    } else {
      print(file.get(), Terminal.standard(false));
    }
    return ExitCode.OK;
  }

  /** Prints where everything is. */
  static void print(NetworkFile file, Terminal terminal) {
    terminal.plain("chain        " + file.rpc());
    terminal.plain("deployment   " + file.deployment());
    terminal.plain("user         " + file.user());
    for (NetworkFile.ValidatorEntry validator : file.validators()) {
      terminal.plain(validator.name() + "  " + validator.operator());
      terminal.plain("             " + validator.bootstrap());
      for (NetworkFile.ProcessEntry process : validator.processes()) {
        terminal.plain("             " + process.name() + "  " + state(process.pid()));
        terminal.plain("               " + process.health() + "  log " + process.log());
      }
    }
    for (NetworkFile.WorkerEntry worker : file.workers()) {
      terminal.plain(
          worker.name()
              + "     "
              + state(worker.pid())
              + "  "
              + worker.account()
              + (worker.honest() ? "" : "  cheats"));
    }
  }

  private static String state(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent() ? "runs" : "dead";
  }
}
