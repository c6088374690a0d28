package io.smartnodes.sdk;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.job.v1.JobState;
import io.smartnodes.protocol.body.Certificate;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** How a job ended for its user. */
public sealed interface JobResult {
  /**
   * Every unit is certified and its output is here.
   *
   * @param outputs by unit, each proven against a certified receipt
   * @param certificates that cover all units
   */
  record Completed(Bytes32 jobId, SortedMap<Long, Bytes> outputs, List<Certificate> certificates)
      implements JobResult {
    /** Copies both. */
    public Completed {
      outputs = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
      certificates = List.copyOf(certificates);
    }
  }

  /** The job ended without all units. */
  record Ended(Bytes32 jobId, JobState state, String reason) implements JobResult {}
}
