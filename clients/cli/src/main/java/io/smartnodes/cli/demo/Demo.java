package io.smartnodes.cli.demo;

import io.smartnodes.cli.job.LocalRun;
import io.smartnodes.cli.network.LocalNetwork;
import io.smartnodes.cli.network.process.LocalValidator;
import io.smartnodes.cli.network.process.WorkerProcess;
import io.smartnodes.cli.session.Session;
import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.embedded.ChildProcess;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.sdk.JobPlan;
import io.smartnodes.sdk.JobResult;
import io.smartnodes.sdk.JobRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lives through the story: from an empty chain to paid work. Every step is told when it happens; at
 * the end everything that must hold is checked on the chain and on the validators.
 */
public final class Demo {
  private static final Duration REGISTERED = Duration.ofMinutes(10);
  // A home that starts after the first execution signs no hold for two epochs.
  private static final Duration HELD = Duration.ofMinutes(10);
  private static final Duration ENDED = Duration.ofMinutes(1);
  private static final Duration SETTLED = Duration.ofMinutes(10);
  private static final Duration DEADLINE = Duration.ofMinutes(20);
  private static final Amount PRICE_LIMIT = Amount.ofCoins(1).share(2, 100);

  private final LocalNetwork network;
  private final DemoOptions options;
  private final Terminal terminal;
  private final InstantSource time;
  private final Checks checks = new Checks();
  private final Phases phases;
  private final Trouble trouble;
  private final AtomicReference<@Nullable Session> session = new AtomicReference<>();
  private @Nullable Findings findings;

  /** A demonstration over a network that is not started yet. */
  public Demo(LocalNetwork network, DemoOptions options, Terminal terminal, InstantSource time) {
    this.network = network;
    this.options = options;
    this.terminal = terminal;
    this.time = time;
    this.phases = new Phases(time);
    this.trouble = new Trouble(network, options, terminal);
  }

  /** Lives through the story. A failure is a check that does not hold, never an exception. */
  public void run() throws InterruptedException {
    try {
      start();
      Session user = open();
      JobRan ran = runJob(user);
      settle(user, ran);
      findings =
          new FindingsCollector(network, options, terminal, checks, phases)
              .collect(user, ran, home(), alive());
    } catch (IOException | RuntimeException failed) {
      String step = phases.current();
      terminal.failure("The story ended in '" + step + "': " + failed.getMessage());
      checks.note("storyCompleted", false, step + ": " + failed);
      terminal.detail(trace(failed));
    }
    phases.end();
  }

  private static String trace(Exception failed) {
    return Stream.of(failed.getStackTrace())
        .limit(12)
        .map(frame -> "    at " + frame)
        .collect(Collectors.joining("\n"));
  }

  private void start() throws IOException, InterruptedException {
    phases.begin("chain");
    terminal.step("Starting a local chain (anvil, a block per second)");
    network.startChain();
    phases.begin("contracts");
    terminal.step("Deploying the contracts; " + options.plan().validators() + " founders stake");
    network.deploy();
    terminal.line("  Core " + network.deployment().core());
    phases.begin("validators");
    terminal.step(
        "Starting "
            + options.plan().validators()
            + " validators, each with its own keys, database and ports");
    network.startValidators();
    phases.begin("workers");
    terminal.step(
        "Starting "
            + options.plan().workers()
            + " workers"
            + (options.plan().cheaters() > 0
                ? ", " + options.plan().cheaters() + " of them cheating"
                : ""));
    network.startWorkers();
  }

  /** The user: registered, with a deposit in the executed state. */
  private Session open() throws InterruptedException {
    Session user =
        new Session(
            network.deployment(),
            network.chain(),
            network.keys().user(),
            network.bootstraps(),
            time);
    session.set(user);
    phases.begin("funding");
    Amount deposit = PRICE_LIMIT.times(options.work().units());
    terminal.step("A user deposits " + Terminal.sno(deposit) + " to its home and registers");
    user.deposit(deposit, home());
    user.registerAsUser(REGISTERED);
    user.await(
        "the deposit in an executed epoch",
        REGISTERED,
        s -> s.allotted(home()).compareTo(deposit) >= 0);
    user.await(
        "the registration of all workers",
        REGISTERED,
        s -> network.workers().stream().allMatch(worker -> isRegistered(s, worker)));
    terminal.line(
        "  registered and funded by epoch " + user.contracts().core().epoch() + " of the network");
    return user;
  }

  private static boolean isRegistered(Session session, WorkerProcess worker) {
    return session.leaf(LeafKey.account(worker.account()), Account.class).isPresent();
  }

  private Address home() {
    return network.validators().get(options.homeIndex()).operator();
  }

  private JobRan runJob(Session user) throws InterruptedException, IOException {
    phases.begin("job");
    Instant start = time.instant();
    int units = options.work().units();
    JobPlan plan =
        JobPlan.wasm(
            user.account(),
            home(),
            network.deployment().token(),
            PRICE_LIMIT.times(units),
            start.plus(DEADLINE),
            start.toEpochMilli(),
            options.work().module(),
            options.work().inputs());
    terminal.step("The user submits a job of " + units + " units: " + plan.jobId());
    try (Terminal.Progress progress = terminal.progress("units", units)) {
      JobWatch watch = new JobWatch(terminal, progress, this::nameOf);
      JobRun run = new JobRun(user.network(), plan, watch);
      user.await("the home's hold", HELD, ready -> !run.submit().amount().isZero());
      terminal.line("  the home signed a hold; it counts when an epoch anchors it");
      SortedMap<Long, Bytes> truth = LocalRun.run(options.work(), plan.jobId());
      terminal.line("  a local run of the same module is ready for comparison");
      CompletableFuture<Void> meanwhile =
          CompletableFuture.runAsync(
              () -> trouble.during(watch, home()), task -> Thread.ofVirtual().start(task));
      JobResult result = run.await();
      trouble.jobEnded(watch);
      meanwhile.join();
      return new JobRan(
          plan, result, truth, watch, Duration.between(start, time.instant()).toMillis());
    }
  }

  private void settle(Session user, JobRan ran) throws InterruptedException, IOException {
    switch (ran.result()) {
      case JobResult.Completed completed -> {
        boolean same = completed.outputs().equals(ran.truth());
        checks.note(
            "outputMatchesLocalRun",
            same,
            completed.outputs().size() + " outputs compared byte for byte");
        Path result = options.work().write(completed.outputs(), options.results());
        terminal.line("  all units verified; the result is " + result);
      }
      case JobResult.Ended ended ->
          throw new IllegalStateException("the job ended: " + ended.state() + " " + ended.reason());
    }
    phases.begin("settlement");
    terminal.step("Waiting for the epochs that anchor the certificates and pay them");
    user.await(
        "the settlement of the job",
        SETTLED,
        s -> s.leaf(LeafKey.job(ran.plan().jobId()), Job.class).isEmpty());
    checks.note("jobSettled", true, "the job's leaf left the executed state");
    terminal.line("  paid, with the fee; epoch " + user.contracts().core().epoch());
  }

  private Set<Address> alive() {
    Set<Address> alive =
        network.validators().stream()
            .map(LocalValidator::operator)
            .collect(Collectors.toCollection(HashSet::new));
    alive.removeAll(trouble.killed());
    return alive;
  }

  private String nameOf(Address account) {
    return network.workers().stream()
        .filter(worker -> worker.account().equals(account))
        .map(WorkerProcess::name)
        .findFirst()
        .orElse(account.toString());
  }

  /** Stops everything, and checks that nothing is left. */
  public void stop() throws InterruptedException {
    phases.begin("stop");
    terminal.step("Stopping everything that was started");
    List<ProcessHandle> all =
        network.processes().stream()
            .flatMap(process -> ProcessHandle.of(process.pid()).stream())
            .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()))
            .toList();
    disconnect();
    network.close();
    // The shells that hold other programs notice the end of these a moment later.
    long end = System.nanoTime() + ENDED.toNanos();
    while (all.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < end) {
      Thread.sleep(50);
    }
    List<Long> left = all.stream().filter(ProcessHandle::isAlive).map(ProcessHandle::pid).toList();
    checks.note(
        "noProcessIsLeft",
        left.isEmpty(),
        left.isEmpty() ? all.size() + " processes ended" : "still running: " + left);
    phases.end();
  }

  /** Closes the user's connections, not the network. */
  public void disconnect() {
    Session open = session.getAndSet(null);
    if (open != null) {
      open.close();
    }
  }

  /** What the run found so far. */
  public Report report() {
    Findings found = findings;
    return new Report(
        checks.ok(),
        checks.all(),
        options.plan().seed(),
        found == null ? null : found.job(),
        found == null ? List.of() : found.workers(),
        found == null ? List.of() : found.certificates(),
        found == null ? List.of() : found.epochs(),
        found == null ? List.of() : found.claims(),
        found == null ? null : found.conservation(),
        found == null ? null : found.detection(),
        phases.all(),
        network.processes().stream().map(Demo::usage).toList());
  }

  private static Report.ProcessPart usage(ChildProcess process) {
    return new Report.ProcessPart(
        process.name(),
        Math.round(process.cpuSeconds() * 10) / 10.0,
        Math.round(process.peakRssMiB() * 10) / 10.0);
  }
}
