package io.smartnodes.router;

import io.grpc.StatusRuntimeException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.job.Admission;
import io.smartnodes.protocol.job.JobLifecycle;
import io.smartnodes.protocol.job.LeaseBook;
import io.smartnodes.protocol.job.LeaseBook.Input;
import io.smartnodes.protocol.job.Matcher;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Job;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Moves the jobs of this home: one virtual thread, woken by what happens, that looks every 250 ms
 * while a job lives (docs/protocol/4-jobs.md, 4.3 to 4.5).
 */
@ApplicationScoped
public class LeaseDesk {
  private static final Logger LOG = Logger.getLogger(LeaseDesk.class);
  private static final long BUSY_MILLIS = 250;
  private static final long IDLE_MILLIS = 60_000;
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(15);
  private static final int QUITTERS = 3;
  private static final long SIGNER_PAUSE_MILLIS = 1_000;
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

  private final Board board;
  private final Workers workers;
  private final RouterState state;
  private final JobDesk jobs;
  private final Granting granting;
  private final InstantSource time = InstantSource.system();
  // After a start they may try once more.
  private final Map<Bytes32, Set<Address>> quitters = new HashMap<>();
  private volatile boolean running;
  private volatile Optional<Thread> loop = Optional.empty();
  private Instant signerBusyUntil = Instant.EPOCH;
  private Instant lookedAt = Instant.EPOCH;
  private boolean behindOthers;

  /** Called by the container. */
  public LeaseDesk(
      Board board, Workers workers, RouterState state, JobDesk jobs, Granting granting) {
    this.board = board;
    this.workers = workers;
    this.state = state;
    this.jobs = jobs;
    this.granting = granting;
  }

  void start(@Observes StartupEvent event) {
    board.load();
    running = true;
    loop = Optional.of(Thread.ofVirtual().name("job-router").start(this::run));
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    running = false;
    board.wake();
    if (loop.isPresent()) {
      loop.get().join(LONGEST_STOP);
    }
  }

  private void run() {
    while (running) {
      try {
        board.await(board.hasWork() ? BUSY_MILLIS : IDLE_MILLIS);
        if (running && behindOthers) {
          state.catchUp();
          behindOthers = false;
        }
        if (running) {
          tick(time.instant());
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        // What was not stored was not shown either: the next look starts from what is stored.
        LOG.error("a look at the jobs failed; looking again", e);
      }
    }
  }

  void tick(Instant now) {
    board.locked(() -> {
      // Signals are hints: what another process stored is found without them, too.
      if (!now.isBefore(lookedAt.plus(LOOK_AGAIN))) {
        lookedAt = now;
        board.lookAgain();
      }
      board.settleDoubts(now);
      RouterState.At at = state.now();
      Map<Bytes32, List<Certificate>> judged = takeJudged();
      List<Workers.Seen> present = workers.present(now);
      List<Workers.Report> failures = workers.takeFailures();
      for (LiveJob job : board.jobs()) {
        List<Certificate> made = judged.getOrDefault(job.id(), List.of());
        try {
          JobStep step = new JobStep(job, now);
          hear(step, present, failures);
          made.forEach(certificate -> judge(step, certificate));
          advance(step, at);
          board.commit(step);
        } catch (Admissions.Behind behind) {
          board.judged().addAll(made);
          behindOthers = true;
        } catch (RuntimeException e) {
          // One job that cannot be stored must not hold up the others; nothing of it is lost.
          board.judged().addAll(made);
          LOG.errorf(e, "job %s could not be moved; trying again", job.id());
        }
      }
      quitters.keySet().removeIf(id -> !board.has(id));
      board
          .jobs()
          .forEach(job ->
              granting.grant(job, present, quitters.getOrDefault(job.id(), Set.of()), at, now));
      sign(now);
      board.showGranted();
      return true;
    });
  }

  private Map<Bytes32, List<Certificate>> takeJudged() {
    Map<Bytes32, List<Certificate>> judged = new HashMap<>();
    for (Certificate made = board.judged().poll(); made != null; made = board.judged().poll()) {
      judged.computeIfAbsent(made.receipt().receipt().jobId(), id -> new ArrayList<>()).add(made);
    }
    return judged;
  }

  private void hear(JobStep step, List<Workers.Seen> present, List<Workers.Report> failures) {
    for (Workers.Seen worker : present) {
      Address account = worker.offer().account();
      if (!step.job().book().openOf(account).isEmpty()) {
        Map<Long, Long> done = worker.unitsDone().getOrDefault(step.jobId(), Map.of());
        take(step, new Input.Heard(account, worker.at(), done));
      }
    }
    for (Workers.Report report : failures) {
      if (report.jobId().equals(step.jobId())) {
        giveUp(step, report);
      }
    }
    step.job().book().entries().values().stream()
        .filter(entry -> entry.state().isOpen())
        .map(entry -> entry.lease().worker())
        .distinct()
        .toList()
        .forEach(
            worker -> barred(worker).ifPresent(why -> take(step, new Input.Barred(worker, why))));
  }

  /**
   * A job that several workers cannot do is the user's fault: nobody else is bothered with it.
   * Where the network was at fault, the same worker may try again.
   */
  private void giveUp(JobStep step, Workers.Report report) {
    Input.GaveUp input = report.input();
    if (step.job().book().openOf(input.worker()).stream()
        .noneMatch(entry -> entry.lease().number() == input.number())) {
      return;
    }
    take(step, input);
    if (report.networkFault()) {
      return;
    }
    Set<Address> gone = quitters.computeIfAbsent(step.jobId(), id -> new HashSet<>());
    gone.add(input.worker());
    if (gone.size() >= QUITTERS) {
      JobLifecycle.fail(
              step.job().state(),
              gone.size() + " workers gave it up, the last one: " + input.reason())
          .ifPresent(step::move);
    }
  }

  private Optional<String> barred(Address worker) {
    if (board.refuted().contains(worker)) {
      return Optional.of("a receipt of its worker was refuted");
    }
    return state
        .account(worker)
        .map(Account::status)
        .filter(status -> !Matcher.mayWork(status))
        .map(status -> "its worker is " + status);
  }

  private void judge(JobStep step, Certificate made) {
    Input.Judged input =
        new Input.Judged(
            made.receipt().receipt().lease(),
            made.receipt().receipt().hashStruct(),
            made.outcome());
    switch (step.job().book().step(input, time.instant())) {
      case LeaseBook.Outcomes.Refused(String field, String reason) ->
          LOG.infof("a certificate of job %s changes nothing: %s", step.jobId(), reason);
      case LeaseBook.Outcomes.Stepped stepped -> {
        if (!stepped.changes().isEmpty()) {
          step.ticket(input.number(), ticket -> ticket.judged(made));
          take(step, input);
        }
      }
    }
  }

  private void advance(JobStep step, RouterState.At at) {
    Optional<Job> leaf = at.job(step.jobId());
    leaf.ifPresent(job -> {
      if (!step.job().anchored()) {
        step.change(before -> before.anchoredWith(job.settledCount()));
        step.event("its hold is anchored in epoch " + job.anchoredAt());
      } else if (step.job().settled() != job.settledCount()) {
        step.change(before -> before.anchoredWith(job.settledCount()));
        step.event(job.settledCount() + " of its units are settled");
      }
      take(step, new Input.Settled(job.settled()));
    });
    take(step, new Input.Tick());
    step.settle(leaf.isPresent());
    boolean wanted = step.job().state().isLeasing() && !step.job().anchored();
    if (wanted && Admission.isPast(step.job().hold(), at.epoch(), board.holdLifetime())) {
      jobs.renew(step, at);
    }
  }

  private static void take(JobStep step, Input input) {
    step.lease(input)
        .ifPresent(refused ->
            LOG.debugf("job %s: %s: %s", step.jobId(), refused.field(), refused.reason()));
  }

  /** Signs what is stored unsigned; holds first, since leases wait for them. */
  private void sign(Instant now) {
    if (now.isBefore(signerBusyUntil)) {
      return;
    }
    try {
      for (LiveJob job : board.jobs()) {
        if (job.holdSignature().isEmpty() && job.state().isLeasing()) {
          jobs.sign(job, now);
        }
      }
      for (LiveJob job : board.jobs()) {
        jobs.signLeases(job, now);
      }
    } catch (StatusRuntimeException e) {
      signerBusyUntil = now.plusMillis(SIGNER_PAUSE_MILLIS);
      LOG.warnf("the signer does not sign now: %s", e.getStatus());
    }
  }
}
