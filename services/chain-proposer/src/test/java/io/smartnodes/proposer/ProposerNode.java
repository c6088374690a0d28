package io.smartnodes.proposer;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.deploy.Deployer;
import io.smartnodes.chain.deploy.DeploymentPlan;
import io.smartnodes.chain.deploy.NetworkProfile;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.embedded.Anvil;
import io.smartnodes.embedded.EmbeddedPostgres;
import io.smartnodes.protocol.Amount;
import io.smartnodes.wire.deployment.Deployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
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

  // The second of them.
  static final NodeKey JOINER =
      NodeKey.of(
          Bytes32.fromHex("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"));

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
        profile(),
        List.of(DeploymentPlan.Founder.withKeys(OPERATOR, NODE, Amount.ofCoins(1_000))),
        Map.of(JOINER.address(), Amount.ofCoins(2_000)),
        FUNDED.address(),
        Address.ZERO,
        Keccak.text("seed"));
  }

  /** Epochs and rounds of four seconds, confirmation under one block, one second to join. */
  private static NetworkProfile profile() {
    NetworkProfile local = NetworkProfile.named(NetworkProfile.LOCAL);
    Map<String, Amount> parameters = new HashMap<>(local.parameters());
    parameters.put("epochLength", Amount.of(4));
    parameters.put("roundLength", Amount.of(3));
    parameters.put("confirmationDepth", Amount.of(1));
    NetworkProfile.Validators terms =
        new NetworkProfile.Validators(
            Duration.ofSeconds(1),
            local.validators().exitNotice(),
            local.validators().unbonding(),
            local.validators().minimumStake());
    return new NetworkProfile(
        local.name(), local.chainId(), parameters, terms, local.governance(), local.assets());
  }

  @Override
  public void stop() {
    postgres.ifPresent(EmbeddedPostgres::close);
    anvil.ifPresent(Anvil::close);
  }
}
