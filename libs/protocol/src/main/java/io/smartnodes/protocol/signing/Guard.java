package io.smartnodes.protocol.signing;

import io.smartnodes.crypto.Bytes32;
import java.util.Optional;
import java.util.Set;

/**
 * The guard of one signature: at most one digest in a place, unless the rule of its purpose lets a
 * later one replace it (docs/protocol/6-epochs.md, 6.8). The row is committed before the signature
 * is made.
 *
 * @param place what it is about, for instance a vote's epoch and round
 * @param digest what is signed there
 * @param detail a number that the rule compares: a hold's state epoch, a verdict's outcome
 * @param rule when another digest may follow
 */
public record Guard(String place, Bytes32 digest, long detail, Rule rule) {
  /** The verdict that confirms, as {@link #detail}. */
  public static final long CONFIRMED = 1;

  /** The verdict that refutes. */
  public static final long REFUTED = 2;

  /** The verdict of silence. */
  public static final long SILENT = 3;

  /** What stands in a place. */
  public record Entry(Bytes32 digest, long detail) {}

  /** When another digest may follow in the same place. */
  public sealed interface Rule {
    /** Never: votes, leases, refutations of a unit. */
    record Once() implements Rule {}

    /** After the receipt that stands there was voided by a certificate: acks. */
    record AfterVoid(Set<Bytes32> voided) implements Rule {
      /** Copies the set. */
      public AfterVoid {
        voided = Set.copyOf(voided);
      }
    }

    /** With a higher detail: holds of a later state epoch. */
    record Later() implements Rule {}

    /** Refuted may follow anything, nothing follows it: verdicts of a receipt. */
    record Verdict() implements Rule {}
  }

  /** The answer. */
  public sealed interface Outcome {
    /** Nothing stood there: write the row, then sign. */
    record First(Entry entry) implements Outcome {}

    /** The same stands there: sign again, nothing to write. */
    record Again() implements Outcome {}

    /** It may follow what stands there: change the row, then sign. */
    record Replaces(Entry entry) implements Outcome {}

    /** It contradicts what stands there: never sign. */
    record Contradicts(String reason) implements Outcome {}
  }

  /** Judges the wish to sign against what stands in the place. */
  public Outcome judge(Optional<Entry> standing) {
    Entry wanted = new Entry(digest, detail);
    if (standing.isEmpty()) {
      return new Outcome.First(wanted);
    }
    Entry old = standing.get();
    if (old.equals(wanted)) {
      return new Outcome.Again();
    }
    boolean follows =
        switch (rule) {
          case Rule.Once once -> false;
          case Rule.AfterVoid after -> after.voided().contains(old.digest());
          case Rule.Later later -> detail > old.detail();
          case Rule.Verdict verdict -> detail == REFUTED && old.detail() != REFUTED;
        };
    return follows
        ? new Outcome.Replaces(wanted)
        : new Outcome.Contradicts(place + ": " + old.digest() + " is signed already");
  }
}
