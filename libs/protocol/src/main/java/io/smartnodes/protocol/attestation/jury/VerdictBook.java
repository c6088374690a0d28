package io.smartnodes.protocol.attestation.jury;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.attestation.Refutation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The verdicts known of one receipt (5.6): of a member the first of {@code Confirmed} and {@code
 * Silent} counts, a refutation may follow either, nothing but further refutations follows one.
 *
 * @param verdicts in the order of arrival
 */
public record VerdictBook(List<SignedVerdict> verdicts) {
  /** Nothing known. */
  public static final VerdictBook EMPTY = new VerdictBook(List.of());

  /** Copies the list. */
  public VerdictBook {
    verdicts = List.copyOf(verdicts);
  }

  /** The book with one more verdict, or this book if it does not count. */
  public VerdictBook with(SignedVerdict added) {
    if (!counts(added)) {
      return this;
    }
    List<SignedVerdict> more = new ArrayList<>(verdicts);
    more.add(added);
    return new VerdictBook(more);
  }

  private boolean counts(SignedVerdict added) {
    List<Verdict> own = of(added.operator());
    return switch (added.verdict()) {
      case Verdict.Refuting refuting -> !own.contains(refuting);
      case Verdict.Confirming confirming -> own.isEmpty();
      case Verdict.Silence silence -> own.isEmpty();
    };
  }

  /** What a member has said. */
  public List<Verdict> of(Address operator) {
    return verdicts.stream()
        .filter(one -> one.operator().equals(operator))
        .map(SignedVerdict::verdict)
        .toList();
  }

  /** Those of some members who say exactly this. */
  public List<SignedVerdict> equalTo(Verdict verdict, Collection<Address> members) {
    return verdicts.stream()
        .filter(one -> one.verdict().equals(verdict) && members.contains(one.operator()))
        .toList();
  }

  /** All different refutations. */
  public List<Refutation> refutations() {
    List<Refutation> found = new ArrayList<>();
    for (SignedVerdict one : verdicts) {
      if (one.verdict() instanceof Verdict.Refuting(Refutation refutation)
          && !found.contains(refutation)) {
        found.add(refutation);
      }
    }
    return found;
  }

  /** The units that somebody refutes. */
  public Set<Long> refutedUnits() {
    return refutations().stream().map(Refutation::unit).collect(Collectors.toSet());
  }
}
