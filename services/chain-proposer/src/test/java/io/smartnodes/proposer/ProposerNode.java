package io.smartnodes.proposer;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.deploy.Deployer;
import io.smartnodes.chain.deploy.DeploymentPlan;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.embedded.Anvil;
import io.smartnodes.embedded.EmbeddedPostgres;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.wire.deployment.Deployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A chain with the contracts of one validator, its keys and its database. */
public class ProposerNode implements QuarkusTestResourceLifecycleManager {
  static final String TOKEN = "a-token-of-the-operator";
  static final NodeKey NODE = NodeKey.of(Keccak.text("node"));
  static final NodeKey OPERATOR = NodeKey.of(Keccak.text("operator"));
  // The first of anvil's development accounts, worthless outside a local chain.
  static final NodeKey FUNDED =
      NodeKey.of(
          Bytes32.fromHex("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"));

  private Optional<EmbeddedPostgres> postgres = Optional.empty();
  private Optional<Anvil> anvil = Optional.empty();

  @Override
  public Map<String, String> start() {
    try {
      Path directory = Files.createTempDirectory(Path.of("target"), "node").toAbsolutePath();
      Anvil chain = Anvil.start(settings(directory));
      anvil = Optional.of(chain);
      EmbeddedPostgres database = EmbeddedPostgres.start(directory.resolve("postgres"), 0);
      postgres = Optional.of(database);
      Path file = directory.resolve("deployment.json");
      Deployment deployment;
      try (ChainClient client = new ChainClient(chain.rpcUrl())) {
        deployment = new Deployer(client, FUNDED).deploy(plan(), file);
      }
      Files.writeString(directory.resolve("password"), "secret\n");
      Files.writeString(directory.resolve("token"), TOKEN + "\n");
      Keystore.write(directory.resolve("node.json"), NODE, "secret", Keystore.Strength.LIGHT);
      Keystore.write(
          directory.resolve("operator.json"), OPERATOR, "secret", Keystore.Strength.LIGHT);
      return Map.ofEntries(
          Map.entry("smartnodes.db.url", database.url()),
          Map.entry("smartnodes.rpc.url", chain.rpcUrl().toString()),
          Map.entry("smartnodes.deployment", file.toString()),
          Map.entry("smartnodes.operator", OPERATOR.address().toString()),
          Map.entry("smartnodes.keystore.file", directory.resolve("node.json").toString()),
          Map.entry("smartnodes.keystore.password-file", directory.resolve("password").toString()),
          Map.entry(
              "smartnodes.account.keystore-file", directory.resolve("operator.json").toString()),
          Map.entry("smartnodes.signer.token-file", directory.resolve("token").toString()),
          Map.entry("smartnodes.peer-id", NODE.peerId().toString()),
          Map.entry("smartnodes.chain-id", Long.toString(deployment.chainId())),
          Map.entry("smartnodes.core-address", deployment.core().toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Anvil.Settings settings(Path directory) {
    Path binary =
        Anvil.find(
                Optional.of(
                    Path.of(
                        System.getProperty("smartnodes.root"),
                        "contracts/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil")))
            .orElseThrow();
    return new Anvil.Settings(
        binary, 0, 31_337, 1, 2, Optional.empty(), directory.resolve("anvil.log"));
  }

  private static DeploymentPlan plan() {
    return new DeploymentPlan(
        List.of(
            new DeploymentPlan.Founder(
                OPERATOR, NODE.publicKey(), OPERATOR.address(), Amount.ofCoins(1_000))),
        Map.of(),
        List.of(),
        Keccak.text("seed"),
        ProposerNode::parameters);
  }

  /** Epochs and rounds of four seconds, confirmation under one block. */
  private static ProtocolParameters parameters(Instant genesis) {
    List<Amount> values =
        new ArrayList<>(ProtocolParameters.devnet(FUNDED.address(), genesis).values());
    values.set(0, Amount.of(4));
    values.set(1, Amount.of(4));
    values.set(2, Amount.of(1));
    return new ProtocolParameters(values);
  }

  @Override
  public void stop() {
    postgres.ifPresent(EmbeddedPostgres::close);
    anvil.ifPresent(Anvil::close);
  }
}
