package io.smartnodes.router;

import com.google.protobuf.Message;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.job.v1.JobEvent;
import io.smartnodes.proto.job.v1.JobStateChanged;
import io.smartnodes.protocol.job.JobLifecycle;
import io.smartnodes.protocol.job.LeaseBook;
import io.smartnodes.wire.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The next state of a job with all that must be stored with it, in one transaction. */
final class JobStep {
  private final Instant now;
  private final List<JobEvent> events = new ArrayList<>();
  private final List<Message> published = new ArrayList<>();
  private final SortedSet<Long> leases = new TreeSet<>();
  private LiveJob job;
  private boolean changed;

  JobStep(LiveJob job, Instant now) {
    this.job = job;
    this.now = now;
  }

  LiveJob job() {
    return job;
  }

  List<JobEvent> events() {
    return events;
  }

  List<Message> published() {
    return published;
  }

  /** Numbers of the leases that changed. */
  SortedSet<Long> leases() {
    return leases;
  }

  /** Whether something must be stored; heartbeats alone are not. */
  boolean mustStore() {
    return changed || !events.isEmpty() || !published.isEmpty() || !leases.isEmpty();
  }

  /** Changes the job itself. */
  void change(UnaryOperator<LiveJob> next) {
    job = next.apply(job);
    changed = true;
  }

  /** Changes what belongs to a lease. */
  void ticket(long number, UnaryOperator<LiveJob.Ticket> next) {
    job = job.with(number, next.apply(job.ticket(number)));
    leases.add(number);
  }

  /** Enters what belongs to a new lease. */
  void newTicket(long number, LiveJob.Ticket ticket) {
    job = job.with(number, ticket);
    leases.add(number);
  }

  /** Steps the book; empty if it took the input. */
  Optional<LeaseBook.Outcomes.Refused> lease(LeaseBook.Input input) {
    return switch (job.book().step(input, now)) {
      case LeaseBook.Outcomes.Refused refused -> Optional.of(refused);
      case LeaseBook.Outcomes.Stepped(LeaseBook next, List<LeaseBook.Change> changes) -> {
        job = job.with(next);
        for (LeaseBook.Change change : changes) {
          leases.add(change.lease().number());
          // A new lease is told of when it is signed: a ticket without a signature opens nothing.
          if (change.from() != change.to()) {
            leaseEvent(change.lease().number(), change.reason());
          }
        }
        yield Optional.empty();
      }
    };
  }

  /** Moves the job on as far as its leases and the executed state say. */
  void settle(boolean inState) {
    while (true) {
      JobLifecycle.Facts facts =
          new JobLifecycle.Facts(
              job.state(), job.anchored(), inState, job.book().progress(), job.spec().deadline());
      Optional<JobLifecycle.Moved> moved = JobLifecycle.next(facts, now);
      if (moved.isEmpty()) {
        return;
      }
      move(moved.get());
    }
  }

  /** Changes the state of the job. */
  void move(JobLifecycle.Moved moved) {
    change(before -> before.in(moved.to(), moved.reason()));
    event(moved.reason());
    published.add(
        JobStateChanged.newBuilder()
            .setJobId(Fields.bytes(job.id()))
            .setFrom(LiveJob.protoState(moved.from()))
            .setTo(LiveJob.protoState(moved.to()))
            .setReason(moved.reason())
            .build());
    if (moved.to().isEnd() && moved.to() != JobLifecycle.State.CANCELLED) {
      lease(new LeaseBook.Input.Ended(moved.reason()));
    }
  }

  /** Tells the watchers of the job. */
  void event(String reason) {
    add(next(reason));
  }

  /** Tells the watchers of a lease as it is now. */
  void leaseEvent(long number, String reason) {
    LeaseBook.Entry entry = job.book().entries().get(number);
    if (entry != null) {
      add(next(reason).setLease(job.leaseView(entry)));
    }
  }

  /** Publishes on job.v1. */
  void publish(Message message) {
    published.add(message);
  }

  Bytes32 jobId() {
    return job.id();
  }

  private JobEvent.Builder next(String reason) {
    return JobEvent.newBuilder()
        .setSequence(job.events() + 1)
        .setTime(now.getEpochSecond())
        .setState(LiveJob.protoState(job.state()))
        .setReason(reason);
  }

  private void add(JobEvent.Builder event) {
    events.add(event.build());
    job = job.withEvents(job.events() + 1);
  }
}
