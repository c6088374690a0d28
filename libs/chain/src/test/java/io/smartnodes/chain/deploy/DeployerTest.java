package io.smartnodes.chain.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartnodes.chain.ChainFailure;
import io.smartnodes.chain.Devnet;
import io.smartnodes.chain.contracts.OperatorInfo;
import io.smartnodes.chain.contracts.SmartnodesContracts;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.Amount;
import io.smartnodes.wire.deployment.ContractName;
import io.smartnodes.wire.deployment.Deployment;
import io.smartnodes.wire.deployment.Deployments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deployments that run through, stop anywhere, or meet what they must not take. */
class DeployerTest {
  private static final NodeKey POOR = Devnet.OPERATORS.get(5);

  private Devnet devnet;
  private Path file;

  @SuppressWarnings("NullAway.Init") // set by start()
  DeployerTest() {}

  @BeforeEach
  void start(@TempDir Path directory) {
    devnet = Devnet.start(directory);
    file = directory.resolve("deployment.json");
  }

  @AfterEach
  void stop() {
    devnet.close();
  }

  @Test
  void deployingTwiceDeploysOnce() throws Exception {
    Deployment first = deploy(Devnet.FUNDED, Devnet.plan());
    SmartnodesContracts contracts = new SmartnodesContracts(devnet.client(), first);
    assertThat(contracts.multisig().stakesMissing()).isZero();
    assertThat(contracts.token().balanceOf(contracts.multisig().address()))
        .isEqualTo(Devnet.STAKE.times(4));
    assertThat(contracts.multisig().operatorInfo(Devnet.OPERATORS.getFirst().address()).standing())
        .isEqualTo(OperatorInfo.Standing.ACTIVE);
    assertThat(contracts.core().operatorOf(Devnet.NODES.getFirst().address()))
        .contains(Devnet.OPERATORS.getFirst().address());
    long head = devnet.client().headNumber();
    assertThat(deploy(Devnet.FUNDED, Devnet.plan())).isEqualTo(first);
    assertThat(devnet.client().headNumber()).isEqualTo(head);
    assertThat(Deployments.read(file)).isEqualTo(first);
    assertThat(DeploymentDraft.beside(file)).doesNotExist();
  }

  @Test
  void aDeploymentThatRunsOutOfMoneyAfterEachStepGoesOnWhereItStopped() throws Exception {
    DeploymentPlan plan = withoutKeys(Devnet.plan());
    int failures = 0;
    Deployment deployment = null;
    while (deployment == null) {
      // Enough for one more contract, seldom for two: the largest takes about six million gas.
      devnet.give(POOR.address(), devnet.client().balance(POOR.address()).plus(Amount.of(MILLI)));
      try {
        deployment = deploy(POOR, plan);
      } catch (ChainFailure outOfMoney) {
        assertThat(++failures).isLessThan(200);
        assertThat(file).doesNotExist();
      }
    }
    assertThat(failures).isGreaterThan(6);
    assertThat(devnet.client().nonce(POOR.address())).isEqualTo(7);
    assertThat(deployment.address(ContractName.ACCESS))
        .isEqualTo(DeploymentLayout.created(POOR.address(), 6));
    Deployer.verify(devnet.client(), deployment);
  }

  @Test
  void aDeploymentThatStoppedBeforeItsFileWasWrittenFindsAllContractsAndTheirBlocks()
      throws Exception {
    DeploymentPlan plan = withoutKeys(Devnet.plan());
    Instant time = devnet.client().block(0).orElseThrow().time();
    DeploymentDraft draft =
        new DeploymentDraft(
            31_337,
            Devnet.FUNDED.address(),
            0,
            0,
            time,
            DeploymentLayout.of(plan, Devnet.FUNDED.address(), 0, time).hash());
    draft.write(DeploymentDraft.beside(file));
    Deployment deployment = deploy(Devnet.FUNDED, plan);
    devnet.mine(5);
    Files.delete(file);
    draft.write(DeploymentDraft.beside(file));
    long head = devnet.client().headNumber();
    assertThat(deploy(Devnet.FUNDED, plan)).isEqualTo(deployment);
    assertThat(devnet.client().headNumber()).isEqualTo(head);
    assertThat(deployment.firstBlock()).isEqualTo(1);
  }

  @Test
  void aNoteOfAnotherPlanAnotherAccountOrAnotherChainIsRefused() throws Exception {
    Path note = DeploymentDraft.beside(file);
    new DeploymentDraft(31_337, Devnet.FUNDED.address(), 0, 0, Instant.EPOCH, Devnet.plan().seed())
        .write(note);
    refused(Devnet.FUNDED, Devnet.plan(), "the plan is not the one that");
    new DeploymentDraft(31_337, POOR.address(), 0, 0, Instant.EPOCH, Devnet.plan().seed())
        .write(note);
    refused(Devnet.FUNDED, Devnet.plan(), "was begun by " + POOR.address());
    new DeploymentDraft(1, Devnet.FUNDED.address(), 0, 0, Instant.EPOCH, Devnet.plan().seed())
        .write(note);
    refused(Devnet.FUNDED, Devnet.plan(), "began on chain 1, the node serves 31337");
  }

  @Test
  void otherCodeAtAContractsAddressIsRefusedWithItsName() throws Exception {
    DeploymentPlan plan = withoutKeys(Devnet.plan());
    Address governor = DeploymentLayout.created(Devnet.FUNDED.address(), 5);
    devnet.rpc("anvil_setCode", quoted(governor), "\"0x6001\"");
    refused(Devnet.FUNDED, plan, "the code at %s is no SmartnodesGovernor".formatted(governor));
    devnet.rpc("anvil_setCode", quoted(governor), "\"0x\"");
    Deployment deployment = deploy(Devnet.FUNDED, plan);
    devnet.rpc("anvil_setCode", quoted(deployment.core()), "\"0x6001\"");
    refused(
        Devnet.FUNDED,
        plan,
        "the code at %s is not the SmartnodesCore that was deployed".formatted(deployment.core()));
    devnet.rpc("anvil_setCode", quoted(deployment.core()), "\"0x\"");
    refused(Devnet.FUNDED, plan, "chain 31337 has no SmartnodesCore at " + deployment.core());
  }

  @Test
  void anotherChainThanThePlansOrTheFilesIsRefused() throws Exception {
    refused(
        Devnet.FUNDED,
        Devnet.plan(NetworkProfile.named("base")),
        "the node serves chain 31337, the network base is on 8453");
    Deployment deployment = deploy(Devnet.FUNDED, withoutKeys(Devnet.plan()));
    Deployment elsewhere =
        new Deployment(
            8_453, deployment.contracts(), deployment.genesisRoot(), deployment.genesis());
    assertThatThrownBy(() -> Deployer.verify(devnet.client(), elsewhere))
        .isInstanceOf(ChainFailure.class)
        .hasMessage("the node serves chain 31337, the deployment is on 8453");
  }

  @Test
  void anAccountThatSentSomethingElseInBetweenIsTold() throws Exception {
    DeploymentPlan plan = withoutKeys(Devnet.plan());
    devnet.give(POOR.address(), Amount.of(MILLI));
    Deployment none = null;
    try {
      none = deploy(POOR, plan);
    } catch (ChainFailure outOfMoney) {
      assertThat(outOfMoney).hasMessageContaining("nsufficient");
    }
    assertThat(none).isNull();
    devnet.give(POOR.address(), Amount.ofCoins(1));
    devnet.sender(POOR).send(io.smartnodes.chain.ContractCall.transfer(Address.ZERO, Amount.of(1)));
    refused(POOR, plan, "sent something else in between");
  }

  private static final long MILLI = 1_000_000_000_000_000L;

  private Deployment deploy(NodeKey account, DeploymentPlan plan) throws IOException {
    return new Deployer(devnet.client(), account).deploy(plan, file);
  }

  private void refused(NodeKey account, DeploymentPlan plan, String why) {
    assertThatThrownBy(() -> deploy(account, plan))
        .isInstanceOf(ChainFailure.class)
        .hasMessageContaining(why);
  }

  static DeploymentPlan withoutKeys(DeploymentPlan plan) {
    return new DeploymentPlan(
        plan.profile(),
        plan.founders().stream()
            .map(founder ->
                new DeploymentPlan.Founder(
                    founder.operator(),
                    founder.nodeKey(),
                    founder.payout(),
                    founder.stake(),
                    java.util.Optional.empty()))
            .toList(),
        Map.copyOf(plan.allocation()),
        plan.treasury(),
        plan.guardian(),
        plan.seed());
  }

  private static String quoted(Address address) {
    return '"' + address.toString() + '"';
  }
}
