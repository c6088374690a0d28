package io.smartnodes.chain;

import static io.smartnodes.chain.Devnet.NODES;
import static io.smartnodes.chain.Devnet.OPERATORS;
import static io.smartnodes.chain.Devnet.STAKE;
import static io.smartnodes.chain.Devnet.USER;
import static io.smartnodes.chain.Devnet.mined;
import static io.smartnodes.chain.Devnet.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.chain.contracts.CoreCalls;
import io.smartnodes.chain.contracts.MultisigCalls;
import io.smartnodes.chain.contracts.OperatorInfo;
import io.smartnodes.chain.contracts.SmartnodesContracts;
import io.smartnodes.chain.deploy.Deployer;
import io.smartnodes.chain.follow.ChainFollower;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.InboxKind;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.protocol.state.Payout;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.protocol.state.tree.StateTree;
import io.smartnodes.wire.deployment.ContractName;
import io.smartnodes.wire.deployment.Deployment;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The contracts on a real chain: followed and used as the services and the CLI do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DevnetTest {
  private static final Duration EPOCH = Duration.ofSeconds(21);
  private static final NodeKey JOINER = OPERATORS.get(4);

  private Devnet devnet;
  private ChainClient client;
  private Deployment deployment;
  private SmartnodesContracts contracts;
  private Executions executions;

  @SuppressWarnings("NullAway.Init") // set by start()
  DevnetTest() {}

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    devnet = Devnet.start(directory);
    client = devnet.client();
    deployment =
        new Deployer(client, Devnet.FUNDED)
            .deploy(Devnet.plan(), directory.resolve("deployment.json"));
    contracts = Deployer.contracts(client, deployment);
    executions = new Executions(contracts, deployment);
  }

  @AfterAll
  void stop() {
    devnet.close();
  }

  @Test
  @Order(1)
  void aDepositIsQueuedAndAnUpdateSignedByFourKeysPaysAClaim() {
    TransactionSender user = devnet.sender(USER);
    ChainFollower follower = new ChainFollower(client, contracts, 0, 2);
    Address home = OPERATORS.getFirst().address();
    Address sno = contracts.token().address();
    mined(user.send(contracts.token().approve(contracts.core().address(), Amount.ofCoins(100))));
    mined(user.send(contracts.core().deposit(sno, Amount.ofCoins(100), home)));
    assertThat(contracts.core().received(sno)).isEqualTo(Amount.ofCoins(100));
    devnet.mine(2);
    ChainFollower.News news = follower.poll();
    ChainEvent.ItemQueued queued = (ChainEvent.ItemQueued) news.events().getFirst();
    assertThat(news.confirmedNumber()).isEqualTo(client.headNumber() - 2);
    assertThat(queued.item().account()).isEqualTo(USER.address());
    assertThat(queued.item().target()).isEqualTo(home);
    assertThat(rolling(queued.item())).isEqualTo(contracts.core().inboxHashAt(1));
    assertThat(follower.poll().isEmpty()).isTrue();

    Payout leaf = new Payout(USER.address(), sno, USER.address(), Amount.ofCoins(40));
    StateTree state = deployment.genesis().state().tree().put(leaf);
    Update update =
        executions.update(state.root(), Amount.ofCoins(60), Amount.ofCoins(40), founders());
    ContractCall four = executions.execute(update, NODES.subList(0, 4), Bytes.EMPTY);
    assertThat(refused(user.send(four)).name()).isEqualTo("RoundNotStarted");
    devnet.pass(EPOCH);
    ContractCall two = executions.execute(update, NODES.subList(0, 2), Bytes.EMPTY);
    assertThat(refused(user.send(two)).name()).isEqualTo("QuorumMissing");
    assertThat(contracts.core().simulateUpdate(update)).isInstanceOf(CallOutcome.Returned.class);
    assertThat(contracts.multisig().checkUpdate(update, Bytes.EMPTY))
        .isInstanceOf(CallOutcome.Returned.class);
    mined(user.send(four));
    assertThat(contracts.core().stateRootOf(1)).contains(state.root());
    assertThat(contracts.core().stateRootOf(2)).isEmpty();
    assertThat(contracts.core().books(sno).payouts()).isEqualTo(Amount.ofCoins(40));
    devnet.mine(2);
    ChainEvent.UpdateExecuted executed =
        (ChainEvent.UpdateExecuted) follower.poll().events().getFirst();
    assertThat(executed.digest()).isEqualTo(update.hashStruct());
    assertThat(executed.seed()).isEqualTo(contracts.multisig().seed());
    assertThat(executed.bitmap()).isEqualTo(BigInteger.valueOf(15));

    List<Bytes32> siblings =
        state.proof(LeafKey.payout(USER.address(), sno)).orElseThrow().siblings();
    Amount before = contracts.token().balanceOf(USER.address());
    mined(user.send(contracts.core().claimMany(1, List.of(leaf), List.of(siblings))));
    assertThat(contracts.token().balanceOf(USER.address()).minus(before))
        .isEqualTo(Amount.ofCoins(40));
    ContractError twice = refused(user.send(contracts.core().claim(1, leaf, siblings)));
    assertThat(twice.toString())
        .startsWith("NothingToClaim(" + USER.address() + ", " + sno)
        .endsWith("40000000000000000000)");
  }

  @Test
  @Order(2)
  void aJoinTravelsThroughTheInboxIntoTheSetAndItsVoteCounts() {
    ChainFollower follower = new ChainFollower(client, contracts, client.headNumber(), 2);
    TransactionSender joiner = devnet.sender(JOINER);
    devnet.give(JOINER.address(), Amount.ofCoins(1));
    mined(devnet.sender(USER).send(contracts.token().transfer(JOINER.address(), STAKE)));
    mined(joiner.send(contracts.token().approve(contracts.multisig().address(), STAKE)));
    NodeKey stranger = NODES.get(5);
    assertThat(refused(joiner.send(join(stranger, NODES.get(4)))).name())
        .isEqualTo("NodeKeyProofInvalid");
    mined(joiner.send(join(NODES.get(4), NODES.get(4))));
    assertThat(standing(JOINER)).isEqualTo(OperatorInfo.Standing.QUEUED);
    devnet.mine(2);
    ChainEvent.ItemQueued item = (ChainEvent.ItemQueued) follower.poll().events().getFirst();
    assertThat(item.item().kind()).isEqualTo(InboxKind.JOIN);
    assertThat(item.item().account()).isEqualTo(JOINER.address());

    devnet.pass(EPOCH);
    Bytes next = set(5);
    execute(4, next);
    OperatorInfo info = contracts.multisig().operatorInfo(JOINER.address());
    assertThat(info.standing()).isEqualTo(OperatorInfo.Standing.ACTIVE);
    assertThat(info.inSet()).isTrue();
    assertThat(contracts.multisig().validatorSet()).isEqualTo(next);
    assertThat(contracts.multisig().totalStake()).isEqualTo(STAKE.times(5));
    devnet.mine(2);
    assertThat(follower.poll().events())
        .filteredOn(ChainEvent.UpdateExecuted.class::isInstance)
        .hasSize(1);

    devnet.pass(EPOCH);
    assertThat(refused(devnet.sender(USER).send(nextExecution(3, Bytes.EMPTY, next))).name())
        .isEqualTo("QuorumMissing");
    mined(devnet.sender(USER).send(nextExecution(4, Bytes.EMPTY, next)));
  }

  @Test
  @Order(3)
  void whoAskedToLeaveIsOutByTimeAloneAndHasItsStakeBackAfterUnbonding() {
    TransactionSender joiner = devnet.sender(JOINER);
    mined(joiner.send(contracts.multisig().exit()));
    assertThat(refused(joiner.send(contracts.multisig().completeExit(JOINER.address()))).name())
        .isEqualTo("NotDue");
    devnet.pass(contracts.multisig().exitNotice());
    mined(devnet.sender(USER).send(contracts.multisig().completeExit(JOINER.address())));
    assertThat(standing(JOINER)).isEqualTo(OperatorInfo.Standing.UNBONDING);
    assertThat(refused(joiner.send(contracts.multisig().withdraw())).name()).isEqualTo("NotDue");
    devnet.pass(contracts.multisig().unbonding());
    mined(joiner.send(contracts.multisig().withdraw()));
    assertThat(contracts.token().balanceOf(JOINER.address())).isEqualTo(STAKE);
    assertThat(standing(JOINER)).isEqualTo(OperatorInfo.Standing.NONE);
    execute(4, set(4));
    assertThat(contracts.multisig().validatorSet()).isEqualTo(founders());
  }

  @Test
  @Order(4)
  void aReorgAboveTheConfirmedBlocksIsReadAgainAndItsEventsComeOnce() {
    ChainFollower follower = new ChainFollower(client, contracts, client.headNumber() - 2, 2);
    follower.poll();
    TransactionSender user = devnet.sender(USER);
    mined(user.send(contracts.core().deposit(Address.ZERO, Amount.of(7), Address.ZERO)));
    long head = client.headNumber();
    assertThat(follower.poll().blocks()).extracting(Block::number).containsExactly(head);
    devnet.rpc("anvil_reorg", "1", "[]");
    devnet.mine(1);
    ChainFollower.News replaced = follower.poll();
    assertThat(replaced.blocks()).extracting(Block::number).containsExactly(head, head + 1);
    mined(user.send(contracts.core().deposit(Address.ZERO, Amount.of(8), Address.ZERO)));
    devnet.mine(3);
    List<ChainEvent> events = new ArrayList<>(follower.poll().events());
    events.addAll(follower.poll().events());
    assertThat(events).filteredOn(ChainEvent.ItemQueued.class::isInstance).isNotEmpty();
    assertThat(events.stream().map(event -> event.log().index() + "/" + event.log().blockHash()))
        .doesNotHaveDuplicates();
    assertThat(contracts.core().inboxLength())
        .isEqualTo(((ChainEvent.ItemQueued) events.getLast()).item().index() + 1);
  }

  @Test
  @Order(5)
  void aTransactionThatAnEarlierProcessLeftOpenIsSettledBeforeTheNext() {
    SentTransactions sent = SentTransactions.inMemory();
    TransactionSender first = new TransactionSender(client, USER, sent, Duration.ofSeconds(5));
    mined(first.send(contracts.core().deposit(Address.ZERO, Amount.of(1), Address.ZERO)));
    assertThat(sent.open(USER.address())).isEmpty();
    long nonce = client.nonce(USER.address());
    sent.store(new SentTransactions.Sent(USER.address(), nonce - 1, Bytes32.ZERO, Bytes.EMPTY));
    mined(first.send(contracts.core().deposit(Address.ZERO, Amount.of(1), Address.ZERO)));
    assertThat(client.nonce(USER.address())).isEqualTo(nonce + 1);
    assertThat(sent.open(USER.address())).isEmpty();
  }

  @Test
  @Order(6)
  void aNetworkBelongsToWhoRegisteredItFirstUntilItRetires() {
    Bytes32 id = Keccak.text("mesh");
    TransactionSender user = devnet.sender(USER);
    assertThat(contracts.core().network(id)).isEmpty();
    mined(user.send(contracts.core().registerNetwork("mesh", Keccak.text("manifest"))));
    assertThat(contracts.core().network(id))
        .contains(new CoreCalls.Network(USER.address(), 1, Keccak.text("manifest")));
    ContractCall second = contracts.core().registerNetwork("mesh", Keccak.text("other"));
    assertThat(refused(devnet.sender(JOINER).send(second)).name()).isEqualTo("NetworkTaken");
    mined(user.send(contracts.core().retireNetwork(id)));
    assertThat(contracts.core().network(id).orElseThrow().status()).isEqualTo(3);
  }

  @Test
  @Order(7)
  void depositsStayBelowAThirdOfTheStake() {
    CoreCalls.Cap cap = contracts.core().depositCap();
    assertThat(cap.most()).isEqualTo(STAKE.times(4).share(1, 3));
    Amount tooMuch = cap.most().minus(cap.value()).plus(Amount.ofCoins(1));
    TransactionSender user = devnet.sender(USER);
    Address sno = contracts.token().address();
    mined(user.send(contracts.token().approve(contracts.core().address(), tooMuch)));
    assertThat(refused(user.send(contracts.core().deposit(sno, tooMuch, Address.ZERO))).name())
        .isEqualTo("DepositCapExceeded");
    assertThat(contracts.multisig().quorum()).isEqualTo(3);
    assertThat(contracts.multisig().verifierOf(1))
        .isEqualTo(deployment.address(ContractName.VERIFIER));
    assertThat(contracts.core().pauseLeft(contracts.core().genesis()))
        .isEqualTo(Duration.ofDays(7));
  }

  private ContractCall join(NodeKey signer, NodeKey key) {
    return contracts
        .multisig()
        .join(
            key.publicKey(),
            JOINER.address(),
            MultisigCalls.proof(deployment.domain(), JOINER.address(), signer),
            STAKE);
  }

  private void execute(int voters, Bytes nextSet) {
    mined(devnet.sender(USER).send(nextExecution(voters, nextSet, nextSet)));
  }

  private ContractCall nextExecution(int voters, Bytes named, Bytes nextSet) {
    Update update =
        executions.update(
            Keccak.text("state " + contracts.core().epoch()),
            Amount.ofCoins(60),
            Amount.ofCoins(40),
            nextSet);
    return executions.execute(update, NODES.subList(0, voters), named);
  }

  private OperatorInfo.Standing standing(NodeKey operator) {
    return contracts.multisig().operatorInfo(operator.address()).standing();
  }

  private static Bytes founders() {
    return set(4);
  }

  private static Bytes set(int size) {
    return Executions.set(
        NODES.subList(0, size), OPERATORS.subList(0, size).stream().map(NodeKey::address).toList());
  }

  private static Bytes32 rolling(InboxItem item) {
    return Keccak.words(Bytes32.ZERO, item.hashStruct());
  }
}
