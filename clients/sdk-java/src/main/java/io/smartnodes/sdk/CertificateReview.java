package io.smartnodes.sdk;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.protocol.attestation.Confirmed;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.MemberVerdict;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.Lease;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a user checks of a certificate before it takes outputs as verified: that enough different
 * validators confirmed the receipt of this lease with their own signatures, whether they are still
 * in the active set or were when the job was anchored, and by their current node key or the one
 * before. The home that brings the certificate is not trusted. Whether these validators were the
 * ones that the draw block picks is checked by every voter before anything is paid.
 */
final class CertificateReview {
  private static final int SMALLEST_JURY = 4;

  private CertificateReview() {}

  /**
   * What is wrong; empty if the certificate confirms the lease's receipt.
   *
   * @param signers the active set and those that left
   * @param active how many validators the active set has
   */
  static Optional<String> flaw(
      Certificate certificate,
      Lease lease,
      Domain domain,
      List<ValidatorNode> signers,
      int active) {
    JobReceipt receipt = certificate.receipt().receipt();
    if (certificate.outcome() != Outcome.CONFIRMED) {
      return Optional.of("it is " + certificate.outcome());
    }
    if (!certificate.receipt().lease().equals(lease)
        || !receipt.jobId().equals(lease.jobId())
        || receipt.lease() != lease.number()
        || receipt.first() != lease.first()
        || receipt.count() != lease.count()) {
      return Optional.of("it is for another lease");
    }
    Bytes32 hash = receipt.hashStruct();
    Set<Address> confirmed = new HashSet<>();
    for (MemberVerdict verdict : certificate.verdicts()) {
      Confirmed said = new Confirmed(hash, verdict.sampleEpoch(), verdict.traces());
      boolean isItsOwn =
          domain
              .signer(said, verdict.signature())
              .filter(key -> isOf(signers, verdict.operator(), key))
              .isPresent();
      if (!isItsOwn) {
        return Optional.of("the verdict of " + verdict.operator() + " is not signed by it");
      }
      confirmed.add(verdict.operator());
    }
    int needed = Picks.quorum(Math.min(SMALLEST_JURY, active));
    return confirmed.size() >= needed
        ? Optional.empty()
        : Optional.of(confirmed.size() + " validators confirm it, " + needed + " are needed");
  }

  private static boolean isOf(List<ValidatorNode> signers, Address operator, PublicKey key) {
    return signers.stream()
        .anyMatch(validator -> validator.operator().equals(operator) && validator.isBy(key));
  }
}
