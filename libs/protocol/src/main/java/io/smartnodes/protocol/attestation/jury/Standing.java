package io.smartnodes.protocol.attestation.jury;

import io.smartnodes.protocol.body.Outcome;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Where a session stands besides its replay.
 *
 * @param signing verdicts that the signer is asked for
 * @param certified outcomes of which a certificate is known
 * @param quorumSince when a quorum was first seen here that no certificate shows yet
 * @param overdue whether it was told that the widest jury had its time without a certificate
 */
record Standing(
    Set<Verdict> signing, Set<Outcome> certified, Optional<Instant> quorumSince, boolean overdue) {
  static final Standing NEW = new Standing(Set.of(), Set.of(), Optional.empty(), false);

  Standing {
    signing = Set.copyOf(signing);
    certified = Set.copyOf(certified);
  }

  boolean isOver() {
    return !certified.isEmpty();
  }

  Standing asked(Verdict verdict) {
    Set<Verdict> more = new HashSet<>(signing);
    more.add(verdict);
    return new Standing(more, certified, quorumSince, overdue);
  }

  Standing answered(Verdict verdict) {
    Set<Verdict> fewer = new HashSet<>(signing);
    fewer.remove(verdict);
    return new Standing(fewer, certified, quorumSince, overdue);
  }

  Standing certified(Outcome outcome) {
    Set<Outcome> more = new HashSet<>(certified);
    more.add(outcome);
    return new Standing(signing, more, Optional.empty(), overdue);
  }

  Standing quorumSince(Optional<Instant> time) {
    return new Standing(signing, certified, time, overdue);
  }

  Standing overdueNow() {
    return new Standing(signing, certified, quorumSince, true);
  }
}
