package io.smartnodes.cli.session;

import io.smartnodes.chain.ChainClient;
import io.smartnodes.cli.network.NetworkFile;
import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.sdk.Bootstrap;
import io.smartnodes.sdk.Identity;
import io.smartnodes.wire.deployment.Deployment;
import io.smartnodes.wire.deployment.Deployments;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which network, and as whom: by default the local one of this checkout, as its user. */
public final class Connection {
  @Option(
      names = "--deployment",
      paramLabel = "FILE",
      description = "deployment.json of another network; needs --rpc, --keys and --password-file")
  private @Nullable Path deployment;

  @Option(
      names = "--bootstrap",
      paramLabel = "PEER@HOST:PORT",
      split = ",",
      description = "validators to start from, for what needs them")
  private List<String> bootstraps = List.of();

  @Option(
      names = "--rpc",
      paramLabel = "URL",
      defaultValue = "${env:SMARTNODES_RPC_URL:-" + Option.NULL_VALUE + "}",
      description = "node of the chain (default: SMARTNODES_RPC_URL, if set)")
  private @Nullable URI rpc;

  @Option(
      names = "--keys",
      paramLabel = "DIR",
      description = "folder with account.json and node.json, made at first use")
  private @Nullable Path keys;

  @Option(names = "--password-file", paramLabel = "FILE", description = "password of the keystores")
  private @Nullable Path passwordFile;

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "on the local network: user (the default), validator-2, worker-1, …")
  private @Nullable String name;

  /** The running local network, empty if another is named or none runs. */
  public Optional<NetworkFile> local() {
    return deployment == null ? NetworkFile.read(Checkout.current().network()) : Optional.empty();
  }

  /** Connects to the validators and the chain. */
  public Session open() throws IOException {
    Optional<NetworkFile> local = local();
    if (local.isEmpty() && bootstraps.isEmpty()) {
      throw new UsageProblem(
          "no local network runs: start one with './smartnodes up', or name one with --deployment,"
              + " --bootstrap, --rpc, --keys and --password-file");
    }
    List<Bootstrap> starts =
        bootstraps.isEmpty()
            ? local.orElseThrow().validators().stream()
                .map(NetworkFile.ValidatorEntry::bootstrap)
                .map(Bootstrap::parse)
                .toList()
            : bootstraps.stream().map(Bootstrap::parse).toList();
    return new Session(
        readDeployment(local), client(local), identity(local), starts, InstantSource.system());
  }

  /** Connects to the chain only: for what needs no validator. */
  public OnChain chain() throws IOException {
    Optional<NetworkFile> local = local();
    return new OnChain(readDeployment(local), client(local), identity(local));
  }

  /** The folder of the keystores. */
  public Path folder() {
    return folder(local());
  }

  /** The password of the keystores. */
  public String password() throws IOException {
    return password(local());
  }

  private Deployment readDeployment(Optional<NetworkFile> local) throws IOException {
    return Deployments.read(
        pick(deployment, local.map(NetworkFile::deployment).map(Path::of), "--deployment"));
  }

  private ChainClient client(Optional<NetworkFile> local) {
    return new ChainClient(
        pick(rpc, local.map(NetworkFile::rpc).map(URI::create), "--rpc"), ChainClient.PATIENT);
  }

  private Identity identity(Optional<NetworkFile> local) throws IOException {
    return Identity.openOrCreate(folder(local), password(local), Keystore.Strength.STANDARD);
  }

  private String password(Optional<NetworkFile> local) throws IOException {
    Path file =
        pick(passwordFile, local.map(NetworkFile::password).map(Path::of), "--password-file");
    return Files.readString(file).strip();
  }

  private Path folder(Optional<NetworkFile> local) {
    String who = name;
    if (keys != null || who == null) {
      return pick(keys, local.map(NetworkFile::user).map(Path::of), "--keys");
    }
    Path folder =
        local
            .map(network -> Path.of(network.user()).resolveSibling(who))
            .orElseThrow(
                () -> new UsageProblem("--as names somebody of a local network; none runs"));
    if (!Files.exists(folder.resolve("account.json"))) {
      throw new UsageProblem(
          "nobody is called '" + who + "' here: user, validator-1, … and worker-1, …");
    }
    return folder;
  }

  private static <T> T pick(@Nullable T given, Optional<T> local, String option) {
    if (given != null) {
      return given;
    }
    return local.orElseThrow(() ->
        new UsageProblem(
            option
                + " is missing, and no local network runs: start one with './smartnodes up', or name"
                + " one with --deployment, --rpc, --keys and --password-file"));
  }
}
