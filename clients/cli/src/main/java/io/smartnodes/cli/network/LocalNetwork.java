package io.smartnodes.cli.network;

import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.contracts.SmartnodesContracts;
import io.smartnodes.chain.deploy.Deployer;
import io.smartnodes.cli.network.process.LocalValidator;
import io.smartnodes.cli.network.process.Programs;
import io.smartnodes.cli.network.process.Surroundings;
import io.smartnodes.cli.network.process.WorkerProcess;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.embedded.Anvil;
import io.smartnodes.embedded.ChildProcess;
import io.smartnodes.protocol.Amount;
import io.smartnodes.sdk.Bootstrap;
import io.smartnodes.sdk.Identity;
import io.smartnodes.wire.deployment.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chain, contracts, validators and workers on this machine, each in a process of its own. Start it
 * step by step; {@link #close()} ends everything that was started, in reverse, and can be called at
 * any moment from any thread.
 */
public final class LocalNetwork implements AutoCloseable {
  private static final long CHAIN_ID = 31_337;
  private static final int BLOCK_SECONDS = 1;

  private final NetworkPlan plan;
  private final NetworkLayout layout;
  private final Programs programs;
  private final NetworkFolder folder;
  private final LocalKeys keys;
  private final List<ChildProcess> processes = new ArrayList<>();
  private final LocalValidators validators;
  private final List<WorkerProcess> workers = new CopyOnWriteArrayList<>();
  private @Nullable Anvil anvil;
  private @Nullable ChainClient chain;
  private @Nullable Deployment deployment;
  private boolean closed;

  /** A network that is not started yet, each validator in one process; takes over the folder. */
  public LocalNetwork(NetworkPlan plan, Programs programs, NetworkFolder folder) {
    this(plan, NetworkLayout.USUAL, programs, folder);
  }

  /** A network that is not started yet; takes over the folder. */
  public LocalNetwork(
      NetworkPlan plan, NetworkLayout layout, Programs programs, NetworkFolder folder) {
    this.plan = plan;
    this.layout = layout;
    this.programs = programs;
    this.folder = folder;
    this.keys = new LocalKeys(plan.seed());
    this.validators = new LocalValidators(folder, keys, layout, this::surroundings);
  }

  /** Starts the chain at the present time and writes what the keystores share. */
  public void startChain() throws IOException {
    startChain(Optional.empty());
  }

  /**
   * Starts the chain.
   *
   * @param genesis time of its first block: with one in the past, time can be let pass later
   *     without the chain running ahead of everybody's clock
   */
  public void startChain(Optional<Instant> genesis) throws IOException {
    Files.writeString(password(), "local");
    Identity user = keys.user();
    Files.createDirectories(folder.resolve("user"));
    Keystore.write(
        folder.resolve("user/account.json"), user.account(), "local", Keystore.Strength.LIGHT);
    Keystore.write(folder.resolve("user/node.json"), user.node(), "local", Keystore.Strength.LIGHT);
    Anvil started =
        Anvil.start(
            new Anvil.Settings(
                programs.anvil(),
                Surroundings.bindAddress(layout.host()),
                0,
                CHAIN_ID,
                BLOCK_SECONDS,
                10,
                Optional.empty(),
                genesis,
                folder.resolve("anvil.log")));
    anvil = started;
    adopt(started.process());
    chain = new ChainClient(started.rpcUrl(), ChainClient.PATIENT);
  }

  /** Deploys the contracts with the allocation of genesis, and lets the founders stake. */
  public Deployment deploy() throws IOException, InterruptedException {
    ChainClient client = chain();
    Deployment made =
        new Deployer(client, LocalPlan.DEPLOYER)
            .deploy(LocalPlan.of(keys, plan.validators()), deploymentFile());
    deployment = made;
    Faucet.give(
        client,
        Stream.concat(
                Stream.of(keys.user().account().address()),
                IntStream.range(0, plan.workers())
                    .mapToObj(i -> keys.worker(i).account().address()))
            .toList(),
        Amount.ofCoins(1));
    return made;
  }

  /** Starts the founders and waits until each is ready. */
  public void startValidators() throws IOException, InterruptedException {
    validators.startFounders(plan.validators());
  }

  /** Gives an account gas money. */
  public void giveGas(Address account) throws InterruptedException {
    Faucet.give(chain(), List.of(account), Amount.ofCoins(1));
  }

  /** Starts all workers and waits until they listen; they register by themselves. */
  public void startWorkers() throws IOException, InterruptedException {
    for (int i = 0; i < plan.workers(); i++) {
      String name = "worker-" + (i + 1);
      WorkerProcess worker =
          WorkerProcess.start(
              surroundings(),
              name,
              folder.resolve(name),
              keys.worker(i),
              bootstraps(),
              plan.isCheater(i) ? plan.cheatPerMille() : 0,
              plan.seed() + i);
      workers.add(worker);
    }
    Together.awaitAll(workers.stream().<Runnable>map(worker -> worker::awaitReady).toList());
  }

  /** Tells other commands of this checkout that the network is there. */
  public NetworkFile publish() {
    NetworkFile file = NetworkFile.of(this);
    file.write(folder);
    return file;
  }

  /** How large it is. */
  public NetworkPlan plan() {
    return plan;
  }

  /** Where its parts run. */
  public NetworkLayout layout() {
    return layout;
  }

  /** Its keys. */
  public LocalKeys keys() {
    return keys;
  }

  /** Its folder. */
  public NetworkFolder folder() {
    return folder;
  }

  /** Its chain. */
  public Anvil anvil() {
    return started(anvil);
  }

  /** A client of its chain. */
  public ChainClient chain() {
    return started(chain);
  }

  /** What was deployed. */
  public Deployment deployment() {
    return started(deployment);
  }

  /** Its contracts. */
  public SmartnodesContracts contracts() {
    return Deployer.contracts(chain(), deployment());
  }

  /** Its validators, running or not: the founders in the order of the set, then the others. */
  public List<LocalValidator> validators() {
    return validators.all();
  }

  /** Starts, stops and adds validators. */
  public LocalValidators fleet() {
    return validators;
  }

  /** Its workers. */
  public List<WorkerProcess> workers() {
    return List.copyOf(workers);
  }

  /** All processes that were started. */
  public synchronized List<ChildProcess> processes() {
    return List.copyOf(processes);
  }

  /** Where clients start from: the validators that run. */
  public List<Bootstrap> bootstraps() {
    return validators.all().stream()
        .filter(LocalValidator::isAlive)
        .map(LocalValidator::bootstrap)
        .toList();
  }

  Path password() {
    return folder.resolve("password");
  }

  Path deploymentFile() {
    return folder.resolve("deployment.json");
  }

  /** What all of its processes share. */
  public Surroundings surroundings() {
    return new Surroundings(
        programs,
        deploymentFile(),
        deployment(),
        password(),
        anvil().rpcUrl(),
        layout.host(),
        this::adopt);
  }

  private synchronized void adopt(ChildProcess process) {
    if (closed) {
      process.close();
      throw new IllegalStateException("the network was stopped while it started");
    }
    processes.add(process);
    ProcessHandle.of(process.pid()).ifPresent(folder::note);
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("this part of the network is not started yet");
    }
    return part;
  }

  /** Ends everything: workers and validators, then what stands beside them, then the chain. */
  @Override
  public void close() {
    List<ChildProcess> all;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      all = new ArrayList<>(processes);
    }
    // What a validator that stops may still be waiting for goes after it.
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      workers().forEach(worker -> threads.execute(worker.process()::close));
      validators().forEach(validator -> threads.execute(validator::stop));
    }
    List<ChildProcess> rest = all.isEmpty() ? List.of() : all.subList(1, all.size());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      rest.forEach(process -> threads.execute(process::close));
    }
    if (chain != null) {
      chain.close();
    }
    if (anvil != null) {
      anvil.close();
    }
    try {
      Files.deleteIfExists(folder.resolve("network.json"));
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
    folder.close();
  }
}
