package io.smartnodes.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartnodes.chain.contracts.OperatorInfo.Standing;
import io.smartnodes.chain.contracts.Proposal;
import io.smartnodes.cli.governance.Drafting;
import io.smartnodes.cli.governance.Governance;
import io.smartnodes.cli.network.NetworkPlan;
import io.smartnodes.cli.session.ChainRefused;
import io.smartnodes.cli.session.Claims;
import io.smartnodes.cli.validator.DoubleSigning;
import io.smartnodes.cli.validator.Stakes;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Parameters;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.protocol.state.tree.LeafKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * One network, from four founders through everything that can happen to a validator and to the
 * money of a user, to a silence of a month and the return from it. Each test goes on where the one
 * before ended.
 */
@Order(1)
@Tag("network")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ValidatorLifeScenarioTest {
  private static final Duration EPOCHS = Duration.ofMinutes(6);
  private static final Amount STAKE = Amount.ofCoins(1_000);
  private static final Amount DEPOSIT = Amount.ofCoins(100);
  private static final Amount RELEASED = Amount.ofCoins(60);
  private static final int HOME = 1;
  private static final int TWO_FACED = 2;
  private static final int LEAVING = 3;
  private static final int STAYING = 0;

  private Story story;
  private Silence silence;
  private int newcomer;

  @BeforeAll
  void fourFoundersExecute() throws Exception {
    story = Story.begin(new NetworkPlan(4, 2, 0, 0, 77), "validator-life", Silence.LENGTH);
    silence = new Silence(story);
    story.user().deposit(DEPOSIT, story.address(HOME));
    story.user().deposit(DEPOSIT, story.address(STAYING));
  }

  @AfterAll
  void everythingEnds() {
    if (story != null) {
      story.close();
    }
  }

  @Test
  @Order(1)
  void aFifthValidatorJoinsAndVotes() throws Exception {
    newcomer = story.network().fleet().add();
    Address operator = story.address(newcomer);
    story.network().giveGas(operator);
    story
        .user()
        .onChain()
        .send("gift", story.network().contracts().token().transfer(operator, STAKE));
    Stakes stakes = story.stakes(newcomer);
    stakes.join(story.network().fleet().nodeKey(newcomer), operator, STAKE);
    assertThat(stakes.operator(operator).standing()).isEqualTo(Standing.QUEUED);
    story.await("the newcomer is in the set", EPOCHS, () -> stakes.operator(operator).inSet());
    assertThat(stakes.operator(operator).standing()).isEqualTo(Standing.ACTIVE);
    assertThat(stakes.set()).hasSize(5);
    story.network().fleet().awaitReady(List.of(newcomer));
    story.awaitVote(newcomer, EPOCHS);
    story.awaitEqualRoots(EPOCHS);
  }

  @Test
  @Order(2)
  void aReleaseNeedsNoHomeAndAKeyRotatesMeanwhile() throws Exception {
    story.network().fleet().stop(List.of(HOME));
    story.tell("the home of the money is stopped");
    NodeKey rotated = NodeKey.of(Keccak.text("the rotated key of the home"));
    Stakes stakes = story.stakes(HOME);
    stakes.rotate(rotated, story.address(HOME));
    Address sno = story.network().deployment().token();
    story
        .user()
        .onChain()
        .send(
            "release",
            story.network().contracts().core().release(sno, story.address(HOME), RELEASED));
    Claims claims = new Claims(story.user());
    Address user = story.user().account();
    story.await("the release is earned", EPOCHS, () -> claims.leaf(user).isPresent());
    Amount before = story.network().contracts().token().balanceOf(user);
    assertThat(claims.claim(user))
        .isInstanceOfSatisfying(
            Claims.Outcome.Paid.class, paid -> assertThat(paid.amount()).isEqualTo(RELEASED));
    assertThat(story.network().contracts().token().balanceOf(user).minus(before))
        .isEqualTo(RELEASED);
    assertThat(story.network().fleet().get(HOME).isAlive()).isFalse();
    assertThat(allotment(HOME)).isEqualTo(DEPOSIT.minus(RELEASED));
    assertThat(stakes.set())
        .as("the set names the new key")
        .contains(new Stakes.Member(rotated.address(), story.address(HOME)));
    story.network().fleet().start(HOME, rotated);
    story.awaitVote(HOME, EPOCHS);
    story.awaitEqualRoots(EPOCHS);
  }

  @Test
  @Order(3)
  void whoVotesTwiceLosesItsStakeAndIsOutAtOnce(@TempDir Path folder) throws Exception {
    long epoch = story.epoch() + 1;
    Path file = folder.resolve("proof.json");
    DoubleSigning.write(
        new DoubleSigning.DoubleVote(
            epoch,
            0,
            Keccak.text("one update"),
            vote(epoch, Keccak.text("one update")),
            Keccak.text("another update"),
            vote(epoch, Keccak.text("another update"))),
        file);
    var contracts = story.network().contracts();
    Address reporter = story.user().account();
    Amount before = contracts.token().balanceOf(reporter);
    Amount supply = contracts.token().totalSupply();
    int position = story.position(story.network().fleet().nodeKey(TWO_FACED).address());
    long reported =
        story
            .user()
            .onChain()
            .send("report", DoubleSigning.read(file).call(contracts.multisig()))
            .blockNumber();
    Amount reward = contracts.token().balanceOf(reporter).minus(before);
    assertThat(reward).isEqualTo(STAKE.share(5, 100));
    assertThat(supply.minus(contracts.token().totalSupply()))
        .as("the rest is burnt")
        .isEqualTo(STAKE.minus(reward));
    Stakes stakes = story.stakes(TWO_FACED);
    Address operator = story.address(TWO_FACED);
    assertThat(stakes.operator(operator).standing()).isEqualTo(Standing.SLASHED);
    assertThat(stakes.operator(operator).stake()).isEqualTo(Amount.ZERO);
    story.await("the next set is without it", EPOCHS, () -> !stakes.operator(operator).inSet());
    assertThat(
            story.executions().stream()
                .filter(one -> one.log().blockNumber() > reported)
                .limit(1)
                .map(one -> one.bitmap().testBit(position)))
        .as("its vote counts no more, although the set still has it")
        .containsExactly(false);
    assertThat(stakes.set()).hasSize(4).noneMatch(member -> member.operator().equals(operator));
    story.network().fleet().stop(List.of(TWO_FACED));
    story.awaitEpochs(1, EPOCHS);
  }

  @Test
  @Order(4)
  void anExitingValidatorLeavesAndItsStakeStaysSlashableForAWhile() throws Exception {
    Stakes stakes = story.stakes(LEAVING);
    Address operator = story.address(LEAVING);
    stakes.exit();
    story.await("the next set is without it", EPOCHS, () -> !stakes.operator(operator).inSet());
    assertThat(stakes.operator(operator).standing()).isEqualTo(Standing.UNBONDING);
    assertThatThrownBy(stakes::withdraw)
        .isInstanceOfSatisfying(
            ChainRefused.class, refused -> assertThat(refused.error().name()).isEqualTo("NotDue"));
    story.network().fleet().stop(List.of(LEAVING));
  }

  @Test
  @Order(5)
  void theHoldersOfSnoChangeAParameter() throws Exception {
    ProtocolParameters before = parameters();
    assertThat(before.feeBasisPoints()).isNotEqualTo(200);
    Governance governance = new Governance(story.user().onChain());
    governance.delegate(story.user().account());
    Proposal wanted =
        new Drafting(story.network().contracts()).set(Map.of("feeBasisPoints", "200")).finish("");
    Governance.Motion motion = governance.propose(wanted);
    story.await("the vote begins", EPOCHS, () -> governance.state(motion) == Proposal.State.ACTIVE);
    governance.vote(motion, Proposal.Support.FOR);
    assertThatThrownBy(() -> governance.queue(motion))
        .as("nobody ends the vote early")
        .isInstanceOf(ChainRefused.class);
    story.await(
        "the vote is won", EPOCHS, () -> governance.state(motion) == Proposal.State.SUCCEEDED);
    governance.queue(motion);
    assertThatThrownBy(() -> governance.execute(motion))
        .as("the timelock holds it")
        .isInstanceOf(ChainRefused.class);
    story.await(
        "the timelock is over",
        EPOCHS,
        () ->
            !story
                .user()
                .onChain()
                .time()
                .isBefore(governance.executableFrom(motion).orElseThrow()));
    governance.execute(motion);
    story.await("the state has the fee", EPOCHS, () -> parameters().feeBasisPoints() == 200);
  }

  @Test
  @Order(6)
  void whoLeftTakesItsWholeStakeHome() throws Exception {
    Stakes stakes = story.stakes(LEAVING);
    Address operator = story.address(LEAVING);
    Instant end = stakes.operator(operator).since();
    story.await(
        "the unbonding is over", EPOCHS, () -> !story.user().onChain().time().isBefore(end));
    Amount before = story.network().contracts().token().balanceOf(operator);
    stakes.withdraw();
    assertThat(story.network().contracts().token().balanceOf(operator).minus(before))
        .isEqualTo(STAKE);
    assertThat(stakes.operator(operator).standing()).isEqualTo(Standing.NONE);
    story.awaitEqualRoots(EPOCHS);
  }

  @Test
  @Order(7)
  void oneExecutionPerEpochAllTheTime() {
    assertThat(story.executions().stream().map(one -> one.epoch()).toList())
        .isEqualTo(LongStream.rangeClosed(1, story.epoch()).boxed().toList());
  }

  @Test
  @Order(8)
  void afterAMonthOfSilenceAUserTakesItsMoneyOutByProof() throws Exception {
    silence.begin(List.of(STAYING, HOME, newcomer));
    silence.depositIntoTheVoid(Amount.ofCoins(7), story.address(STAYING));
    silence.refuseEarlyEscapes();
    silence.passAMonth();
    silence.escapeOnce();
    silence.refuseASecondTime();
  }

  @Test
  @Order(9)
  void theNetworkReturnsDrainsAndWorks() throws Exception {
    silence.end(List.of(STAYING, HOME, newcomer));
    silence.awaitDrain();
    silence.runAJob(story.address(STAYING), 200);
    silence.checkConservation();
  }

  private ProtocolParameters parameters() {
    return ProtocolParameters.of(story.leaf(LeafKey.PARAMETERS, Parameters.class).orElseThrow());
  }

  private Amount allotment(int home) {
    return story
        .leaf(
            LeafKey.allotment(
                story.user().account(), story.network().deployment().token(), story.address(home)),
            Allotment.class)
        .map(Allotment::amount)
        .orElse(Amount.ZERO);
  }

  private Bytes vote(long epoch, Bytes32 digest) {
    return story
        .network()
        .deployment()
        .domain()
        .sign(new Vote(epoch, 0, digest), story.network().fleet().nodeKey(TWO_FACED));
  }
}
