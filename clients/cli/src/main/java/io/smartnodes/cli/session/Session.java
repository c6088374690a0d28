package io.smartnodes.cli.session;

import io.grpc.StatusRuntimeException;
import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.TransactionSender;
import io.smartnodes.chain.contracts.SmartnodesContracts;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.sdk.Bootstrap;
import io.smartnodes.sdk.Identity;
import io.smartnodes.sdk.NetworkClient;
import io.smartnodes.sdk.Registrar;
import io.smartnodes.sdk.StateClient;
import io.smartnodes.sdk.ValidatorNode;
import io.smartnodes.wire.Malformed;
import io.smartnodes.wire.deployment.Deployment;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One identity connected to the validators and the chain of one deployment. What a validator says
 * of the state counts only if its root is the one that the chain executed. Blocking.
 */
public final class Session implements AutoCloseable {
  private static final int EPOCHS_TO_REGISTER = 3;
  private static final Duration LEAST_TO_REGISTER = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final OnChain onChain;
  private final NetworkClient network;
  private final StateClient state;
  private final InstantSource time;

  /** Connects on demand. */
  public Session(
      Deployment deployment,
      ChainClient chain,
      Identity identity,
      List<Bootstrap> bootstraps,
      InstantSource time) {
    this.time = time;
    this.onChain = new OnChain(deployment, chain, identity);
    this.network = new NetworkClient(deployment.domain(), identity, bootstraps, time);
    this.state = new StateClient(network);
  }

  /** A leaf of an executed state. */
  public record Executed<T extends Struct>(
      long epoch, Bytes32 root, T value, List<Bytes32> siblings) {
    /** Copies the list. */
    public Executed {
      siblings = List.copyOf(siblings);
    }
  }

  /** The account on the chain. */
  public OnChain onChain() {
    return onChain;
  }

  /** The deployment. */
  public Deployment deployment() {
    return onChain.deployment();
  }

  /** The chain. */
  public ChainClient chain() {
    return onChain.chain();
  }

  /** The contracts. */
  public SmartnodesContracts contracts() {
    return onChain.contracts();
  }

  /** The validators. */
  public NetworkClient network() {
    return network;
  }

  /** What the validators say. */
  public StateClient state() {
    return state;
  }

  /** Sends transactions of the account. */
  public TransactionSender sender() {
    return onChain.sender();
  }

  /** The account. */
  public Address account() {
    return network.identity().account().address();
  }

  /**
   * Registers as a user of the network, and waits until an executed epoch has it, which some epochs
   * should, however long they are.
   *
   * @throws IllegalStateException if it is refused or takes too long
   */
  public void registerAsUser() throws InterruptedException {
    registerAsUser(onChain.epochs(EPOCHS_TO_REGISTER, LEAST_TO_REGISTER));
  }

  /**
   * Registers as a user of the network, and waits until an executed epoch has it.
   *
   * @throws IllegalStateException if it is refused or takes too long
   */
  public void registerAsUser(Duration patience) throws InterruptedException {
    switch (new Registrar(network).register(Set.of(Role.USER), account(), patience)) {
      case Registrar.Outcome.Registered registered -> {}
      case Registrar.Outcome.TimedOut timedOut ->
          throw new IllegalStateException(
              "no executed epoch has the registration: " + timedOut.lastAnswer());
      case Registrar.Outcome.Refused refused ->
          throw new IllegalStateException(
              "the registration was refused: " + refused.message() + " (" + refused.code() + ")");
    }
  }

  /**
   * Pays SNO into Core, for a home.
   *
   * @return the deposit's transaction
   * @throws ChainRefused if the chain refuses it
   */
  public Bytes32 deposit(Amount amount, Address home) {
    onChain.approve(deployment().core(), amount);
    return onChain
        .send("deposit", contracts().core().deposit(deployment().token(), amount, home))
        .transactionHash();
  }

  /** What the account has allotted to a home and not promised yet. */
  public Amount allotted(Address home) {
    return leaf(LeafKey.allotment(account(), deployment().token(), home), Allotment.class)
        .map(leaf -> leaf.value().amount())
        .orElse(Amount.ZERO);
  }

  /**
   * A leaf of the newest executed state that a validator serves, checked against the chain; empty
   * if that state has none.
   *
   * @throws IllegalStateException if no validator answers with a state that the chain executed
   */
  public <T extends Struct> Optional<Executed<T>> leaf(LeafKey key, Class<T> type) {
    String last = "no validator is known";
    for (ValidatorNode validator : network.validators()) {
      try {
        Optional<StateClient.ProvenLeaf> found = state.leaf(validator, key, 0);
        if (found.isEmpty()) {
          return Optional.empty();
        }
        StateClient.ProvenLeaf leaf = found.get();
        if (contracts()
            .core()
            .stateRootOf(leaf.epoch())
            .filter(leaf.stateRoot()::equals)
            .isPresent()) {
          return Optional.of(
              new Executed<>(
                  leaf.epoch(),
                  leaf.stateRoot(),
                  type.cast(leaf.proof().value()),
                  leaf.proof().siblings()));
        }
        last = "the state that " + validator.operator() + " serves was never executed";
      } catch (StatusRuntimeException | Malformed failed) {
        last = String.valueOf(failed.getMessage());
      }
    }
    throw new IllegalStateException("no proven state: " + last);
  }

  /**
   * Waits until a condition holds, which may fail meanwhile because a validator is busy.
   *
   * @throws IllegalStateException if it does not hold in time
   */
  public void await(String what, Duration patience, Predicate<Session> condition)
      throws InterruptedException {
    Instant end = time.instant().plus(patience);
    String last = "it does not hold";
    while (time.instant().isBefore(end)) {
      try {
        if (condition.test(this)) {
          return;
        }
      } catch (StatusRuntimeException | IllegalStateException | Malformed busy) {
        last = String.valueOf(busy.getMessage());
      }
      Thread.sleep(PAUSE);
    }
    throw new IllegalStateException(
        what + " did not happen in " + patience.toSeconds() + " s: " + last);
  }

  @Override
  public void close() {
    network.close();
  }
}
