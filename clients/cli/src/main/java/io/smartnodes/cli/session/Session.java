package io.smartnodes.cli.session;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.ChainFailure;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * One identity connected to the validators and the chain of one deployment. What a validator says
 * of the state counts only if its root is the one that the chain executed. Blocking.
 */
public final class Session implements AutoCloseable {
  private static final int EPOCHS_TO_REGISTER = 3;
  private static final Duration LEAST_TO_REGISTER = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration BUSY = Duration.ofSeconds(30);

  /** What no validator answers otherwise a moment later. */
  private static final Set<Status.Code> REFUSALS =
      Set.of(
          Status.Code.PERMISSION_DENIED, Status.Code.UNAUTHENTICATED, Status.Code.INVALID_ARGUMENT);

  private final OnChain onChain;
  private final NetworkClient network;
  private final StateClient state;
  private final InstantSource time;
  private final AtomicLong seen = new AtomicLong();

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
   * if that state has none. Never of an older state than the session has seen before; validators
   * that are busy or behind are asked again for a while.
   *
   * @throws IllegalStateException if no validator answers with a state that the chain executed
   */
  public <T extends Struct> Optional<Executed<T>> leaf(LeafKey key, Class<T> type) {
    Instant end = time.instant().plus(BUSY);
    while (true) {
      String last = "no validator is known";
      List<ValidatorNode> validators = network.validators();
      int refused = 0;
      for (ValidatorNode validator : validators) {
        try {
          return leaf(validator, key, type);
        } catch (StatusRuntimeException failed) {
          last = String.valueOf(failed.getMessage());
          refused += REFUSALS.contains(failed.getStatus().getCode()) ? 1 : 0;
        } catch (Malformed behind) {
          last = String.valueOf(behind.getMessage());
        }
      }
      boolean hopeless = refused > 0 && refused == validators.size();
      if (hopeless || time.instant().isAfter(end)) {
        throw new IllegalStateException("no proven state: " + last);
      }
      pause();
    }
  }

  /** Of one validator, which may be wrong or behind ({@link Malformed}). */
  private <T extends Struct> Optional<Executed<T>> leaf(
      ValidatorNode validator, LeafKey key, Class<T> type) {
    // An absent leaf names no state: it is missing in one that is as new as this at least.
    StateClient.StateHead head = state.head(validator);
    Optional<StateClient.ProvenLeaf> found = state.leaf(validator, key, 0);
    long epoch = found.map(StateClient.ProvenLeaf::epoch).orElse(head.epoch());
    Bytes32 root = found.map(StateClient.ProvenLeaf::stateRoot).orElse(head.stateRoot());
    if (executedRoot(epoch).filter(root::equals).isEmpty()) {
      throw new Malformed(
          "state_root", "the state that " + validator.operator() + " serves was never executed");
    }
    if (seen.accumulateAndGet(epoch, Math::max) > epoch) {
      throw new Malformed("epoch", validator.operator() + " is behind, at epoch " + epoch);
    }
    return found.map(leaf ->
        new Executed<>(epoch, root, type.cast(leaf.proof().value()), leaf.proof().siblings()));
  }

  /** What the chain executed as the root of an epoch; empty if it forgot it, or never will. */
  private Optional<Bytes32> executedRoot(long epoch) {
    return epoch == 0
        ? Optional.of(contracts().core().genesisStateRoot())
        : contracts().core().stateRootOf(epoch);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
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
      } catch (StatusRuntimeException | IllegalStateException | Malformed | ChainFailure busy) {
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
