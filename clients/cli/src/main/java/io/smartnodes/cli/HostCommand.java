package io.smartnodes.cli;

import io.smartnodes.cli.network.LocalNetwork;
import io.smartnodes.cli.network.NetworkFolder;
import io.smartnodes.cli.session.Checkout;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Holds a local network in the foreground; {@code up} starts it in the background. */
@Command(
    name = "host",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Holds a local network until it is told to stop.")
final class HostCommand implements Callable<Integer> {
  @Mixin private NetworkOptions size = new NetworkOptions();

  @Override
  public Integer call() throws Exception {
    Checkout checkout = Checkout.current();
    LocalNetwork network =
        new LocalNetwork(
            size.plan(0),
            size.layout(),
            checkout.programs(),
            NetworkFolder.take(checkout.network()));
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(network::close));
    network.startChain();
    network.deploy();
    network.startValidators();
    network.startWorkers();
    network.publish();
    new CountDownLatch(1).await();
    return 0;
  }
}
