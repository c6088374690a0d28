package io.smartnodes.cli.session;

import io.smartnodes.chain.ChainClient;
import io.smartnodes.cli.network.NetworkFile;
import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.sdk.Bootstrap;
import io.smartnodes.sdk.Identity;
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
      description = "deployment.json of another network; needs the four options below too")
  private @Nullable Path deployment;

  @Option(
      names = "--bootstrap",
      paramLabel = "PEER@HOST:PORT",
      split = ",",
      description = "validators to start from")
  private List<String> bootstraps = List.of();

  @Option(names = "--rpc", paramLabel = "URL", description = "node of the chain")
  private @Nullable URI rpc;

  @Option(
      names = "--keys",
      paramLabel = "DIR",
      description = "folder with account.json and node.json")
  private @Nullable Path keys;

  @Option(names = "--password-file", paramLabel = "FILE", description = "password of the keystores")
  private @Nullable Path passwordFile;

  /** The running local network, empty if another is named or none runs. */
  public Optional<NetworkFile> local() {
    return deployment == null ? NetworkFile.read(Checkout.current().network()) : Optional.empty();
  }

  /** Connects. */
  public Session open() throws IOException {
    Optional<NetworkFile> local = local();
    if (local.isEmpty() && (deployment == null || bootstraps.isEmpty() || rpc == null)) {
      throw new UsageProblem(
          "no local network runs: start one with './smartnodes up', or name one with --deployment,"
              + " --bootstrap, --rpc, --keys and --password-file");
    }
    Path file = pick(deployment, local.map(NetworkFile::deployment), "--deployment");
    Path folder = pick(keys, local.map(NetworkFile::user), "--keys");
    Path secret = pick(passwordFile, local.map(NetworkFile::password), "--password-file");
    URI node = rpc == null ? URI.create(local.map(NetworkFile::rpc).orElseThrow()) : rpc;
    List<Bootstrap> starts =
        bootstraps.isEmpty()
            ? local.orElseThrow().validators().stream()
                .map(NetworkFile.ValidatorEntry::bootstrap)
                .map(Bootstrap::parse)
                .toList()
            : bootstraps.stream().map(Bootstrap::parse).toList();
    Identity identity =
        Identity.openOrCreate(folder, Files.readString(secret).strip(), Keystore.Strength.STANDARD);
    return new Session(
        Deployments.read(file), new ChainClient(node), identity, starts, InstantSource.system());
  }

  private static Path pick(@Nullable Path given, Optional<String> local, String option) {
    if (given != null) {
      return given;
    }
    return local.map(Path::of).orElseThrow(() -> new UsageProblem(option + " is missing"));
  }
}
