package io.smartnodes.cli.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.TransactionSender;
import io.smartnodes.cli.Main;
import io.smartnodes.cli.network.LocalKeys;
import io.smartnodes.cli.network.LocalPlan;
import io.smartnodes.crypto.Address;
import io.smartnodes.embedded.Anvil;
import io.smartnodes.protocol.Amount;
import io.smartnodes.wire.deployment.Deployment;
import io.smartnodes.wire.deployment.Deployments;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user has paid in, on a chain where no epoch is ever executed. */
class DepositsTest {
  private final LocalKeys keys = new LocalKeys(0);
  private final Address home = keys.operator(0).address();

  @TempDir private Path directory = Path.of(".");

  @Test
  void depositsThatNoEpochTookOverWaitForTheirHome() throws Exception {
    try (Anvil anvil = anvil();
        ChainClient client = new ChainClient(anvil.rpcUrl())) {
      Deployment deployment = deploy(anvil);
      OnChain user = new OnChain(deployment, client, keys.user());
      TransactionSender.inMemory(client, LocalPlan.DEPLOYER)
          .send(ContractCall.transfer(user.account(), Amount.ofCoins(1)));
      Deposits deposits = new Deposits(user);
      assertThat(deposits.waiting(deployment.token(), home)).isEqualTo(Amount.ZERO);

      deposit(user, 30, home);
      mine(anvil, 4_100);
      deposit(user, 12, home);
      deposit(user, 5, keys.operator(1).address());

      assertThat(deposits.waiting(deployment.token(), home)).isEqualTo(Amount.of(42));
      assertThat(deposits.waiting(Address.ZERO, home)).isEqualTo(Amount.ZERO);
      assertThat(
              new Deposits(new OnChain(deployment, client, keys.stranger(0)))
                  .waiting(deployment.token(), home))
          .isEqualTo(Amount.ZERO);
    }
  }

  @Test
  void patienceGrowsWithTheEpochsOfTheChain() throws IOException {
    try (Anvil anvil = anvil();
        ChainClient client = new ChainClient(anvil.rpcUrl())) {
      OnChain user = new OnChain(deploy(anvil), client, keys.user());
      Duration epoch = user.contracts().multisig().epochLength();
      assertThat(user.epochs(3, Duration.ZERO)).isEqualTo(epoch.multipliedBy(3)).isPositive();
      assertThat(user.epochs(3, Duration.ofDays(400))).isEqualTo(Duration.ofDays(400));
    }
  }

  private static void deposit(OnChain user, long amount, Address home) {
    Deployment deployment = user.deployment();
    user.approve(deployment.core(), Amount.of(amount));
    user.send(
        "deposit", user.contracts().core().deposit(deployment.token(), Amount.of(amount), home));
  }

  /** More blocks than are read at once. */
  private static void mine(Anvil anvil, int blocks) throws Exception {
    String call =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"anvil_mine\",\"params\":[\"0x%x\"]}"
            .formatted(blocks);
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(
              http.send(
                      HttpRequest.newBuilder(anvil.rpcUrl())
                          .header("Content-Type", "application/json")
                          .POST(HttpRequest.BodyPublishers.ofString(call))
                          .build(),
                      HttpResponse.BodyHandlers.ofString())
                  .body())
          .doesNotContain("error");
    }
  }

  private Deployment deploy(Anvil anvil) throws IOException {
    Path out = directory.resolve("deployment.json");
    assertThat(
            Main.commandLine()
                .execute(
                    "contracts",
                    "deploy",
                    "--network",
                    "local",
                    "--rpc",
                    anvil.rpcUrl().toString(),
                    "--out",
                    out.toString()))
        .isZero();
    return Deployments.read(out);
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
