package io.smartnodes.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.smartnodes.chain.ChainEvent;
import io.smartnodes.chain.ChainLog;
import io.smartnodes.cli.network.LocalNetwork;
import io.smartnodes.cli.network.NetworkFolder;
import io.smartnodes.cli.network.NetworkPlan;
import io.smartnodes.cli.network.process.LocalValidator;
import io.smartnodes.cli.session.OnChain;
import io.smartnodes.cli.session.Session;
import io.smartnodes.cli.validator.Stakes;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.sdk.Identity;
import io.smartnodes.sdk.StateClient;
import io.smartnodes.sdk.ValidatorNode;
import io.smartnodes.wire.Malformed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A network whose validators come and go. Its chain starts a month in the past, so that a month of
 * silence ends in the present.
 */
final class Story implements AutoCloseable {
  private static final Duration REGISTERED = Duration.ofMinutes(10);
  private static final Duration PAUSE = Duration.ofMillis(300);

  private final LocalNetwork network;
  private final Session user;
  private final long start = System.nanoTime();

  private Story(LocalNetwork network, Session user) {
    this.network = network;
    this.user = user;
  }

  /** A network that is ready and executes, with a registered user. */
  static Story begin(NetworkPlan plan, String name, Duration behind)
      throws IOException, InterruptedException {
    NetworkFolder folder = NetworkFolder.take(Scenario.root().resolve("acceptance/target/" + name));
    LocalNetwork network = new LocalNetwork(plan, Scenario.programs(), folder);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(network::close));
    network.startChain(Optional.of(Instant.now().minus(behind)));
    network.deploy();
    network.startValidators();
    Session user = session(network);
    user.registerAsUser(REGISTERED);
    Story story = new Story(network, user);
    story.tell("a network of " + plan.validators() + " validators executes");
    return story;
  }

  private static Session session(LocalNetwork network) {
    return new Session(
        network.deployment(),
        network.chain(),
        network.keys().user(),
        network.bootstraps(),
        InstantSource.system());
  }

  /** The network. */
  LocalNetwork network() {
    return network;
  }

  /** The user who owns SNO. */
  Session user() {
    return user;
  }

  /** The user, connected to the validators that run now. */
  Session userAgain() {
    return session(network);
  }

  /** A line in the log of the test, with the time since the start. */
  void tell(String what) {
    System.out.printf("[%5.1f s] %s%n", (System.nanoTime() - start) / 1e9, what);
  }

  /** The account of an operator on the chain. */
  OnChain operator(int index) {
    return new OnChain(
        network.deployment(),
        network.chain(),
        new Identity(network.keys().operator(index), network.fleet().nodeKey(index)));
  }

  /** The address of an operator. */
  Address address(int index) {
    return network.keys().operator(index).address();
  }

  /** What an operator does. */
  Stakes stakes(int index) {
    return new Stakes(operator(index));
  }

  /** The last executed epoch. */
  long epoch() {
    return network.contracts().core().epoch();
  }

  /** All executions so far. */
  List<ChainEvent.UpdateExecuted> executions() {
    List<ChainEvent.UpdateExecuted> executions = new ArrayList<>();
    for (ChainLog log :
        network.chain().logs(0, network.chain().headNumber(), network.contracts().followed())) {
      if (network.contracts().event(log).orElse(null) instanceof ChainEvent.UpdateExecuted one) {
        executions.add(one);
      }
    }
    return executions;
  }

  /** Waits until something holds. */
  void await(String what, Duration patience, BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!holds(condition)) {
      assertThat(System.nanoTime()).as("%s, in %s", what, patience).isLessThan(end);
      Thread.sleep(PAUSE);
    }
    tell(what + " (epoch " + epoch() + ")");
  }

  /** A validator that is busy does not answer: that is "not yet". */
  private static boolean holds(BooleanSupplier condition) {
    try {
      return condition.getAsBoolean();
    } catch (StatusRuntimeException | IllegalStateException | Malformed busy) {
      return false;
    }
  }

  /** Waits for some more executions. */
  void awaitEpochs(int count, Duration patience) throws InterruptedException {
    long wanted = epoch() + count;
    await(count + " more epochs executed", patience, () -> epoch() >= wanted);
  }

  /** Waits until an execution carries the vote of an operator with the key that the set names. */
  void awaitVote(int index, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    Address node = network.fleet().nodeKey(index).address();
    while (System.nanoTime() < end) {
      long epoch = epoch();
      int position = position(node);
      if (epoch() != epoch || position < 0) {
        Thread.sleep(PAUSE);
        continue;
      }
      await("epoch " + (epoch + 1) + " executed", patience, () -> epoch() > epoch);
      if (executions().stream()
          .anyMatch(one -> one.epoch() == epoch + 1 && one.bitmap().testBit(position))) {
        tell(network.fleet().get(index).name() + " voted for epoch " + (epoch + 1));
        return;
      }
    }
    throw new AssertionError("no vote of " + node + " in " + patience);
  }

  /** The position of a node in the set that votes, negative if it has none. */
  int position(Address node) {
    List<Stakes.Member> set = new Stakes(user.onChain()).set();
    for (int i = 0; i < set.size(); i++) {
      if (set.get(i).node().equals(node)) {
        return i;
      }
    }
    return -1;
  }

  /** A leaf of the newest executed state. */
  <T extends Struct> Optional<T> leaf(LeafKey key, Class<T> type) {
    return user.leaf(key, type).map(Session.Executed::value);
  }

  /** Waits until all running validators of the set have the root of the last executed epoch. */
  void awaitEqualRoots(Duration patience) throws InterruptedException {
    Supplier<List<ValidatorNode>> running =
        () ->
            user.network().validators().stream()
                .filter(node ->
                    network.validators().stream()
                        .filter(one -> one.operator().equals(node.operator()))
                        .anyMatch(LocalValidator::isAlive))
                .toList();
    await(
        "all validators have the root of the chain",
        patience,
        () -> {
          long epoch = epoch();
          Bytes32 root = network.contracts().core().stateRootOf(epoch).orElseThrow();
          List<ValidatorNode> all = running.get();
          return all.size() >= 3
              && all.stream().allMatch(node -> root.equals(rootOf(node, epoch)))
              && epoch() == epoch;
        });
  }

  private Bytes32 rootOf(ValidatorNode node, long epoch) {
    return user.state()
        .leaf(node, LeafKey.HEAD, epoch)
        .map(StateClient.ProvenLeaf::stateRoot)
        .orElse(Bytes32.ZERO);
  }

  @Override
  public void close() {
    user.close();
    network.close();
  }
}
