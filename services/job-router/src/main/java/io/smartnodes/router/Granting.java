package io.smartnodes.router;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.job.LeaseBook.Input;
import io.smartnodes.protocol.job.Matcher;
import io.smartnodes.protocol.job.UnitRange;
import io.smartnodes.router.config.RouterConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/** Grants leases as the matcher says, stored before anybody hears of them (4.4, 4.5). */
@ApplicationScoped
public class Granting {
  private static final Logger LOG = Logger.getLogger(Granting.class);

  private final Board board;
  private final Workers workers;
  private final RouterConfig config;

  /** Called by the container. */
  public Granting(Board board, Workers workers, RouterConfig config) {
    this.board = board;
    this.workers = workers;
    this.config = config;
  }

  /**
   * Leases the free units of a job; only with the lock.
   *
   * @param quitters workers that gave the job up
   * @param at the state that its step was judged by
   */
  void grant(
      LiveJob job,
      List<Workers.Seen> present,
      Set<Address> quitters,
      RouterState.At at,
      Instant now) {
    Instant deadline =
        earlier(job.spec().deadline(), now.plus(config.leaseTime()))
            .truncatedTo(ChronoUnit.SECONDS);
    boolean wanted = job.state().isLeasing() && at.job(job.id()).isPresent();
    if (!wanted || !deadline.isAfter(now)) {
      return;
    }
    Matcher.Demand demand =
        new Matcher.Demand(
            job.id(),
            job.spec().network(),
            job.book().free(),
            job.book().unitPriceCap(),
            excluded(quitters),
            at.parameters().orElseThrow().maxUnitsPerLease());
    List<Matcher.Candidate> candidates =
        present.stream()
            .flatMap(
                worker -> workers.candidate(worker, openLeases(worker.offer().account())).stream())
            .toList();
    Bytes32 seed = Bytes32.ofNumber(job.book().nextNumber());
    switch (Matcher.match(demand, candidates, seed)) {
      case Matcher.Outcome.NoMatch(Matcher.Reason reason) ->
          LOG.debugf("job %s finds no worker: %s", job.id(), reason);
      case Matcher.Outcome.Matched(List<Matcher.Grant> grants) ->
          enter(new JobStep(job, now), grants, deadline, now);
    }
  }

  private Set<Address> excluded(Set<Address> quitters) {
    Set<Address> excluded = new HashSet<>(board.refuted());
    excluded.addAll(quitters);
    return excluded;
  }

  private int openLeases(Address worker) {
    return board.jobs().stream().mapToInt(job -> job.book().openOf(worker).size()).sum();
  }

  private void enter(JobStep step, List<Matcher.Grant> grants, Instant deadline, Instant now) {
    List<Lease> leases = new ArrayList<>();
    long number = step.job().book().nextNumber();
    for (Matcher.Grant grant : grants) {
      UnitRange units = grant.units();
      leases.add(
          new Lease(
              step.jobId(),
              number++,
              units.first(),
              units.count(),
              grant.worker(),
              grant.unitPrice(),
              deadline));
    }
    step.lease(new Input.Grant(leases))
        .ifPresent(refused -> {
          throw new IllegalStateException("the matcher broke a rule: " + refused.reason());
        });
    for (Lease lease : leases) {
      Workers.Seen worker = workers.of(lease.worker()).orElseThrow();
      step.newTicket(
          lease.number(),
          new LiveJob.Ticket(
              Optional.empty(),
              worker.peer(),
              worker.endpoint(),
              now,
              Optional.empty(),
              Optional.empty()));
    }
    step.settle(true);
    board.commit(step);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
