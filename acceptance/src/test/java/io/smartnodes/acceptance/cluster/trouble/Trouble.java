package io.smartnodes.acceptance.cluster.trouble;

import io.smartnodes.acceptance.cluster.live.Lab;
import io.smartnodes.acceptance.cluster.report.Choice;
import io.smartnodes.acceptance.cluster.report.Choice.Step;
import io.smartnodes.acceptance.cluster.report.Steps;
import java.util.List;

/** Everything that is done to a network that runs, most important first. */
public final class Trouble {
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

  /** Does what is chosen. */
  public void make(Lab lab) throws InterruptedException {
    PodSteps pods = new PodSteps(lab.release(), steps);
    ChangeSteps changes = new ChangeSteps(lab, steps);
    OutageSteps outages = new OutageSteps(lab, steps);
    WrongValues wrong = new WrongValues(lab, steps);
    for (Step step : Step.values()) {
      if (!choice.has(step) || isTold(step)) {
        continue;
      }
      switch (step) {
        case STORY -> {}
        case HELM_TEST -> changes.helmTest();
        case PODS_KILLED -> pods.killPodsInJobs(lab);
        case PROCESSES_KILLED -> pods.killProcesses(lab);
        case SIGNER_KILLED -> pods.killSigner(lab);
        case UPGRADE -> changes.upgrade();
        case ROLLBACK -> changes.rollback();
        case POSTGRES_AWAY -> outages.postgres();
        case KAFKA_AWAY -> outages.kafka();
        case MODULES -> outages.modules();
        case DRAIN -> changes.drain();
        case MISSING_SECRET -> wrong.missingSecret();
        case WRONG_PASSWORD -> wrong.wrongPassword();
        case WRONG_CHAIN -> wrong.wrongChain();
        case WRONG_KEY -> wrong.wrongKey();
        case UNKNOWN_VALUE -> wrong.unknownValue();
      }
    }
    steps.run(
        "books", "Comparing the books of chain and state after all of this", lab.books()::balance);
  }
}
