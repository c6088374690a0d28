package io.smartnodes.protocol.dht;

import java.util.Comparator;

/** Which of two valid records of one author and kind stands (rule 3.4.3). */
public final class RecordSelector {
  /** The better record is the greater one: highest sequence, then lowest hash. */
  public static final Comparator<DhtRecord> ORDER =
      Comparator.comparingLong(DhtRecord::sequence)
          .thenComparing(DhtRecord::hash, Comparator.reverseOrder());

  private RecordSelector() {}

  /** Whether a new record takes the place of the old one; the same record does not. */
  public static boolean replaces(DhtRecord fresh, DhtRecord old) {
    return ORDER.compare(fresh, old) > 0;
  }
}
