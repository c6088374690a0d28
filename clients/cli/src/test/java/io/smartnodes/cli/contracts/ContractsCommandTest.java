package io.smartnodes.cli.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartnodes.chain.deploy.DeploymentPlan;
import io.smartnodes.chain.deploy.NetworkProfile;
import io.smartnodes.cli.Main;
import io.smartnodes.cli.network.LocalKeys;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.embedded.Anvil;
import io.smartnodes.protocol.Amount;
import io.smartnodes.wire.deployment.Deployment;
import io.smartnodes.wire.deployment.Deployments;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deploying, staking and verifying from the command line, on a chain of its own. */
class ContractsCommandTest {
  private final StringWriter err = new StringWriter();
  private final LocalKeys keys = new LocalKeys(7);

  @TempDir private Path directory = Path.of(".");

  @Test
  void foundersDeployFromAPlanStakeOneByOneAndVerify() throws IOException {
    Path plan = plan();
    Path out = directory.resolve("deployment.json");
    Path password = Files.writeString(directory.resolve("password"), "local");
    Path account = directory.resolve("account.json");
    Path node = directory.resolve("node.json");
    Keystore.write(account, keys.operator(0), "local", Keystore.Strength.LIGHT);
    Keystore.write(node, keys.validatorNode(0), "local", Keystore.Strength.LIGHT);
    try (Anvil anvil = anvil()) {
      String rpc = anvil.rpcUrl().toString();
      assertThat(run("deploy", "--network", "local", "--rpc", rpc, "--plan", plan, "--out", out))
          .isZero();
      Deployment deployment = Deployments.read(out);
      assertThat(deployment.genesis().founders()).hasSize(1);
      assertThat(run("verify", "--deployment", out, "--rpc", rpc)).isZero();
      // The operator has its stake, but nobody gave it gas money.
      assertThat(stake(out, rpc, account, node, password)).isEqualTo(1);
      give(anvil);
      assertThat(stake(out, rpc, account, node, password)).as(err.toString()).isZero();
      assertThat(stake(out, rpc, account, node, password)).isZero();
      assertThat(run("deploy", "--network", "base", "--rpc", rpc, "--plan", plan, "--out", out))
          .isEqualTo(2);
      assertThat(err.toString()).contains("--keystore is missing");
      Files.writeString(
          out, Files.readString(out).replace("\"chainId\" : 31337", "\"chainId\" : 8453"));
      assertThat(run("verify", "--deployment", out, "--rpc", rpc)).isEqualTo(1);
      assertThat(err.toString()).contains("the node serves chain 31337, the deployment is on 8453");
    }
  }

  @Test
  void aPlanIsReadOrItsFieldIsNamed() throws IOException {
    NetworkProfile profile = NetworkProfile.named("base");
    Path file = plan();
    DeploymentPlan plan = PlanFile.read(file, profile);
    assertThat(plan.founders().getFirst().stake()).isEqualTo(Amount.ofCoins(1_000));
    assertThat(plan.founders().getFirst().nodeKey()).isEqualTo(keys.validatorNode(0).publicKey());
    assertThat(plan.allocation()).containsEntry(keys.user().account().address(), Amount.of(5));
    String text = Files.readString(file);
    names(text.replace("seed:", "sead:"), "sead");
    names(text.replace("nodeKey: '0x", "nodeKey: '0x00"), "founders[0].nodeKey");
    names(text.replace("stake: '", "stake: 'x"), "founders[0].stake");
    names(text.replace("treasury: '0x", "treasury: '0"), "treasury");
  }

  private void names(String text, String field) throws IOException {
    Path file = Files.writeString(directory.resolve("wrong.yaml"), text);
    assertThatThrownBy(() -> PlanFile.read(file, NetworkProfile.named("base")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(field);
  }

  private Path plan() throws IOException {
    return Files.writeString(
        directory.resolve("plan.yaml"),
        """
        treasury: '%s'
        seed: '%s'
        founders:
          - operator: '%s'
            nodeKey: '%s'
            stake: '1000000000000000000000'
        allocation:
          '%s': '5'
        """
            .formatted(
                keys.treasury().address(),
                keys.genesisSeed(),
                keys.operator(0).address(),
                keys.validatorNode(0).publicKey().bytes(),
                keys.user().account().address()));
  }

  private int stake(Path out, String rpc, Path account, Path node, Path password) {
    return run(
        "stake",
        "--deployment",
        out,
        "--rpc",
        rpc,
        "--keystore",
        account,
        "--node-keystore",
        node,
        "--password-file",
        password);
  }

  private int run(Object... arguments) {
    String[] line = new String[arguments.length + 1];
    line[0] = "contracts";
    for (int i = 0; i < arguments.length; i++) {
      line[i + 1] = arguments[i].toString();
    }
    return Main.commandLine().setErr(new PrintWriter(err, true)).execute(line);
  }

  private void give(Anvil anvil) {
    try (var client = new io.smartnodes.chain.ChainClient(anvil.rpcUrl())) {
      var sender =
          io.smartnodes.chain.TransactionSender.inMemory(
              client, io.smartnodes.cli.network.LocalPlan.DEPLOYER);
      sender.send(
          io.smartnodes.chain.ContractCall.transfer(keys.operator(0).address(), Amount.ofCoins(1)));
    }
  }

  private Anvil anvil() {
    Path binary =
        Anvil.find(
                Optional.of(
                    Path.of(
                        System.getProperty("smartnodes.root"),
                        "contracts/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil")))
            .orElseThrow();
    return Anvil.start(
        new Anvil.Settings(
            binary, 0, 31_337, 0, 10, Optional.empty(), directory.resolve("anvil.log")));
  }
}
