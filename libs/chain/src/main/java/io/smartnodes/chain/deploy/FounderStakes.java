package io.smartnodes.chain.deploy;

import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.ChainFailure;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.TransactionSender;
import io.smartnodes.chain.contracts.MultisigCalls;
import io.smartnodes.chain.contracts.OperatorInfo;
import io.smartnodes.chain.contracts.SmartnodesContracts;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.Amount;
import io.smartnodes.wire.deployment.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Pays in the stakes of founders, each with its node key's proof of possession. Who has staked
 * already is left alone. Blocks.
 */
public final class FounderStakes {
  /** What a founder needs to approve and pay in its stake. */
  private static final Amount GAS_MONEY = Amount.ofCoins(1);

  private final ChainClient client;
  private final Deployment deployment;
  private final SmartnodesContracts contracts;

  /** Stakes of a deployment. */
  public FounderStakes(ChainClient client, Deployment deployment) {
    this.client = client;
    this.deployment = deployment;
    this.contracts = new SmartnodesContracts(client, deployment);
  }

  /** Pays in for all founders of a plan whose keys are at hand; the giver pays their gas. */
  void payAll(DeploymentPlan plan, NodeKey giver) {
    List<DeploymentPlan.Keys> missing =
        plan.founders().stream()
            .flatMap(founder -> founder.keys().stream())
            .filter(keys -> isMissing(keys.account().address()))
            .toList();
    TransactionSender sender = TransactionSender.inMemory(client, giver);
    for (DeploymentPlan.Keys keys : missing) {
      Address operator = keys.account().address();
      if (client.balance(operator).compareTo(GAS_MONEY) < 0) {
        Steps.expect(sender, "gas money", ContractCall.transfer(operator, GAS_MONEY));
      }
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> payments = new ArrayList<>();
      missing.forEach(keys -> payments.add(threads.submit(() -> pay(keys.account(), keys.node()))));
      for (Future<?> payment : payments) {
        payment.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChainFailure("interrupted while founders staked", e);
    } catch (ExecutionException e) {
      throw new ChainFailure("a founder's stake could not be paid in: " + e.getCause(), e);
    }
  }

  /**
   * Pays in one founder's stake.
   *
   * @throws ChainFailure if the operator is no founder, or a step fails
   */
  public void pay(NodeKey account, NodeKey node) {
    OperatorInfo founder = contracts.multisig().operatorInfo(account.address());
    switch (founder.standing()) {
      case FOUNDER -> {}
      case NONE -> throw new ChainFailure(account.address() + " is no founder of this deployment");
      case QUEUED, ACTIVE, EXITING, UNBONDING, SLASHED -> {
        return;
      }
    }
    TransactionSender sender = TransactionSender.inMemory(client, account);
    MultisigCalls multisig = contracts.multisig();
    if (contracts
            .token()
            .allowance(account.address(), multisig.address())
            .compareTo(founder.stake())
        < 0) {
      Steps.expect(
          sender,
          "approval of the stake",
          contracts.token().approve(multisig.address(), founder.stake()));
    }
    Steps.expect(
        sender,
        "stake",
        multisig.stake(MultisigCalls.proof(deployment.domain(), account.address(), node)));
  }

  private boolean isMissing(Address operator) {
    return contracts.multisig().operatorInfo(operator).standing() == OperatorInfo.Standing.FOUNDER;
  }
}
