package io.smartnodes.chain.deploy;

import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.ChainFailure;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.ContractCreation;
import io.smartnodes.chain.SmartnodesContracts;
import io.smartnodes.chain.TransactionOutcome;
import io.smartnodes.chain.TransactionSender;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.Genesis;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.wire.deployment.Deployment;
import io.smartnodes.wire.deployment.Deployments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Creates the contracts at addresses that are known before (each names the others), with the
 * allocation at genesis, writes the deployment file and pays in the founders' stakes. Running it
 * again completes what is missing. Blocks.
 */
public final class Deployer {
  /** What a founder needs to approve and pay in its stake. */
  private static final Amount GAS_MONEY = Amount.ofCoins(1);

  private final ChainClient client;
  private final NodeKey account;

  /** A deployer that pays from an account; nothing else may use the account meanwhile. */
  public Deployer(ChainClient client, NodeKey account) {
    this.client = client;
    this.account = account;
  }

  /**
   * Deploys, unless the file names a deployment of this chain already.
   *
   * @throws IOException if the file cannot be read or written
   * @throws ChainFailure if the file names contracts that the chain does not have, or a step fails
   */
  public Deployment deploy(DeploymentPlan plan, Path file) throws IOException {
    Deployment deployment = Files.exists(file) ? existing(file) : create(plan, file);
    payStakes(plan, contracts(client, deployment));
    return deployment;
  }

  /** The contracts of a deployment. */
  public static SmartnodesContracts contracts(ChainClient client, Deployment deployment) {
    return new SmartnodesContracts(
        client, deployment.token(), deployment.core(), deployment.multisig());
  }

  /**
   * Checks that a deployment stands on the chain that the client talks to.
   *
   * @throws ChainFailure with one line that says what does not fit
   */
  public static void verify(ChainClient client, Deployment deployment) {
    long chainId = client.chainId();
    if (chainId != deployment.chainId()) {
      throw new ChainFailure(
          "the node serves chain " + chainId + ", the deployment is on " + deployment.chainId());
    }
    SmartnodesContracts contracts = contracts(client, deployment);
    if (!contracts.areDeployed()) {
      throw new ChainFailure(
          "chain " + chainId + " has no Smartnodes contracts at the deployment's addresses");
    }
    if (!contracts.domainSeparator().equals(deployment.domain().separator())) {
      throw new ChainFailure("the contract at " + deployment.core() + " has another domain");
    }
    if (!contracts.stateRootOf(0).equals(deployment.genesisRoot())) {
      throw new ChainFailure("Core starts from another state than the deployment's genesis");
    }
  }

  private Deployment existing(Path file) throws IOException {
    Deployment deployment = Deployments.read(file);
    verify(client, deployment);
    return deployment;
  }

  private Deployment create(DeploymentPlan plan, Path file) throws IOException {
    TransactionSender sender = TransactionSender.inMemory(client, account);
    long nonce = client.nonce(account.address());
    Address token = ContractCreation.address(account.address(), nonce);
    Address core = ContractCreation.address(account.address(), nonce + 1);
    Address multisig = ContractCreation.address(account.address(), nonce + 2);
    Instant now = client.block(client.headNumber()).orElseThrow().time();
    Genesis genesis = plan.genesis(now);
    Bytes32 root = genesis.root();
    ProtocolParameters parameters = new ProtocolParameters(genesis.parameters());

    expect(sender, "token", ContractCreation.token(core, plan.supply()));
    expect(sender, "Core", ContractCreation.core(token, multisig, genesis, root, plan.assets()));
    expect(
        sender,
        "multisig",
        ContractCreation.multisig(
            core,
            token,
            genesis,
            plan.founders().stream().map(DeploymentPlan.Founder::stake).toList(),
            parameters.epochLength().toSeconds(),
            parameters.roundLength().toSeconds()));
    Deployment deployment = new Deployment(client.chainId(), core, multisig, token, root, genesis);
    verify(client, deployment);
    Deployments.write(file, deployment);
    return deployment;
  }

  private void payStakes(DeploymentPlan plan, SmartnodesContracts contracts) {
    if (contracts.stakesMissing() == 0) {
      return;
    }
    TransactionSender sender = TransactionSender.inMemory(client, account);
    for (DeploymentPlan.Founder founder : plan.founders()) {
      Address operator = founder.account().address();
      if (client.balance(operator).compareTo(GAS_MONEY) < 0) {
        expect(sender, "gas money", ContractCall.transfer(operator, GAS_MONEY));
      }
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> payments = new ArrayList<>();
      plan.founders()
          .forEach(founder -> payments.add(threads.submit(() -> payStake(founder, contracts))));
      for (Future<?> payment : payments) {
        payment.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChainFailure("interrupted while founders staked", e);
    } catch (ExecutionException e) {
      throw new ChainFailure("a founder's stake could not be paid in", e);
    }
  }

  private void payStake(DeploymentPlan.Founder founder, SmartnodesContracts contracts) {
    if (contracts.isStaked(founder.account().address())) {
      return;
    }
    TransactionSender sender = TransactionSender.inMemory(client, founder.account());
    expect(
        sender,
        "approval of the stake",
        contracts.approve(contracts.token(), contracts.multisig(), founder.stake()));
    expect(sender, "stake", contracts.stake());
  }

  private static void expect(TransactionSender sender, String step, ContractCall call) {
    switch (sender.send(call)) {
      case TransactionOutcome.Mined mined -> {}
      case TransactionOutcome.Failed failed ->
          throw new ChainFailure(step + " failed: " + failed.error());
      case TransactionOutcome.Refused refused ->
          throw new ChainFailure(step + " was refused: " + refused.error());
      case TransactionOutcome.Unconfirmed open ->
          throw new ChainFailure(step + " stands in no block: " + open.hash());
    }
  }
}
