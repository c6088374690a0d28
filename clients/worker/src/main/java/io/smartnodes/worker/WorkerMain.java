package io.smartnodes.worker;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.protocol.Amount;
import io.smartnodes.runner.client.UnitRunner;
import io.smartnodes.sdk.Bootstrap;
import io.smartnodes.sdk.Identity;
import io.smartnodes.sdk.Registrar;
import io.smartnodes.wire.Malformed;
import io.smartnodes.wire.deployment.Deployments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the worker agent. */
@Command(
    name = "smartnodes-worker",
    mixinStandardHelpOptions = true,
    versionProvider = WorkerMain.Version.class,
    description =
        "Sells verified work of this machine: runs units, commits to their results, "
            + "opens them to juries.",
    footer = {
      "",
      "Example:",
      "  smartnodes-worker --deployment deployment.json --home ~/.smartnodes/worker \\",
      "    --password-file password --bootstrap 0x1f…@validator.example:7443 --price 0.01",
      "",
      "Exit codes: 0 stopped, 1 refused by the network, 2 wrong arguments."
    })
final class WorkerMain implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger("worker");
  private static final Duration ORDERLY_END = Duration.ofSeconds(10);

  @Option(
      names = "--deployment",
      required = true,
      paramLabel = "FILE",
      description = "deployment.json of the network")
  private Path deployment = Path.of("deployment.json");

  @Option(
      names = "--home",
      required = true,
      paramLabel = "DIR",
      description = "folder for keys, leases and modules; made at first start")
  private Path home = Path.of("worker");

  @Option(
      names = "--password-file",
      required = true,
      paramLabel = "FILE",
      description = "password of the keystores in DIR")
  private Path passwordFile = Path.of("password");

  @Option(
      names = "--bootstrap",
      required = true,
      paramLabel = "PEER@HOST:PORT",
      split = ",",
      description = "validators to start from")
  private List<String> bootstraps = List.of();

  @Option(names = "--host", defaultValue = "0.0.0.0", description = "address to listen on")
  private String host = "0.0.0.0";

  @Option(
      names = "--port",
      defaultValue = "0",
      description = "port to listen on, 0: that of the last start where it is free, else any")
  private int port;

  @Option(
      names = "--public-host",
      defaultValue = "localhost",
      description = "name under which users and juries reach this machine")
  private String publicHost = "localhost";

  @Option(names = "--network", defaultValue = "wasm", description = "network to work for")
  private String network = "wasm";

  @Option(names = "--slots", defaultValue = "1", description = "units to run at a time, at most 64")
  private int slots = 1;

  @Option(names = "--price", defaultValue = "0.01", description = "price of a unit in SNO")
  private BigDecimal price = BigDecimal.ONE;

  @Option(
      names = "--payout",
      paramLabel = "ADDRESS",
      description = "where earnings go; default: the account")
  private @Nullable String payout;

  @Mixin private RunnerOptions runner = new RunnerOptions();

  @Option(names = "--light-keys", description = "weakly protected new keys, for development only")
  private boolean lightKeys;

  @Option(names = "--exit-with-parent", hidden = true)
  private boolean exitWithParent;

  @Option(names = "--cheat-per-mille", hidden = true, description = "falsify units, for tests only")
  private int cheatPerMille;

  @Option(names = "--cheat-seed", hidden = true)
  private long cheatSeed;

  /** The version in the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = WorkerMain.class.getPackage().getImplementationVersion();
      return new String[] {"smartnodes-worker " + (version == null ? "development" : version)};
    }
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new WorkerMain()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    WorkerAgent.Settings settings;
    UnitRunner units;
    try {
      settings = settings();
      units = runner.open(slots, InstantSource.system());
    } catch (IOException | Malformed | IllegalArgumentException | ArithmeticException wrong) {
      System.err.println("smartnodes-worker: " + wrong.getMessage());
      return 2;
    }
    if (exitWithParent) {
      exitWithParent();
    }
    try (WorkerAgent agent = new WorkerAgent(settings, units, InstantSource.system())) {
      new LastPort(home).keep(agent.port());
      Runtime.getRuntime().addShutdownHook(new Thread(agent::close, "stop"));
      System.out.println(
          "worker "
              + settings.identity().peerId()
              + " account "
              + settings.identity().account().address()
              + " port "
              + agent.port());
      return switch (agent.run()) {
        case Registrar.Outcome.Registered registered -> 0;
        case Registrar.Outcome.TimedOut timedOut -> {
          LOG.log(System.Logger.Level.ERROR, "not registered: {0}", timedOut.lastAnswer());
          yield 1;
        }
        case Registrar.Outcome.Refused refused -> {
          System.err.println(
              "smartnodes-worker: the registration was refused: "
                  + refused.message()
                  + " ("
                  + refused.code()
                  + ")");
          yield 1;
        }
      };
    }
  }

  private WorkerAgent.Settings settings() throws IOException {
    if (slots < 1 || slots > UnitRunner.MOST_PLACES) {
      throw new IllegalArgumentException("--slots: from 1 to " + UnitRunner.MOST_PLACES);
    }
    Identity identity =
        Identity.openOrCreate(
            home,
            Files.readString(passwordFile).strip(),
            lightKeys ? Keystore.Strength.LIGHT : Keystore.Strength.STANDARD);
    return new WorkerAgent.Settings(
        Deployments.read(deployment).domain(),
        identity,
        bootstraps.stream().map(Bootstrap::parse).toList(),
        home,
        new InetSocketAddress(host, port == 0 ? new LastPort(home).ifFree(host) : port),
        publicHost,
        Optional.ofNullable(payout).map(Address::fromHex).orElse(identity.account().address()),
        network,
        slots,
        new Amount(price.movePointRight(18).toBigIntegerExact()),
        cheatPerMille > 0 ? new Honesty.Cheat(cheatPerMille, cheatSeed) : new Honesty.Honest());
  }

  /** The launcher holds our standard input open as long as it lives. */
  private static void exitWithParent() {
    Thread.ofPlatform()
        .daemon()
        .name("parent-watch")
        .start(() -> {
          try {
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
          } catch (IOException closed) {
            LOG.log(System.Logger.Level.INFO, "the parent is gone");
          }
          Thread.ofPlatform().daemon().name("parent-watch-halt").start(WorkerMain::haltSoon);
          System.exit(0);
        });
  }

  private static void haltSoon() {
    try {
      Thread.sleep(ORDERLY_END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(0);
  }

  /**
   * The port of the last start: users who wait for outputs, and juries, come back to where they
   * were told to come.
   */
  static final class LastPort {
    private final Path file;

    LastPort(Path home) {
      this.file = home.resolve("port");
    }

    /** The port if nobody else has it, 0 otherwise or at the first start. */
    int ifFree(String host) {
      try {
        if (!Files.exists(file)) {
          return 0;
        }
        int port = Integer.parseInt(Files.readString(file).strip());
        try (ServerSocket socket = new ServerSocket()) {
          // As the server does: connections of the last start may still be winding down.
          socket.setReuseAddress(true);
          socket.bind(new InetSocketAddress(host, port));
        }
        return port;
      } catch (IOException | IllegalArgumentException taken) {
        return 0;
      }
    }

    void keep(int port) {
      try {
        Files.writeString(file, port + "\n");
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }
  }
}
