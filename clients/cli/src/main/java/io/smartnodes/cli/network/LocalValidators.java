package io.smartnodes.cli.network;

import io.smartnodes.cli.network.process.Elsewhere;
import io.smartnodes.cli.network.process.ExternalValidator;
import io.smartnodes.cli.network.process.Founder;
import io.smartnodes.cli.network.process.LocalValidator;
import io.smartnodes.cli.network.process.OneProcessValidator;
import io.smartnodes.cli.network.process.SplitValidator;
import io.smartnodes.cli.network.process.Surroundings;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.embedded.FreePorts;
import io.smartnodes.sdk.Bootstrap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
  private final NetworkLayout layout;
  private final Supplier<Surroundings> around;
  private final List<LocalValidator> all = new ArrayList<>();

  LocalValidators(
      NetworkFolder folder, LocalKeys keys, NetworkLayout layout, Supplier<Surroundings> around) {
    this.folder = folder;
    this.keys = keys;
    this.layout = layout;
    this.around = around;
  }

  /** All of them, running or not. */
  public synchronized List<LocalValidator> all() {
    return List.copyOf(all);
  }

  /** One of them. */
  public synchronized LocalValidator get(int index) {
    return all.get(index);
  }

  /** The node key that one of them serves with. */
  public NodeKey nodeKey(int index) {
    return get(index).founder().node();
  }

  /** One of those whose services are processes of their own. */
  public SplitValidator split(int index) {
    if (get(index) instanceof SplitValidator split) {
      return split;
    }
    throw new IllegalStateException(get(index).name() + " is not split");
  }

  /** Starts the founders and waits until each is ready. */
  void startFounders(int count) throws IOException, InterruptedException {
    synchronized (this) {
      for (int i = 0; i < count; i++) {
        all.add(make(i));
      }
      for (int i = 0; i < count; i++) {
        launch(i, true);
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
    int index = all.size();
    all.add(make(index));
    launch(index, false);
    return index;
  }

  /** Stops some of them at once, as an operator would. */
  public void stop(List<Integer> indices) throws InterruptedException {
    Together.awaitAll(indices.stream().<Runnable>map(index -> get(index)::stop).toList());
  }

  /** Starts some that were stopped, each where it was, and waits until they are ready. */
  public void start(List<Integer> indices) throws IOException, InterruptedException {
    synchronized (this) {
      for (int index : indices) {
        if (all.get(index).isAlive()) {
          throw new IllegalStateException(all.get(index).name() + " runs already");
        }
        launch(index, false);
      }
    }
    awaitReady(indices);
  }

  /**
   * Starts one that was stopped with another node key, in a keystore of its own beside the old one.
   * Its operator must have rotated to the key on the chain.
   */
  public void start(int index, NodeKey rotated) throws IOException, InterruptedException {
    get(index).rotate(rotated);
    start(List.of(index));
  }

  /** Waits until some of them are ready. */
  public void awaitReady(List<Integer> indices) throws InterruptedException {
    Together.awaitAll(indices.stream().<Runnable>map(index -> get(index)::awaitReady).toList());
  }

  /** Who validator {@code index} is, counted from zero; known before anything is started. */
  public Founder founder(int index) {
    String name = "validator-" + (index + 1);
    return new Founder(
        name, folder.resolve(name), keys.operator(index), keys.validatorNode(index), "node.json");
  }

  private LocalValidator make(int index) {
    Founder founder = founder(index);
    Elsewhere elsewhere = layout.elsewhere().get(index);
    if (elsewhere != null) {
      return new ExternalValidator(founder, elsewhere);
    }
    if (layout.split().contains(index)) {
      return new SplitValidator(founder, layout.host());
    }
    List<Integer> ports = FreePorts.many(2);
    return new OneProcessValidator(founder, layout.host(), ports.get(0), ports.get(1));
  }

  /** Two are enough to start from: the others are found through them. */
  private void launch(int index, boolean together) throws IOException {
    List<Bootstrap> others =
        IntStream.range(0, all.size())
            .filter(i -> i != index)
            .filter(i -> together || all.get(i).isAlive())
            .mapToObj(i -> all.get(i).bootstrap())
            .limit(ENTRIES)
            .toList();
    List<Bootstrap> entries =
        others.isEmpty()
            ? IntStream.range(0, all.size())
                .filter(i -> i != index)
                .mapToObj(i -> all.get(i).bootstrap())
                .limit(ENTRIES)
                .toList()
            : others;
    all.get(index).start(around.get(), entries);
  }
}
