package io.smartnodes.embedded;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A local Ethereum chain in a process of its own: anvil on the Osaka fork. */
public final class Anvil implements AutoCloseable {
  /** Environment variable that names the binary where it is not on the PATH. */
  public static final String BINARY_VARIABLE = "SMARTNODES_ANVIL";

  /** Mnemonic of anvil's ten funded development accounts; worthless outside a local chain. */
  public static final String MNEMONIC =
      "test test test test test test test test test test test junk";

  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration START = Duration.ofMinutes(3);

  private final ChildProcess process;
  private final String host;
  private final int port;

  private Anvil(ChildProcess process, String host, int port) {
    this.process = process;
    this.host = host;
    this.port = port;
  }

  /**
   * How to start it.
   *
   * @param binary the native program, see {@link #find}
   * @param host address of this machine on which it listens
   * @param port TCP port, or 0 for a free one
   * @param chainId EIP-155 chain id
   * @param blockSeconds seconds between blocks; 0 mines a block per transaction
   * @param accounts number of funded accounts of {@link #MNEMONIC}
   * @param state file from which the chain is read at start and to which it is written at the end
   * @param genesis time of the first block, now if empty; the clock goes on from there
   * @param log file that receives the output
   */
  public record Settings(
      Path binary,
      String host,
      int port,
      long chainId,
      int blockSeconds,
      int accounts,
      Optional<Path> state,
      Optional<Instant> genesis,
      Path log) {
    /** A chain that starts now, on the loopback interface. */
    public Settings(
        Path binary,
        int port,
        long chainId,
        int blockSeconds,
        int accounts,
        Optional<Path> state,
        Path log) {
      this(binary, LOOPBACK, port, chainId, blockSeconds, accounts, state, Optional.empty(), log);
    }
  }

  /** Starts the chain and waits until it answers. */
  public static Anvil start(Settings settings) {
    int port = settings.port() == 0 ? FreePorts.one() : settings.port();
    List<String> command = new ArrayList<>();
    command.addAll(List.of(settings.binary().toString(), "--hardfork", "osaka"));
    command.addAll(List.of("--host", settings.host(), "--port", Integer.toString(port)));
    command.addAll(List.of("--chain-id", Long.toString(settings.chainId())));
    command.addAll(List.of("--accounts", Integer.toString(settings.accounts())));
    command.addAll(List.of("--mnemonic", MNEMONIC));
    if (settings.blockSeconds() > 0) {
      command.addAll(List.of("--block-time", Integer.toString(settings.blockSeconds())));
    }
    settings
        .state()
        .ifPresent(
            file -> command.addAll(List.of("--state", file.toString(), "--state-interval", "5")));
    settings
        .genesis()
        .ifPresent(
            time -> command.addAll(List.of("--timestamp", Long.toString(time.getEpochSecond()))));
    ChildProcess process = ChildProcess.program("anvil", command, Map.of(), settings.log());
    Anvil anvil = new Anvil(process, settings.host(), port);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(anvil::close));
    process.awaitReady(ReadyProbe.ethereumNode(anvil.rpcUrl()), START);
    return anvil;
  }

  /**
   * Finds the native binary: the given path, else {@value #BINARY_VARIABLE}, else the PATH. A
   * script that npm put in its place is followed to the binary beside it.
   */
  public static Optional<Path> find(Optional<Path> given) {
    Stream<Path> candidates =
        Stream.concat(
            Stream.concat(
                given.stream(), Stream.ofNullable(System.getenv(BINARY_VARIABLE)).map(Path::of)),
            Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(entry -> !entry.isBlank())
                .map(entry -> Path.of(entry, "anvil")));
    return candidates.filter(Files::isExecutable).map(Anvil::nativeBinary).findFirst();
  }

  private static Path nativeBinary(Path found) {
    try {
      Path real = found.toRealPath();
      if (!isScript(real)) {
        return real;
      }
      for (Path up = real.getParent(); up != null; up = up.getParent()) {
        Path scope = up.resolve("@foundry-rs");
        if (Files.isDirectory(scope)) {
          try (Stream<Path> packages = Files.list(scope)) {
            return packages
                .filter(dir -> dir.getFileName().toString().startsWith("anvil-"))
                .map(dir -> dir.resolve("bin/anvil"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(real);
          }
        }
      }
      return real;
    } catch (IOException e) {
      throw new UncheckedIOException("anvil cannot be read: " + found, e);
    }
  }

  private static boolean isScript(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(2), StandardCharsets.US_ASCII).equals("#!");
    }
  }

  /** JSON-RPC address over HTTP; the same port answers WebSockets. */
  public URI rpcUrl() {
    return URI.create("http://" + host + ":" + port);
  }

  /** Lets time pass on the chain at once; the next block shows it. */
  public void passTime(Duration time) throws InterruptedException {
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"evm_increaseTime\",\"params\":["
            + time.toSeconds()
            + "]}";
    HttpRequest ask =
        HttpRequest.newBuilder(rpcUrl())
            .timeout(START)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      String answer = client.send(ask, HttpResponse.BodyHandlers.ofString()).body();
      if (!answer.contains("\"result\"")) {
        throw new IllegalStateException("the chain refuses to pass time: " + answer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the chain does not answer", e);
    }
  }

  /** TCP port. */
  public int port() {
    return port;
  }

  /** The process, for its log, CPU time and memory. */
  public ChildProcess process() {
    return process;
  }

  /** Stops the chain; with a state file it can be started again where it was. */
  @Override
  public void close() {
    process.stop(Duration.ofSeconds(10));
  }
}
