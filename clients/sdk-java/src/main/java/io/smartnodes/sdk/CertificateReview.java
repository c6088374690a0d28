package io.smartnodes.sdk;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.PeerId;
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
 * validators of the active set confirmed the receipt of this lease with their own signatures. The
 * home that brings the certificate is not trusted. Whether these validators were the ones that the
 * draw block picks is checked by every voter before anything is paid.
 */
final class CertificateReview {
  private static final int SMALLEST_JURY = 4;

  private CertificateReview() {}

  /** What is wrong; empty if the certificate confirms the lease's receipt. */
  static Optional<String> flaw(
      Certificate certificate, Lease lease, Domain domain, List<ValidatorNode> validators) {
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
    Set<PeerId> signers = new HashSet<>();
    for (MemberVerdict verdict : certificate.verdicts()) {
      Confirmed said = new Confirmed(hash, verdict.sampleEpoch(), verdict.traces());
      Optional<PeerId> signer =
          domain
              .signer(said, verdict.signature())
              .map(PeerId::of)
              .filter(peer -> isOf(validators, verdict, peer));
      if (signer.isEmpty()) {
        return Optional.of("the verdict of " + verdict.operator() + " is not signed by it");
      }
      signers.add(signer.get());
    }
    int needed = Picks.quorum(Math.min(SMALLEST_JURY, validators.size()));
    return signers.size() >= needed
        ? Optional.empty()
        : Optional.of(signers.size() + " validators confirm it, " + needed + " are needed");
  }

  private static boolean isOf(List<ValidatorNode> validators, MemberVerdict verdict, PeerId peer) {
    return validators.stream()
        .anyMatch(validator ->
            validator.operator().equals(verdict.operator()) && validator.peer().equals(peer));
  }
}
