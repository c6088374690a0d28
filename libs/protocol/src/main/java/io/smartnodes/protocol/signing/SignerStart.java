package io.smartnodes.protocol.signing;

import java.util.Optional;

/**
 * Whether the guard rows can be trusted after a start: a mark outside the database tells of the
 * highest vote that was ever signed. Rows that miss it were restored from an old copy.
 */
public sealed interface SignerStart {
  /** The place of a vote; ordered. */
  record Mark(long epoch, int round) implements Comparable<Mark> {
    @Override
    public int compareTo(Mark other) {
      int byEpoch = Long.compare(epoch, other.epoch);
      return byEpoch != 0 ? byEpoch : Integer.compare(round, other.round);
    }
  }

  /** The rows are whole: sign as the guards allow. */
  record Trusted() implements SignerStart {}

  /**
   * The rows may be old: no hold, ack or verdict until two more epochs are executed, when what may
   * have been signed before no longer counts.
   *
   * @param reason for people
   */
  record Doubtful(String reason) implements SignerStart {}

  /** Judges a start. */
  static SignerStart judge(Optional<Mark> outside, Optional<Mark> rows) {
    if (outside.isEmpty()) {
      return rows.isEmpty()
          ? new Trusted()
          : new Doubtful("the high-water mark is missing though votes were signed");
    }
    if (rows.isEmpty() || rows.get().compareTo(outside.get()) < 0) {
      return new Doubtful(
          "the high-water mark names a vote of epoch "
              + outside.get().epoch()
              + " that the database does not know: it was restored from an old copy");
    }
    return new Trusted();
  }
}
