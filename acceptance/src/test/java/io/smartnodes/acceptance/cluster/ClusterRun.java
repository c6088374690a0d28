package io.smartnodes.acceptance.cluster;

import io.smartnodes.acceptance.cluster.kube.Helm;
import io.smartnodes.acceptance.cluster.kube.Kube;
import io.smartnodes.acceptance.cluster.live.Books;
import io.smartnodes.acceptance.cluster.live.Jobs;
import io.smartnodes.acceptance.cluster.live.Lab;
import io.smartnodes.acceptance.cluster.live.Limits;
import io.smartnodes.acceptance.cluster.live.Release;
import io.smartnodes.acceptance.cluster.live.Votes;
import io.smartnodes.acceptance.cluster.report.Choice;
import io.smartnodes.acceptance.cluster.report.Choice.Step;
import io.smartnodes.acceptance.cluster.report.ClusterPart;
import io.smartnodes.acceptance.cluster.report.Steps;
import io.smartnodes.acceptance.cluster.trouble.PodSteps;
import io.smartnodes.acceptance.cluster.trouble.Trouble;
import io.smartnodes.cli.demo.Demo;
import io.smartnodes.cli.demo.DemoOptions;
import io.smartnodes.cli.demo.Report;
import io.smartnodes.cli.job.JobFile;
import io.smartnodes.cli.network.LocalNetwork;
import io.smartnodes.cli.network.NetworkFolder;
import io.smartnodes.cli.network.NetworkLayout;
import io.smartnodes.cli.network.NetworkPlan;
import io.smartnodes.cli.session.Checkout;
import io.smartnodes.cli.session.Session;
import io.smartnodes.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Starts the network with one validator on the cluster, tells its story, and troubles it. */
final class ClusterRun implements Callable<Integer> {
  private static final String NAMESPACE = "smartnodes-test";
  private static final String RELEASE = "founder";
  private static final String HOST_VARIABLE = "SMARTNODES_CLUSTER_HOST";
  private static final int SEEDS = 1_000_000;
  private static final int WORKERS = 4;

  private final Choice choice;
  private final boolean keep;
  private final @Nullable Path report;
  private final Checkout checkout = Checkout.current();
  private final Terminal terminal = Terminal.standard(true);
  private final Steps steps = new Steps(terminal, InstantSource.system());
  private final PodTimes pods = new PodTimes();
  private final NetworkPlan plan;
  private final Release release;

  ClusterRun(Choice choice, boolean keep, @Nullable Integer seed, @Nullable Path report) {
    this.choice = choice;
    this.keep = keep;
    this.report = report;
    int chance = seed == null ? new SecureRandom().nextInt(SEEDS) : seed;
    this.plan = new NetworkPlan(NetworkPlan.MIN_VALIDATORS, WORKERS, 1, 200, chance);
    this.release =
        new Release(
            new Kube(NAMESPACE),
            new Helm(NAMESPACE, RELEASE, checkout.root().resolve("helm/smartnodes-validator")));
  }

  @Override
  public Integer call() throws Exception {
    String host =
        Optional.ofNullable(System.getenv(HOST_VARIABLE))
            .orElseThrow(() -> new IllegalStateException(HOST_VARIABLE + " is not set"));
    NetworkFolder folder = NetworkFolder.take(checkout.root().resolve(".cache/cluster/network"));
    LocalNetwork network =
        new LocalNetwork(
            plan,
            new NetworkLayout(host, Set.of(), Map.of(0, release)),
            checkout.programs(),
            folder);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(network::close));
    terminal.line("Seed " + plan.seed() + "; logs in " + folder.path());
    Demo demo = new Demo(network, story(), terminal, InstantSource.system());
    String version = release.kube().version();
    try (PodTimes watched = pods.watch(release)) {
      tell(network, demo);
      watched.sample();
      if (keep) {
        terminal.line("Everything stays until Ctrl-C. KUBECONFIG=" + System.getenv("KUBECONFIG"));
        new CountDownLatch(1).await();
      }
    }
    List<ClusterPart.PodPart> seen = pods.all();
    demo.stop();
    return publish(demo.report(), new ClusterPart(null, version, steps.all(), choice.left(), seen))
        ? 0
        : 1;
  }

  private DemoOptions story() throws IOException {
    return new DemoOptions(
        plan,
        JobFile.read(checkout.exampleJob()),
        Optional.of(0),
        false,
        (network, ignored) -> {
          if (choice.has(Step.PODS_KILLED)) {
            new PodSteps(release, steps).killPodsInAJob();
          }
        },
        false,
        checkout.results().resolve("cluster"));
  }

  private void tell(LocalNetwork network, Demo demo) throws Exception {
    if (choice.has(Step.STORY)) {
      demo.run();
      if (!demo.report().ok()) {
        terminal.failure("the story does not hold: nothing else is tried");
        return;
      }
    } else {
      network.startChain();
      network.deploy();
      network.startValidators();
      network.startWorkers();
    }
    if (!new Trouble(choice, steps).isWanted()) {
      return;
    }
    try (Session user =
        new Session(
            network.deployment(),
            network.chain(),
            network.keys().user(),
            network.bootstraps(),
            InstantSource.system())) {
      user.registerAsUser(Limits.ANCHORED);
      Lab lab =
          new Lab(
              network,
              release,
              user,
              new Jobs(user, network.keys().operator(0).address(), checkout.root()),
              new Votes(network, user, 0),
              new Books(user),
              new ArrayList<>());
      new Trouble(choice, steps).make(lab);
    }
  }

  private boolean publish(Report story, ClusterPart cluster) throws IOException {
    boolean ok = cluster.steps().stream().allMatch(ClusterPart.StepPart::ok);
    for (Report.Check check : story.checks()) {
      ok &= check.ok();
      if (!check.ok()) {
        terminal.failure("  failed: " + check.name() + ": " + check.detail());
      }
    }
    if (report != null) {
      ok &= cluster.write(story, report);
    }
    terminal.line(ok ? "Every check held" : "Not every check held");
    return ok;
  }
}
