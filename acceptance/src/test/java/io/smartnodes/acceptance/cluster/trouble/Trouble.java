package io.smartnodes.acceptance.cluster.trouble;

import io.smartnodes.acceptance.cluster.live.Lab;
import io.smartnodes.acceptance.cluster.live.Limits;
import io.smartnodes.acceptance.cluster.report.Choice;
import io.smartnodes.acceptance.cluster.report.Choice.Step;
import io.smartnodes.acceptance.cluster.report.Steps;
import java.util.ArrayList;
import java.util.List;

/** Everything that is done to a network that runs, most important first. */
public final class Trouble {
  /** What all jobs together may cost: a price limit per unit, most of which comes back. */
  private static final int UNITS = 600;

  private final Choice choice;
  private final Steps steps;

  public Trouble(Choice choice, Steps steps) {
    this.choice = choice;
    this.steps = steps;
  }

  /** Whether anything is chosen. */
  public boolean isWanted() {
    return List.of(Step.values()).stream()
        .filter(step -> step != Step.STORY)
        .anyMatch(step -> choice.has(step) && !isTold(step));
  }

  /** Pods die within the story where there is one. */
  private boolean isTold(Step step) {
    return step == Step.PODS_KILLED && choice.has(Step.STORY);
  }

  /** Does what is chosen; wrong values harm nobody, and are tried beside what comes first. */
  public void make(Lab lab) throws InterruptedException {
    Thread beside = Thread.ofVirtual().name("wrong-values").start(() -> tryWrongValues(lab));
    // Takes an epoch, in which something else can be done.
    Thread funded = Thread.ofVirtual().name("funding").start(() -> fund(lab));
    PodSteps pods = new PodSteps(lab.release(), steps);
    ChangeSteps changes = new ChangeSteps(lab, steps);
    OutageSteps outages = new OutageSteps(lab, steps);
    for (Step step : Step.values()) {
      if (!choice.has(step) || isTold(step)) {
        continue;
      }
      switch (step) {
        case STORY, MISSING_SECRET, WRONG_PASSWORD, WRONG_CHAIN, WRONG_KEY, UNKNOWN_VALUE -> {}
        case HELM_TEST -> {
          funded.join();
          changes.helmTest();
        }
        case PODS_KILLED -> {
          funded.join();
          pods.killPodsInJobs(lab);
        }
        case PROCESSES_KILLED -> pods.killProcesses(lab);
        case SIGNER_KILLED -> pods.killSigner(lab);
        case UPGRADE -> changes.upgrade();
        case ROLLBACK -> changes.rollback();
        case POSTGRES_AWAY -> {
          // Without the database a preflight would complain about that.
          beside.join();
          funded.join();
          outages.postgres();
        }
        case KAFKA_AWAY -> {
          beside.join();
          funded.join();
          outages.kafka();
        }
        case MODULES -> {
          funded.join();
          outages.modules();
        }
        case DRAIN -> {
          beside.join();
          changes.drain();
        }
      }
    }
    beside.join();
    if (!lab.owed().isEmpty()) {
      steps.run("jobs", "Looking at the jobs that went through all of this", () -> finishJobs(lab));
    }
    steps.run(
        "books", "Comparing the books of chain and state after all of this", lab.books()::balance);
  }

  private static String finishJobs(Lab lab) throws InterruptedException {
    List<String> told = new ArrayList<>();
    for (Lab.Owed owed : lab.owed()) {
      told.add(owed.during() + ": " + lab.jobs().finish(owed.job(), Limits.JOB));
    }
    return String.join("; ", told);
  }

  private void fund(Lab lab) {
    try {
      steps.run(
          "funding",
          "Paying in for all jobs that follow",
          () -> {
            lab.jobs().fund(UNITS);
            return UNITS + " units";
          });
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private void tryWrongValues(Lab lab) {
    WrongValues wrong = new WrongValues(lab, steps);
    try {
      for (Step step : Step.values()) {
        if (choice.has(step)) {
          wrong.take(step);
        }
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }
}
