package io.smartnodes.cli.session;

import io.smartnodes.chain.CallOutcome;
import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.ChainFailure;
import io.smartnodes.chain.ChainLog;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.ContractError;
import io.smartnodes.chain.TransactionOutcome;
import io.smartnodes.chain.TransactionSender;
import io.smartnodes.chain.contracts.SmartnodesContracts;
import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import io.smartnodes.sdk.Identity;
import io.smartnodes.wire.deployment.Deployment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One account on the chain of one deployment; needs no validator. Blocking. */
public final class OnChain {
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Deployment deployment;
  private final ChainClient chain;
  private final SmartnodesContracts contracts;
  private final Identity identity;
  private final TransactionSender sender;

  /** The account of an identity. */
  public OnChain(Deployment deployment, ChainClient chain, Identity identity) {
    this.deployment = deployment;
    this.chain = chain;
    this.contracts = new SmartnodesContracts(chain, deployment);
    this.identity = identity;
    this.sender = TransactionSender.inMemory(chain, identity.account());
  }

  /** The deployment. */
  public Deployment deployment() {
    return deployment;
  }

  /** The chain. */
  public ChainClient chain() {
    return chain;
  }

  /** The contracts. */
  public SmartnodesContracts contracts() {
    return contracts;
  }

  /** Account and node key. */
  public Identity identity() {
    return identity;
  }

  /** The account. */
  public Address account() {
    return identity.account().address();
  }

  /** Sends transactions of the account. */
  public TransactionSender sender() {
    return sender;
  }

  /** The time of the newest block, which is the time of all rules on the chain. */
  public Instant time() {
    return chain.block(chain.headNumber()).orElseThrow().time();
  }

  /**
   * Sends a transaction and waits until it stands in a block.
   *
   * @throws ChainRefused if the contract refuses it
   * @throws IllegalStateException if it stands in no block
   */
  public TransactionOutcome.Receipt send(String step, ContractCall call) {
    return switch (sender.send(call)) {
      case TransactionOutcome.Mined mined -> mined.receipt();
      case TransactionOutcome.Failed failed ->
          throw failed
              .error()
              .<RuntimeException>map(error -> new ChainRefused(step, error))
              .orElseGet(
                  () -> new IllegalStateException("the " + step + " failed without a reason"));
      case TransactionOutcome.Refused refused -> throw new ChainRefused(step, refused.error());
      case TransactionOutcome.Unconfirmed open ->
          throw new IllegalStateException(
              "the "
                  + step
                  + " stands in no block: "
                  + open.hash()
                  + "; the chain may be busy, look for the transaction before trying again");
    };
  }

  /** Why a transaction would be refused now, empty if it would not. */
  public Optional<ContractError> refusal(ContractCall call) {
    return switch (sender.simulate(call)) {
      case CallOutcome.Returned returned -> Optional.empty();
      case CallOutcome.Reverted reverted -> Optional.of(reverted.error());
    };
  }

  /** All events of a contract, in the order of the chain. */
  public List<ChainLog> logs(Address contract) {
    return chain.logs(deployment.firstBlock(), chain.headNumber(), List.of(contract));
  }

  /** Lets a contract draw SNO of the account. */
  public void approve(Address spender, Amount amount) {
    send("approval", contracts.token().approve(spender, amount));
  }

  /**
   * How long to wait for what some epochs bring, as long as epochs are now.
   *
   * @param least what it is at least: short epochs are late by more than their length
   */
  public Duration epochs(int count, Duration least) {
    Duration epochs = contracts.multisig().epochLength().multipliedBy(count);
    return epochs.compareTo(least) > 0 ? epochs : least;
  }

  /**
   * Waits until a condition holds; a node that does not answer meanwhile is asked again.
   *
   * @throws IllegalStateException if it does not hold in time
   */
  public void await(String what, Duration patience, BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    String last = "";
    while (true) {
      try {
        if (condition.getAsBoolean()) {
          return;
        }
      } catch (ChainFailure unanswered) {
        last = ": " + unanswered.getMessage();
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            what + " did not happen in " + patience.toSeconds() + " s" + last);
      }
      Thread.sleep(PAUSE);
    }
  }
}
