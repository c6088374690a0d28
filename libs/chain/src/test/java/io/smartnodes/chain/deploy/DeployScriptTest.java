package io.smartnodes.chain.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.chain.Devnet;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.wire.deployment.ContractName;
import io.smartnodes.wire.deployment.DeployedContract;
import io.smartnodes.wire.deployment.Deployment;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two ways to deploy the same plan. */
class DeployScriptTest {
  private static final Path CONTRACTS = Path.of(System.getProperty("smartnodes.root"), "contracts");

  /** The same accounts, nonces and code hashes mean the same constructor arguments too. */
  @Test
  void theScriptCreatesTheSameCodeAtTheSameAddressesAsTheDeployer(@TempDir Path directory)
      throws Exception {
    DeploymentPlan plan = DeployerTest.withoutKeys(Devnet.plan());
    try (Devnet devnet = Devnet.start(directory)) {
      String before = devnet.rpc("evm_snapshot");
      Deployment deployment =
          new Deployer(devnet.client(), Devnet.FUNDED)
              .deploy(plan, directory.resolve("deployment.json"));
      devnet.rpc("evm_revert", '"' + before + '"');
      assertThat(devnet.client().nonce(Devnet.FUNDED.address())).isZero();
      runScript(devnet, directory, ScriptInput.of(plan, deployment.genesis().time()));
      for (Map.Entry<ContractName, DeployedContract> contract : deployment.contracts().entrySet()) {
        assertThat(devnet.client().code(contract.getValue().address()).keccak())
            .as(contract.getKey().source())
            .isEqualTo(contract.getValue().codeHash());
      }
      Deployer.verify(devnet.client(), deployment);
    }
  }

  @Test
  void theLocalProfileHasTheParametersOfADevelopmentNetworkAndBaseThoseOfALiveOne() {
    Instant genesis = Instant.ofEpochSecond(1_800_000_000);
    var treasury = Devnet.FUNDED.address();
    assertThat(NetworkProfile.named("local").parameters(treasury, genesis))
        .isEqualTo(io.smartnodes.protocol.state.ProtocolParameters.devnet(treasury, genesis));
    for (String name : new String[] {"base", "base-sepolia"}) {
      assertThat(NetworkProfile.named(name).parameters(treasury, genesis))
          .isEqualTo(io.smartnodes.protocol.state.ProtocolParameters.defaults(treasury, genesis));
    }
  }

  private static void runScript(Devnet devnet, Path directory, String plan) throws Exception {
    Path log = directory.resolve("forge.log");
    ProcessBuilder forge =
        new ProcessBuilder(
                CONTRACTS
                    .resolve("node_modules/@foundry-rs/forge-linux-amd64/bin/forge")
                    .toString(),
                "script",
                "script/Deploy.s.sol",
                "--tc",
                "Deploy",
                "--rpc-url",
                devnet.rpcUrl().toString(),
                "--private-key",
                secret(),
                "--broadcast",
                "--slow",
                "--out",
                directory.resolve("out").toString(),
                "--cache-path",
                directory.resolve("cache").toString())
            .directory(CONTRACTS.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    forge.environment().put("SMARTNODES_PLAN", plan);
    forge.environment().put("FOUNDRY_BROADCAST", directory.resolve("broadcast").toString());
    forge
        .environment()
        .merge(
            "PATH",
            CONTRACTS.resolve("node_modules/.bin").toString(),
            (path, first) -> first + File.pathSeparator + path);
    Process process = forge.start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }

  private static String secret() {
    Bytes32 secret = Devnet.FUNDED.secret();
    return secret.toString();
  }
}
