package io.smartnodes.acceptance.cluster.trouble;

import io.smartnodes.acceptance.cluster.kube.Containers;
import io.smartnodes.acceptance.cluster.kube.Kube;
import io.smartnodes.acceptance.cluster.live.Jobs;
import io.smartnodes.acceptance.cluster.live.Lab;
import io.smartnodes.acceptance.cluster.live.Limits;
import io.smartnodes.acceptance.cluster.live.Release;
import io.smartnodes.acceptance.cluster.report.Choice.Step;
import io.smartnodes.acceptance.cluster.report.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Pods and processes that die without warning. */
public final class PodSteps {

  private final Release release;
  private final Steps steps;

  public PodSteps(Release release, Steps steps) {
    this.release = release;
    this.steps = steps;
  }

  /** Deletes each pod while somebody's job runs. */
  public void killPodsInAJob() throws InterruptedException {
    steps.run(
        Step.PODS_KILLED.title(),
        "Deleting every pod by force, one of each service at once, while the job runs",
        () -> {
          List<String> told = new ArrayList<>();
          Steps.check(!release.runningJobs().isEmpty(), "no job runs while pods are to be deleted");
          for (List<Kube.Pod> some : rounds()) {
            // Its other half goes on with the job, and is done first where pods start slowly.
            String during = release.runningJobs().isEmpty() ? " (the job was done)" : "";
            told.add(destroy(some) + during);
          }
          return String.join("; ", told);
        });
  }

  /** All pods, in rounds with at most one pod of each service. */
  private List<List<Kube.Pod>> rounds() {
    List<List<Kube.Pod>> rounds = new ArrayList<>();
    for (Kube.Pod pod : release.pods()) {
      List<Kube.Pod> round =
          rounds.stream()
              .filter(r -> r.stream().noneMatch(p -> p.component().equals(pod.component())))
              .findFirst()
              .orElseGet(() -> {
                rounds.add(new ArrayList<>());
                return rounds.getLast();
              });
      round.add(pod);
    }
    return rounds;
  }

  private String destroy(List<Kube.Pod> pods) throws InterruptedException {
    long start = System.nanoTime();
    pods.forEach(release.kube()::destroy);
    Set<String> gone = pods.stream().map(Kube.Pod::uid).collect(Collectors.toSet());
    Kube.await(
        "all pods are back",
        Limits.BACK,
        () ->
            release.isReady()
                && release.pods().stream().noneMatch(pod -> gone.contains(pod.uid())));
    return pods.stream().map(Kube.Pod::component).collect(Collectors.joining(", "))
        + " back after "
        + seconds(start)
        + " s";
  }

  /** Deletes each pod while a job of ours runs, a new one as soon as one is done. */
  public void killPodsInJobs(Lab lab) throws InterruptedException {
    steps.run(
        Step.PODS_KILLED.title(),
        "Deleting every pod by force, one of each service at once, while jobs run",
        () -> {
          List<Jobs.Submitted> jobs = new ArrayList<>();
          List<String> told = new ArrayList<>();
          for (List<Kube.Pod> some : rounds()) {
            if (jobs.isEmpty() || jobs.getLast().isOver()) {
              jobs.add(lab.jobs().submit(lab.jobs().picture(48, 1000)));
            }
            told.add(destroy(some));
          }
          for (Jobs.Submitted job : jobs) {
            told.add(lab.jobs().finish(job, Limits.JOB));
          }
          told.add(lab.books().balance());
          return String.join("; ", told);
        });
  }

  /** Kills the processes of each container during an epoch. */
  public void killProcesses(Lab lab) throws InterruptedException {
    steps.run(
        Step.PROCESSES_KILLED.title(),
        "Killing every process (-9), those of one pod of each service at once, during epochs",
        () -> {
          long before = lab.votes().epoch();
          List<String> told = new ArrayList<>();
          for (List<Kube.Pod> round : rounds()) {
            told.add(kill(round));
          }
          long counted = lab.votes().awaitCounted(lab.votes().epoch(), Limits.EPOCHS);
          told.add("its vote counts in epoch " + counted);
          told.add(lab.votes().everyEpochOnce(before));
          told.add(lab.noDoubleVote());
          return String.join(", ", told);
        });
  }

  private String kill(List<Kube.Pod> pods) throws InterruptedException {
    long start = System.nanoTime();
    List<String> killed = new ArrayList<>();
    for (Kube.Pod pod : pods) {
      for (String container : pod.containers()) {
        Containers.kill(
            pod.containerId(container)
                .orElseThrow(() ->
                    new IllegalStateException(container + " of " + pod.name() + " does not run")));
        killed.add(container);
      }
    }
    Kube.await(
        "all containers are back",
        Limits.BACK,
        () -> release.isReady() && pods.stream().allMatch(this::isRestarted));
    return String.join(", ", killed) + " back after " + seconds(start) + " s";
  }

  private boolean isRestarted(Kube.Pod before) {
    return release
        .kube()
        .pod(before.name())
        .filter(
            now -> before.containers().stream().allMatch(c -> now.restarts(c) > before.restarts(c)))
        .isPresent();
  }

  /** One signer signs; when it dies, the other takes over. */
  public void killSigner(Lab lab) throws InterruptedException {
    steps.run(
        Step.SIGNER_KILLED.title(),
        "Both signers up: one signs; it is killed, and the standby takes over",
        () -> {
          long start = lab.votes().epoch();
          Lab.Holder before = lab.awaitSigner(0);
          long voted = lab.votes().awaitCounted(start, Limits.EPOCHS);
          // One that stands still for longer than its term loses the lease, which is as it should
          // be on a machine with too much to do; it must not get it back with the same fence.
          Lab.Holder first = lab.awaitSigner(before.fence());
          Steps.check(
              first.fence() > before.fence() || first.equals(before),
              "two signers with one fence: " + before + ", " + first);
          Kube.Pod active = lab.activeSigner();
          long killed = System.nanoTime();
          release.kube().destroy(active);
          Lab.Holder second = lab.awaitSigner(first.fence() + 1);
          String takeover = seconds(killed);
          Steps.check(
              !second.id().equals(first.id()), "the lease went back to who was killed: " + second);
          long counted = lab.votes().awaitCounted(lab.votes().epoch(), Limits.EPOCHS);
          release.awaitReady(Limits.BACK);
          return "%s signed alone (epoch %d), taken over after %s s (fence %d to %d), its vote counts in epoch %d; %s"
              .formatted(
                  active.name(),
                  voted,
                  takeover,
                  first.fence(),
                  second.fence(),
                  counted,
                  lab.noDoubleVote());
        });
  }

  /** Seconds since a moment of the monotonic clock. */
  public static String seconds(long since) {
    return Long.toString(Math.round((System.nanoTime() - since) / 1e9));
  }
}
