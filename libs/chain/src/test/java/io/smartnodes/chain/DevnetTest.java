package io.smartnodes.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartnodes.chain.deploy.Deployer;
import io.smartnodes.chain.deploy.DeploymentPlan;
import io.smartnodes.chain.follow.ChainFollower;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.crypto.Signature;
import io.smartnodes.embedded.Anvil;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.epoch.AssetTotals;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.protocol.state.Payout;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.protocol.state.tree.StateTree;
import io.smartnodes.wire.deployment.Deployment;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The contracts on a real chain: deployed, followed and used as the services and the CLI do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DevnetTest {
  private static final Amount STAKE = Amount.ofCoins(1_000);
  // The first two of anvil's development accounts, worthless outside a local chain.
  private static final NodeKey FUNDED =
      key("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
  private static final NodeKey USER =
      key("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");

  private final List<NodeKey> nodes = keys("node");
  private final List<NodeKey> operators = keys("operator");
  private Path directory;
  private Anvil anvil;
  private ChainClient client;
  private Deployment deployment;
  private SmartnodesContracts contracts;

  @SuppressWarnings("NullAway.Init") // set by start()
  DevnetTest() {}

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    directory = temporary;
    Path binary =
        Anvil.find(
                Optional.of(
                    Path.of(
                        System.getProperty("smartnodes.root"),
                        "contracts/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil")))
            .orElseThrow();
    anvil =
        Anvil.start(
            new Anvil.Settings(
                binary, 0, 31_337, 0, 10, Optional.empty(), directory.resolve("anvil.log")));
    client = new ChainClient(anvil.rpcUrl());
    deployment = new Deployer(client, FUNDED).deploy(plan(), directory.resolve("deployment.json"));
    contracts = Deployer.contracts(client, deployment);
  }

  @AfterAll
  void stop() {
    client.close();
    anvil.close();
  }

  @Test
  @Order(1)
  void theFoundersHaveStakedAndASecondDeploymentFindsTheFirst() throws Exception {
    assertThat(contracts.stakesMissing()).isZero();
    assertThat(contracts.balanceOf(contracts.token(), contracts.multisig()))
        .isEqualTo(STAKE.times(4));
    assertThat(contracts.validatorSet()).isEqualTo(set());
    long head = client.headNumber();
    Deployment again =
        new Deployer(client, FUNDED).deploy(plan(), directory.resolve("deployment.json"));
    assertThat(again).isEqualTo(deployment);
    assertThat(client.headNumber()).isEqualTo(head);
  }

  @Test
  @Order(2)
  void aDeploymentOfAnotherChainIsRefusedInOneLine() throws Exception {
    Path file = directory.resolve("other.json");
    Files.writeString(
        file,
        Files.readString(directory.resolve("deployment.json"))
            .replace(deployment.multisig().toString(), nodes.getFirst().address().toString()));
    assertThatThrownBy(() -> new Deployer(client, FUNDED).deploy(plan(), file))
        .isInstanceOf(ChainFailure.class)
        .hasMessage("chain 31337 has no Smartnodes contracts at the deployment's addresses");
  }

  @Test
  @Order(3)
  void aDepositIsQueuedAndAnUpdateSignedByFourKeysPaysAClaim() throws Exception {
    TransactionSender user = TransactionSender.inMemory(client, USER);
    ChainFollower follower = new ChainFollower(client, contracts, 0, 2);
    Address home = operators.getFirst().address();
    Address sno = contracts.token();
    mined(user.send(contracts.approve(sno, contracts.core(), Amount.ofCoins(100))));
    mined(user.send(contracts.deposit(sno, Amount.ofCoins(100), home)));
    assertThat(contracts.received(sno)).isEqualTo(Amount.ofCoins(100));
    rpc("anvil_mine", "\"0x2\"");
    ChainFollower.News news = follower.poll();
    ChainEvent.ItemQueued queued = (ChainEvent.ItemQueued) news.events().getFirst();
    assertThat(news.confirmedNumber()).isEqualTo(client.headNumber() - 2);
    assertThat(queued.item().account()).isEqualTo(USER.address());
    assertThat(queued.item().target()).isEqualTo(home);
    assertThat(rolling(queued.item())).isEqualTo(contracts.inboxHashAt(1));
    assertThat(follower.poll().isEmpty()).isTrue();

    Payout leaf = new Payout(USER.address(), sno, USER.address(), Amount.ofCoins(40));
    StateTree state = deployment.genesis().state().tree().put(leaf);
    Update update = update(state.root(), queued);
    ContractCall early = execute(update, 0);
    assertThat(refused(user.send(early)).name()).isEqualTo("RoundNotStarted");
    rpc("evm_increaseTime", "21");
    rpc("anvil_mine", "\"0x1\"");
    assertThat(refused(user.send(execute(update, 2))).name()).isEqualTo("QuorumMissing");
    mined(user.send(execute(update, 4)));
    assertThat(contracts.stateRootOf(1)).isEqualTo(state.root());
    assertThat(contracts.totals(sno).payouts()).isEqualTo(Amount.ofCoins(40));
    rpc("anvil_mine", "\"0x2\"");
    ChainEvent.UpdateExecuted executed =
        (ChainEvent.UpdateExecuted) follower.poll().events().getFirst();
    assertThat(executed.digest()).isEqualTo(update.hashStruct());
    assertThat(executed.seed()).isEqualTo(contracts.seedOf(1));
    assertThat(executed.bitmap()).isEqualTo(BigInteger.valueOf(15));

    List<Bytes32> siblings =
        state.proof(LeafKey.payout(USER.address(), sno)).orElseThrow().siblings();
    Amount before = contracts.balanceOf(sno, USER.address());
    mined(user.send(contracts.claim(1, leaf, siblings)));
    assertThat(contracts.balanceOf(sno, USER.address()).minus(before))
        .isEqualTo(Amount.ofCoins(40));
    ContractError twice = refused(user.send(contracts.claim(1, leaf, siblings)));
    assertThat(twice.toString())
        .startsWith("NothingToClaim(" + USER.address() + ", " + sno)
        .endsWith("40000000000000000000)");
  }

  @Test
  @Order(4)
  void aReorgAboveTheConfirmedBlocksIsReadAgainAndItsEventsComeOnce() throws Exception {
    ChainFollower follower = new ChainFollower(client, contracts, client.headNumber() - 2, 2);
    follower.poll();
    TransactionSender user = TransactionSender.inMemory(client, USER);
    mined(user.send(contracts.deposit(Address.ZERO, Amount.of(7), Address.ZERO)));
    long head = client.headNumber();
    assertThat(follower.poll().blocks()).extracting(Block::number).containsExactly(head);
    rpc("anvil_reorg", "1", "[]");
    rpc("anvil_mine", "\"0x1\"");
    ChainFollower.News replaced = follower.poll();
    assertThat(replaced.blocks()).extracting(Block::number).containsExactly(head, head + 1);
    mined(user.send(contracts.deposit(Address.ZERO, Amount.of(8), Address.ZERO)));
    rpc("anvil_mine", "\"0x3\"");
    List<ChainEvent> events = new ArrayList<>(follower.poll().events());
    events.addAll(follower.poll().events());
    assertThat(events).filteredOn(ChainEvent.ItemQueued.class::isInstance).isNotEmpty();
    assertThat(events.stream().map(event -> event.log().index() + "/" + event.log().blockHash()))
        .doesNotHaveDuplicates();
    assertThat(contracts.inboxLength())
        .isEqualTo(((ChainEvent.ItemQueued) events.getLast()).item().index() + 1);
  }

  @Test
  @Order(5)
  void aTransactionThatAnEarlierProcessLeftOpenIsSettledBeforeTheNext() {
    SentTransactions sent = SentTransactions.inMemory();
    TransactionSender first =
        new TransactionSender(client, USER, sent, java.time.Duration.ofSeconds(5));
    mined(first.send(contracts.deposit(Address.ZERO, Amount.of(1), Address.ZERO)));
    assertThat(sent.open(USER.address())).isEmpty();
    long nonce = client.nonce(USER.address());
    sent.store(new SentTransactions.Sent(USER.address(), nonce - 1, Bytes32.ZERO, Bytes.EMPTY));
    mined(first.send(contracts.deposit(Address.ZERO, Amount.of(1), Address.ZERO)));
    assertThat(client.nonce(USER.address())).isEqualTo(nonce + 1);
    assertThat(sent.open(USER.address())).isEmpty();
  }

  private DeploymentPlan plan() {
    return new DeploymentPlan(
        IntStream.range(0, 4)
            .mapToObj(i ->
                new DeploymentPlan.Founder(
                    operators.get(i), nodes.get(i).publicKey(), operators.get(i).address(), STAKE))
            .toList(),
        Map.of(USER.address(), Amount.ofCoins(5_000)),
        List.of(),
        Keccak.text("seed"),
        genesis -> ProtocolParameters.devnet(FUNDED.address(), genesis));
  }

  private Update update(Bytes32 root, ChainEvent.ItemQueued last) {
    Address sno = contracts.token();
    return new Update(
        1,
        deployment.genesisRoot(),
        root,
        Bytes32.ZERO,
        last.item().index() + 1,
        last.inboxHash(),
        contracts.genesis(),
        List.of(
            new AssetTotals(
                sno,
                Amount.ofCoins(60),
                Amount.ofCoins(40),
                Amount.ZERO,
                Amount.ZERO,
                Amount.ZERO)),
        List.of(),
        List.of(),
        set().keccak());
  }

  private ContractCall execute(Update update, int voters) {
    ByteArrayOutputStream signatures = new ByteArrayOutputStream();
    Vote vote = new Vote(update.epoch(), 0, update.hashStruct());
    for (NodeKey node : nodes.subList(0, voters)) {
      Signature signature = new Signature(deployment.domain().sign(vote, node));
      signatures.writeBytes(signature.compact());
    }
    return contracts.execute(
        update,
        0,
        Bytes.of(signatures.toByteArray()),
        BigInteger.ONE.shiftLeft(voters).subtract(BigInteger.ONE),
        set());
  }

  private Bytes set() {
    ByteArrayOutputStream set = new ByteArrayOutputStream();
    for (int i = 0; i < 4; i++) {
      set.writeBytes(nodes.get(i).address().toArray());
      set.writeBytes(operators.get(i).address().toArray());
    }
    return Bytes.of(set.toByteArray());
  }

  private static Bytes32 rolling(InboxItem item) {
    return Keccak.words(Bytes32.ZERO, item.hashStruct());
  }

  private static void mined(TransactionOutcome outcome) {
    assertThat(outcome).isInstanceOf(TransactionOutcome.Mined.class);
  }

  private static ContractError refused(TransactionOutcome outcome) {
    return ((TransactionOutcome.Refused) outcome).error();
  }

  private void rpc(String method, String... parameters) throws Exception {
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":[%s]}"
            .formatted(method, String.join(",", parameters));
    URI uri = anvil.rpcUrl();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(uri)
                  .header("content-type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.body()).contains("result");
    }
  }

  private static NodeKey key(String secret) {
    return NodeKey.of(Bytes32.fromHex(secret));
  }

  private static List<NodeKey> keys(String name) {
    return IntStream.range(0, 4).mapToObj(i -> NodeKey.of(Keccak.text(name + i))).toList();
  }
}
