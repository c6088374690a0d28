package io.smartnodes.chain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartnodes.chain.deploy.DeploymentPlan;
import io.smartnodes.chain.deploy.NetworkProfile;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.embedded.Anvil;
import io.smartnodes.protocol.Amount;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A chain of its own for a test, which mines a block per transaction, and what tests do to it. */
public final class Devnet implements AutoCloseable {
  // The first two of anvil's development accounts, worthless outside a local chain.
  public static final NodeKey FUNDED =
      key("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
  public static final NodeKey USER =
      key("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");
  public static final Amount STAKE = Amount.ofCoins(1_000);
  public static final List<NodeKey> NODES = keys("node");
  public static final List<NodeKey> OPERATORS = keys("operator");

  private final Anvil anvil;
  private final ChainClient client;

  private Devnet(Anvil anvil) {
    this.anvil = anvil;
    this.client = new ChainClient(anvil.rpcUrl());
  }

  public static Devnet start(Path directory) {
    Path binary =
        Anvil.find(
                Optional.of(
                    Path.of(
                        System.getProperty("smartnodes.root"),
                        "contracts/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil")))
            .orElseThrow();
    return new Devnet(
        Anvil.start(
            new Anvil.Settings(
                binary, 0, 31_337, 0, 10, Optional.empty(), directory.resolve("anvil.log"))));
  }

  public ChainClient client() {
    return client;
  }

  public URI rpcUrl() {
    return anvil.rpcUrl();
  }

  /** Four founders whose keys are at hand, and a user with 5,000 SNO. */
  public static DeploymentPlan plan() {
    return plan(NetworkProfile.named(NetworkProfile.LOCAL));
  }

  public static DeploymentPlan plan(NetworkProfile profile) {
    return new DeploymentPlan(
        profile,
        IntStream.range(0, 4)
            .mapToObj(i -> DeploymentPlan.Founder.withKeys(OPERATORS.get(i), NODES.get(i), STAKE))
            .toList(),
        Map.of(USER.address(), Amount.ofCoins(5_000)),
        FUNDED.address(),
        FUNDED.address(),
        Keccak.text("seed"));
  }

  public static NodeKey key(String secret) {
    return NodeKey.of(Bytes32.fromHex(secret));
  }

  private static List<NodeKey> keys(String name) {
    return IntStream.range(0, 6).mapToObj(i -> NodeKey.of(Keccak.text(name + i))).toList();
  }

  public TransactionSender sender(NodeKey account) {
    return TransactionSender.inMemory(client, account);
  }

  public static void mined(TransactionOutcome outcome) {
    assertThat(outcome).isInstanceOf(TransactionOutcome.Mined.class);
  }

  public static ContractError refused(TransactionOutcome outcome) {
    assertThat(outcome).isInstanceOf(TransactionOutcome.Refused.class);
    return ((TransactionOutcome.Refused) outcome).error();
  }

  public void give(Address account, Amount amount) {
    rpc("anvil_setBalance", '"' + account.toString() + '"', "\"0x" + hex(amount) + '"');
  }

  private static String hex(Amount amount) {
    return amount.value().toString(16);
  }

  public void mine(int blocks) {
    rpc("anvil_mine", "\"0x" + Integer.toHexString(blocks) + '"');
  }

  public void pass(Duration time) {
    rpc("evm_increaseTime", Long.toString(time.toSeconds()));
    mine(1);
  }

  public String rpc(String method, String... parameters) {
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":[%s]}"
            .formatted(method, String.join(",", parameters));
    try (HttpClient http = HttpClient.newHttpClient()) {
      JsonNode answer =
          new ObjectMapper()
              .readTree(
                  http.send(
                          HttpRequest.newBuilder(rpcUrl())
                              .header("content-type", "application/json")
                              .POST(HttpRequest.BodyPublishers.ofString(body))
                              .build(),
                          HttpResponse.BodyHandlers.ofString())
                      .body());
      assertThat(answer.has("error")).as(method + ": " + answer).isFalse();
      return answer.path("result").asText();
    } catch (IOException | InterruptedException failed) {
      throw new IllegalStateException(method, failed);
    }
  }

  @Override
  public void close() {
    client.close();
    anvil.close();
  }
}
