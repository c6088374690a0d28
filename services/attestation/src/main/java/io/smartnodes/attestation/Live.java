package io.smartnodes.attestation;

import io.smartnodes.attestation.replay.Bench;
import io.smartnodes.protocol.attestation.jury.JuryEffect;
import io.smartnodes.protocol.attestation.jury.JuryInput;
import io.smartnodes.protocol.attestation.jury.JurySession;
import java.time.Instant;
import java.util.List;

/** A session in memory: one step at a time. */
final class Live {
  private final Bench bench;
  private final Instant openedAt;
  private JurySession session;
  private Instant nextTick = Instant.MAX;

  Live(Bench bench, JurySession session, Instant openedAt) {
    this.bench = bench;
    this.session = session;
    this.openedAt = openedAt;
  }

  Bench bench() {
    return bench;
  }

  Instant openedAt() {
    return openedAt;
  }

  synchronized JurySession session() {
    return session;
  }

  synchronized List<JuryEffect> step(JuryInput input, Instant now) {
    JurySession.Step step = session.step(input, now);
    session = step.next();
    return step.effects();
  }

  /** Whether a tick has to be scheduled for this time: none stands before it. */
  synchronized boolean schedules(Instant tick, Instant now) {
    if (nextTick.isAfter(now) && !tick.isBefore(nextTick)) {
      return false;
    }
    nextTick = tick;
    return true;
  }
}
