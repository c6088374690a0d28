package io.smartnodes.acceptance.cluster.trouble;

import io.smartnodes.acceptance.cluster.kube.Command;
import io.smartnodes.acceptance.cluster.kube.Kube;
import io.smartnodes.acceptance.cluster.live.Lab;
import io.smartnodes.acceptance.cluster.live.Limits;
import io.smartnodes.acceptance.cluster.live.Release;
import io.smartnodes.acceptance.cluster.report.Choice.Step;
import io.smartnodes.acceptance.cluster.report.Steps;
import java.time.Duration;
import java.util.List;

/** What operators do to a validator that runs: change it, take the change back, empty a node. */
public final class ChangeSteps {
  private static final Duration DRAIN = Duration.ofSeconds(20);
  private static final int TOO_MANY_REQUESTS = 429;

  private final Lab lab;
  private final Release release;
  private final Steps steps;

  public ChangeSteps(Lab lab, Steps steps) {
    this.lab = lab;
    this.release = lab.release();
    this.steps = steps;
  }

  /** The chart's own tests. */
  public void helmTest() throws InterruptedException {
    steps.run(
        Step.HELM_TEST.title(),
        "helm test: a handshake with every service, and a job from end to end",
        () -> {
          Command.Result tested = release.helm().test(Release.ROLLOUT);
          Steps.check(tested.ok(), tested.said() + "\n" + tested.out());
          return tested
                  .out()
                  .lines()
                  .filter(line -> line.startsWith("Phase:") && line.contains("Succeeded"))
                  .count()
              + " tests succeeded";
        });
  }

  /** A changed value, in the middle of an epoch. */
  public void upgrade() throws InterruptedException {
    steps.run(
        Step.UPGRADE.title(),
        "helm upgrade with a changed value, in the middle of an epoch",
        () -> rolled("upgraded", () -> release.upgrade(List.of("logLevel=INFO")).output()));
  }

  /** Back to what was before the last change. */
  public void rollback() throws InterruptedException {
    steps.run(
        Step.ROLLBACK.title(),
        "helm rollback, in the middle of an epoch",
        () -> {
          if (release.helm().revision() == 1) {
            release.upgrade(List.of("logLevel=INFO")).output();
          }
          return rolled(
              "rolled back",
              () ->
                  release.helm().rollback(release.helm().revision() - 1, Release.ROLLOUT).output());
        });
  }

  private String rolled(String what, Runnable change) throws InterruptedException {
    long before = lab.votes().epoch();
    lab.votes().awaitEpoch(before + 1, Limits.EPOCHS);
    long during = before + 2;
    List<String> old = release.pods().stream().map(Kube.Pod::uid).toList();
    long start = System.nanoTime();
    change.run();
    String took = PodSteps.seconds(start);
    release.awaitReady(Limits.BACK);
    Steps.check(
        release.pods().stream().noneMatch(pod -> old.contains(pod.uid())),
        "some pod was not replaced");
    lab.votes().awaitEpoch(during, Limits.EPOCHS);
    Steps.check(
        lab.voted(during),
        "the validator did not vote in epoch " + during + ", in which the change began");
    long counted = lab.votes().awaitCounted(lab.votes().epoch(), Limits.EPOCHS);
    return "%s pod by pod in %s s; it voted in epoch %d, which ran meanwhile, and its vote counts in epoch %d; %s; %s"
        .formatted(
            what, took, during, counted, lab.votes().everyEpochOnce(before), lab.noDoubleVote());
  }

  /** The node is emptied, as before its maintenance. */
  public void drain() throws InterruptedException {
    steps.run(
        Step.DRAIN.title(),
        "Draining the node: a disruption budget keeps one of two signers",
        () -> {
          String node = release.kube().node();
          release.kube().run("cordon", node).output();
          try {
            List<Kube.Pod> signers = release.kube().pods(release.helm().release(), Release.SIGNER);
            Command.Result first = release.kube().evict(signers.get(0));
            Steps.check(first.ok(), "the first signer cannot be evicted: " + first.said());
            Command.Result second = release.kube().evict(signers.get(1));
            Steps.check(
                !second.ok() && second.said().contains("disruption budget"),
                "the second signer was evicted too: " + second.said());
            Command.Result drained =
                release
                    .kube()
                    .run(
                        DRAIN.plusSeconds(30),
                        "",
                        "drain",
                        node,
                        "--ignore-daemonsets",
                        "--delete-emptydir-data",
                        "--pod-selector=app.kubernetes.io/instance=" + release.helm().release(),
                        "--timeout=" + DRAIN.toSeconds() + "s");
            Steps.check(
                !drained.ok() && drained.error().contains("disruption budget"),
                "the drain did not wait for the budget: " + drained.said());
            Steps.check(
                release.kube().pod(signers.get(1).name()).filter(Kube.Pod::ready).isPresent(),
                "the signer that had to stay is gone");
          } finally {
            release.kube().run("uncordon", node).output();
          }
          long start = System.nanoTime();
          release.awaitReady(Limits.BACK);
          long counted = lab.votes().awaitCounted(lab.votes().epoch(), Limits.EPOCHS);
          return "one signer evicted, the other refused ("
              + TOO_MANY_REQUESTS
              + "), the drain waited; all ready "
              + PodSteps.seconds(start)
              + " s after uncordon, its vote counts in epoch "
              + counted;
        });
  }
}
