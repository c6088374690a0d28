package io.smartnodes.protocol.attestation.jury;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.attestation.Refutation;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.MemberSignature;
import io.smartnodes.protocol.body.MemberVerdict;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.chance.Picks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Counts verdicts (5.8): a quorum of equal ones, refutations before anything else. */
final class Tally {
  private Tally() {}

  /** Enough members that say the same. */
  record Quorum(Verdict verdict, List<SignedVerdict> verdicts) {
    /** The certificate; its lists ascend by hash. */
    Certificate certificate(JuryCase judged) {
      List<MemberSignature> acks =
          judged.acks().stream().sorted(Comparator.comparing(MemberSignature::hashStruct)).toList();
      List<MemberVerdict> members =
          verdicts.stream()
              .map(SignedVerdict::toMember)
              .sorted(Comparator.comparing(MemberVerdict::hashStruct))
              .toList();
      return new Certificate(
          judged.receipt(), acks, verdict.outcome(), verdict.refutationOrZero(), members);
    }
  }

  /** The quorum that a certificate is to be written of now, if any. */
  static Optional<Quorum> quorum(
      JuryCase judged,
      Jury jury,
      Work work,
      VerdictBook book,
      Set<Outcome> certified,
      Instant now) {
    if (certified.contains(Outcome.REFUTED)) {
      return Optional.empty();
    }
    for (Refutation refutation : book.refutations()) {
      Optional<Quorum> found = of(new Verdict.Refuting(refutation), jury, book, now);
      if (found.isPresent()) {
        return found;
      }
    }
    boolean doubtful =
        work.hasDifferent() || book.refutedUnits().stream().anyMatch(unit -> !work.isSettled(unit));
    if (doubtful || !certified.isEmpty()) {
      return Optional.empty();
    }
    return of(new Verdict.Confirming(judged.receiptHash()), jury, book, now)
        .or(() -> of(new Verdict.Silence(judged.receiptHash()), jury, book, now));
  }

  private static Optional<Quorum> of(Verdict verdict, Jury jury, VerdictBook book, Instant now) {
    for (int size : jury.sizesAt(now)) {
      List<Address> members = jury.first(size);
      List<SignedVerdict> equal = new ArrayList<>(book.equalTo(verdict, members));
      if (equal.size() >= Picks.quorum(size)) {
        return Optional.of(new Quorum(verdict, List.copyOf(equal)));
      }
    }
    return Optional.empty();
  }
}
