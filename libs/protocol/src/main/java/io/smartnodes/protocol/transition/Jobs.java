package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.Job;

/** Jobs with something changed, and the bits of their settled units. */
final class Jobs {
  private Jobs() {}

  /** Whether the range is not empty and lies within the job. */
  static boolean contains(Job job, long first, long count) {
    return count > 0 && count <= job.unitCount() && first <= job.unitCount() - count;
  }

  /** Whether any unit of a range within the job is settled. */
  static boolean anySettled(Job job, long first, long count) {
    for (long unit = first; unit < first + count; unit++) {
      if ((job.settled().get((int) (unit / 8)) >>> (unit % 8) & 1) == 1) {
        return true;
      }
    }
    return false;
  }

  /** The job after money went to a certificate for units that were not settled. */
  static Job settle(Job job, long first, long count, Amount amount) {
    return copy(
        job,
        job.held().minus(amount),
        job.closingAt(),
        job.settledCount() + count,
        flip(job, first, count));
  }

  /** The job after a certificate for settled units is void. */
  static Job unsettle(Job job, long first, long count, Amount amount) {
    return copy(
        job,
        job.held().plus(amount),
        job.closingAt(),
        job.settledCount() - count,
        flip(job, first, count));
  }

  static Job withHeld(Job job, Amount held) {
    return copy(job, held, job.closingAt(), job.settledCount(), job.settled());
  }

  static Job closingAt(Job job, long epoch) {
    return copy(job, job.held(), epoch, job.settledCount(), job.settled());
  }

  private static Bytes flip(Job job, long first, long count) {
    byte[] bits = job.settled().toArray();
    for (long unit = first; unit < first + count; unit++) {
      bits[(int) (unit / 8)] ^= (byte) (1 << (unit % 8));
    }
    return Bytes.of(bits);
  }

  private static Job copy(Job job, Amount held, long closingAt, long settledCount, Bytes settled) {
    return new Job(
        job.jobId(),
        job.user(),
        job.home(),
        job.asset(),
        held,
        job.unitCount(),
        job.deadline(),
        job.anchoredAt(),
        closingAt,
        settledCount,
        settled);
  }
}
