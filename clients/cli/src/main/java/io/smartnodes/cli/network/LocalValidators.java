package io.smartnodes.cli.network;

import io.smartnodes.crypto.NodeKey;
import io.smartnodes.embedded.ChildProcess;
import io.smartnodes.embedded.FreePorts;
import io.smartnodes.sdk.Bootstrap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The validators of a local network, counted from zero: the founders first, then those who came
 * later. Each keeps its folder, its database and its ports while it is stopped and started again.
 */
public final class LocalValidators {
  private static final int ENTRIES = 2;

  private final NetworkFolder folder;
  private final LocalKeys keys;
  private final Supplier<ValidatorProcess.Shared> shared;
  private final Consumer<ChildProcess> adopt;
  private final List<ValidatorProcess.Own> owns = new ArrayList<>();
  private final List<ValidatorProcess> processes = new ArrayList<>();

  LocalValidators(
      NetworkFolder folder,
      LocalKeys keys,
      Supplier<ValidatorProcess.Shared> shared,
      Consumer<ChildProcess> adopt) {
    this.folder = folder;
    this.keys = keys;
    this.shared = shared;
    this.adopt = adopt;
  }

  /** All of them, running or not. */
  public synchronized List<ValidatorProcess> all() {
    return List.copyOf(processes);
  }

  /** One of them. */
  public synchronized ValidatorProcess get(int index) {
    return processes.get(index);
  }

  /** The node key that one of them serves with. */
  public synchronized NodeKey nodeKey(int index) {
    return owns.get(index).node();
  }

  /** Starts the founders and waits until each is ready. */
  void startFounders(int count) throws IOException, InterruptedException {
    List<Integer> ports = FreePorts.many(2 * count);
    synchronized (this) {
      for (int i = 0; i < count; i++) {
        owns.add(own(i, ports.get(2 * i), ports.get(2 * i + 1)));
      }
      for (int i = 0; i < count; i++) {
        processes.add(launch(i));
      }
    }
    awaitReady(IntStream.range(0, count).boxed().toList());
  }

  /**
   * Starts one more, with keys of its own. It follows the network at once; it votes after its
   * operator has joined on the chain. Returns without waiting.
   *
   * @return its number
   */
  public synchronized int add() throws IOException {
    List<Integer> ports = FreePorts.many(2);
    int index = owns.size();
    owns.add(own(index, ports.get(0), ports.get(1)));
    processes.add(launch(index));
    return index;
  }

  /** Stops some of them at once, as an operator would. */
  public void stop(List<Integer> indices) throws InterruptedException {
    List<Runnable> stops =
        indices.stream().<Runnable>map(index -> () -> get(index).process().close()).toList();
    Together.awaitAll(stops);
  }

  /** Starts some that were stopped, each where it was, and waits until they are ready. */
  public void start(List<Integer> indices) throws IOException, InterruptedException {
    synchronized (this) {
      for (int index : indices) {
        if (processes.get(index).process().isAlive()) {
          throw new IllegalStateException(processes.get(index).name() + " runs already");
        }
        processes.set(index, launch(index));
      }
    }
    awaitReady(indices);
  }

  /**
   * Starts one that was stopped with another node key, in a keystore of its own beside the old one.
   * Its operator must have rotated to the key on the chain.
   */
  public void start(int index, NodeKey rotated) throws IOException, InterruptedException {
    synchronized (this) {
      owns.set(index, owns.get(index).with(rotated));
    }
    start(List.of(index));
  }

  /** Waits until some of them are ready. */
  public void awaitReady(List<Integer> indices) throws InterruptedException {
    Together.awaitAll(
        indices.stream().<Runnable>map(index -> () -> get(index).awaitReady()).toList());
  }

  private ValidatorProcess.Own own(int index, int port, int managementPort) {
    String name = "validator-" + (index + 1);
    return new ValidatorProcess.Own(
        name,
        folder.resolve(name),
        keys.operator(index),
        keys.validatorNode(index),
        "node.json",
        port,
        managementPort);
  }

  private ValidatorProcess launch(int index) throws IOException {
    ValidatorProcess.Own own = owns.get(index);
    // Two are enough to start from: the others are found through them.
    List<Bootstrap> others =
        IntStream.range(0, owns.size())
            .filter(i -> i != index)
            .filter(i -> i >= processes.size() || processes.get(i).process().isAlive())
            .mapToObj(i -> owns.get(i).bootstrap())
            .limit(ENTRIES)
            .toList();
    List<Bootstrap> entries =
        others.isEmpty()
            ? owns.stream()
                .filter(other -> !other.equals(own))
                .limit(ENTRIES)
                .map(ValidatorProcess.Own::bootstrap)
                .toList()
            : others;
    ValidatorProcess process = ValidatorProcess.start(shared.get(), own, entries);
    adopt.accept(process.process());
    return process;
  }
}
