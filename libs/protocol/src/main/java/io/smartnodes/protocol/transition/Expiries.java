package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Pending;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.protocol.state.tree.LeafType;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Jobs that are done or out of time give back what they hold (2.5, step 11). */
final class Expiries {
  private Expiries() {}

  static void apply(Draft draft) {
    List<Pending> waiting = draft.state().leaves(LeafType.PENDING, Pending.class);
    Set<Bytes32> withPayment = new HashSet<>();
    for (Pending pending : waiting) {
      if (!Certificates.isAnchor(pending)) {
        withPayment.add(pending.jobId());
      }
    }
    List<Job> jobs =
        draft.state().leaves(LeafType.JOB, Job.class).stream()
            .sorted(Comparator.comparing(Job::jobId))
            .toList();
    for (Job job : jobs) {
      boolean over =
          job.settledCount() == job.unitCount()
              || (job.closingAt() != 0 && job.closingAt() <= draft.epoch());
      // A payment that may still be voided needs its job: it closes one epoch later.
      if (over && !withPayment.contains(job.jobId())) {
        close(draft, job, waiting);
      } else if (job.closingAt() == 0 && !job.deadline().isAfter(draft.asOf())) {
        draft.put(job.closingAt(draft.epoch() + draft.parameters().closingDelay()));
      }
    }
    Holds.forget(draft, waiting);
  }

  private static void close(Draft draft, Job job, List<Pending> waiting) {
    draft.remove(LeafKey.of(job));
    Address home =
        draft.state().activeValidator(job.home()).isPresent() ? job.home() : Address.ZERO;
    draft.allot(job.user(), job.asset(), home, job.held());
    for (Pending anchor : waiting) {
      if (anchor.jobId().equals(job.jobId())) {
        draft.remove(LeafKey.of(anchor));
      }
    }
  }
}
