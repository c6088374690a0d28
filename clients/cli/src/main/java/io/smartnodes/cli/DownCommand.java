package io.smartnodes.cli;

import io.smartnodes.cli.network.NetworkFile;
import io.smartnodes.cli.network.NetworkFolder;
import io.smartnodes.cli.session.Checkout;
import io.smartnodes.cli.terminal.Terminal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** {@code smartnodes down}. */
@Command(
    name = "down",
    mixinStandardHelpOptions = true,
    description = "Stops the local network of this checkout, and what a killed one left behind.",
    footer = {"", "Example:", "  smartnodes down", "", "Exit codes: 0 nothing runs, 1 failed."})
final class DownCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Override
  public Integer call() throws InterruptedException {
    Checkout checkout = Checkout.current();
    Terminal terminal = Terminal.standard(false);
    Optional<NetworkFile> file = NetworkFile.read(checkout.network());
    if (file.isPresent()) {
      ProcessHandle.of(file.get().pid()).ifPresent(ProcessHandle::destroy);
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (NetworkFolder.isHeld(checkout.network()) && System.nanoTime() < end) {
        Thread.sleep(100);
      }
    }
    if (NetworkFolder.isHeld(checkout.network())) {
      terminal.failure("the network does not stop; it is starting, or stuck");
      return ExitCode.SOFTWARE;
    }
    // Taking the folder ends what a killed holder left behind.
    NetworkFolder.take(checkout.network()).close();
    terminal.line(file.isPresent() ? "stopped" : "nothing was running");
    return ExitCode.OK;
  }
}
