package io.smartnodes.protocol.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.protocol.job.JobLifecycle.State;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobLifecycleTest {
  private static final Instant DEADLINE = Instant.ofEpochSecond(1_000);
  private static final Instant BEFORE = DEADLINE.minusSeconds(1);

  private static Optional<State> next(
      State state, boolean inState, long free, long leased, long acknowledged, Instant now) {
    LeaseBook.Progress progress =
        new LeaseBook.Progress(10, free, leased, acknowledged, 10 - free - leased - acknowledged);
    return JobLifecycle.next(new JobLifecycle.Facts(state, true, inState, progress, DEADLINE), now)
        .map(JobLifecycle.Moved::to);
  }

  @Test
  void aJobRunsIsVerifiedCertifiedAndSettled() {
    assertThat(next(State.SUBMITTED, true, 10, 0, 0, BEFORE)).isEmpty();
    assertThat(next(State.SUBMITTED, true, 5, 5, 0, BEFORE)).contains(State.RUNNING);
    assertThat(next(State.RUNNING, true, 0, 0, 4, BEFORE)).contains(State.VERIFYING);
    assertThat(next(State.VERIFYING, true, 3, 0, 0, BEFORE)).contains(State.RUNNING);
    assertThat(next(State.VERIFYING, true, 10, 0, 0, BEFORE)).contains(State.RUNNING);
    assertThat(next(State.VERIFYING, true, 0, 0, 0, BEFORE)).contains(State.CERTIFIED);
    assertThat(next(State.CERTIFIED, true, 0, 0, 0, BEFORE)).isEmpty();
    assertThat(next(State.CERTIFIED, false, 0, 0, 0, BEFORE)).contains(State.SETTLED);
  }

  @Test
  void aLateJobExpiresOnceNoReceiptWaitsForItsJury() {
    assertThat(next(State.RUNNING, true, 5, 0, 5, DEADLINE)).isEmpty();
    assertThat(next(State.RUNNING, true, 5, 0, 0, DEADLINE)).contains(State.EXPIRED);
    assertThat(next(State.RUNNING, false, 5, 0, 0, DEADLINE)).contains(State.EXPIRED);
    assertThat(next(State.CERTIFIED, true, 0, 0, 0, DEADLINE)).isEmpty();
  }

  @Test
  void anEndedJobMovesNoMore() {
    for (State state : State.values()) {
      if (state.isEnd()) {
        assertThat(next(state, false, 0, 0, 0, DEADLINE)).isEmpty();
        assertThat(JobLifecycle.cancel(state)).isEmpty();
        assertThat(JobLifecycle.fail(state, "broken")).isEmpty();
      }
    }
    assertThat(JobLifecycle.cancel(State.CERTIFIED)).isEmpty();
    assertThat(JobLifecycle.cancel(State.RUNNING)).isPresent();
  }
}
