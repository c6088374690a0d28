package io.smartnodes.chain;

import static io.smartnodes.chain.Devnet.FUNDED;
import static io.smartnodes.chain.Devnet.USER;
import static io.smartnodes.chain.Devnet.mined;
import static io.smartnodes.chain.Devnet.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.chain.contracts.GovernorCalls;
import io.smartnodes.chain.contracts.Proposal;
import io.smartnodes.chain.contracts.SmartnodesContracts;
import io.smartnodes.chain.deploy.Deployer;
import io.smartnodes.chain.follow.ChainFollower;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.epoch.InboxKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A decision from the proposal to the inbox, with real votes and the real timelock. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GovernanceTest {
  private static final int FEE_BASIS_POINTS = 3;

  private Devnet devnet;
  private SmartnodesContracts contracts;

  @SuppressWarnings("NullAway.Init") // set by start()
  GovernanceTest() {}

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    devnet = Devnet.start(directory);
    contracts =
        Deployer.contracts(
            devnet.client(),
            new Deployer(devnet.client(), FUNDED)
                .deploy(Devnet.plan(), directory.resolve("deployment.json")));
    mined(devnet.sender(USER).send(contracts.token().delegate(USER.address())));
    // A proposer's votes are those of the second before.
    devnet.pass(Duration.ofSeconds(2));
  }

  @AfterAll
  void stop() {
    devnet.close();
  }

  @Test
  void anAcceptedProposalQueuesAParameterForTheState() {
    ChainFollower follower =
        new ChainFollower(devnet.client(), contracts, devnet.client().headNumber(), 2);
    Proposal proposal =
        new Proposal(
            List.of(contracts.governed().setParameter(FEE_BASIS_POINTS, Amount.of(250))),
            "A lower fee");
    accept(proposal);
    mined(devnet.sender(FUNDED).send(contracts.governor().execute(proposal)));
    assertThat(contracts.governor().state(proposal)).isEqualTo(Proposal.State.EXECUTED);
    devnet.mine(2);
    ChainEvent.ItemQueued item = (ChainEvent.ItemQueued) follower.poll().events().getFirst();
    assertThat(item.item().kind()).isEqualTo(InboxKind.PARAMETER);
    assertThat(item.item().amount()).isEqualTo(Amount.of(250));
    assertThat(item.item().data()).isEqualTo(Bytes32.ofNumber(FEE_BASIS_POINTS));
  }

  @Test
  void anAcceptedProposalOutOfBoundsIsRefusedByTheSetter() {
    Proposal proposal =
        new Proposal(
            List.of(contracts.governed().setParameter(FEE_BASIS_POINTS, Amount.of(1_001))),
            "A fee beyond its bounds");
    accept(proposal);
    assertThat(refused(devnet.sender(USER).send(contracts.governor().execute(proposal))))
        .hasToString("ParameterOutOfBounds(3, 1001, 0, 1000)");
  }

  @Test
  void lengthsOfEpochsAndRoundsChangeTogetherThroughTheInbox() {
    long before = contracts.core().inboxLength();
    Proposal proposal =
        new Proposal(
            List.of(contracts.governed().setLengths(Duration.ofSeconds(30), Duration.ofSeconds(5))),
            "Longer epochs");
    accept(proposal);
    mined(devnet.sender(USER).send(contracts.governor().execute(proposal)));
    assertThat(contracts.core().inboxLength()).isEqualTo(before + 2);
    assertThat(contracts.multisig().epochLength()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void nobodySetsAnythingWithoutADecision() {
    for (ContractCall call :
        List.of(
            contracts.governed().setParameter(FEE_BASIS_POINTS, Amount.of(1)),
            contracts.governed().approveAsset(USER.address(), Amount.of(1)),
            contracts.governed().setMinimumStake(Amount.ofCoins(2)),
            contracts.governed().setUnbonding(Duration.ofDays(1)),
            contracts.governed().setLengths(Duration.ofSeconds(30), Duration.ofSeconds(5)),
            contracts.governed().setVoteVerifier(contracts.core().address(), 9))) {
      assertThat(refused(devnet.sender(FUNDED).send(call)))
          .hasToString("AccessManagedUnauthorized(" + FUNDED.address() + ")");
    }
    assertThat(refused(devnet.sender(FUNDED).send(contracts.governed().setQuorum(1))).name())
        .isEqualTo("GovernorOnlyExecutor");
    ContractCall delay = contracts.governed().setTimelockDelay(Duration.ZERO);
    assertThat(refused(devnet.sender(FUNDED).send(delay)).name())
        .isEqualTo("TimelockUnauthorizedCaller");
  }

  @Test
  void theGuardianStopsDepositsForAWhileAndNobodyElseDoes() {
    ContractCall deposit = contracts.core().deposit(Address.ZERO, Amount.of(1), Address.ZERO);
    ContractCall pause = contracts.core().pause(Duration.ofMinutes(5));
    assertThat(refused(devnet.sender(USER).send(pause)).name())
        .isEqualTo("AccessManagedUnauthorized");
    mined(devnet.sender(FUNDED).send(pause));
    assertThat(refused(devnet.sender(USER).send(deposit)).name()).isEqualTo("Paused");
    mined(devnet.sender(FUNDED).send(contracts.core().unpause()));
    mined(devnet.sender(USER).send(deposit));
    ContractCall week = contracts.core().pause(Duration.ofDays(7));
    assertThat(refused(devnet.sender(FUNDED).send(week)).name()).isEqualTo("PauseBudgetExceeded");
  }

  private void accept(Proposal proposal) {
    TransactionSender user = devnet.sender(USER);
    GovernorCalls governor = contracts.governor();
    mined(user.send(governor.propose(proposal)));
    assertThat(governor.state(proposal)).isEqualTo(Proposal.State.PENDING);
    devnet.pass(governor.votingDelay().plusSeconds(1));
    assertThat(governor.state(proposal)).isEqualTo(Proposal.State.ACTIVE);
    mined(user.send(governor.castVote(proposal, Proposal.Support.FOR)));
    devnet.pass(governor.votingPeriod());
    assertThat(governor.state(proposal)).isEqualTo(Proposal.State.SUCCEEDED);
    mined(user.send(governor.queue(proposal)));
    assertThat(governor.state(proposal)).isEqualTo(Proposal.State.QUEUED);
    assertThat(refused(user.send(governor.execute(proposal))).name())
        .isEqualTo("TimelockUnexpectedOperationState");
    devnet.pass(Duration.ofSeconds(5));
  }
}
