package io.smartnodes.protocol.attestation.jury;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.attestation.Confirmed;
import io.smartnodes.protocol.attestation.Refutation;
import io.smartnodes.protocol.attestation.Silent;
import io.smartnodes.protocol.attestation.Undelivered;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.MemberSignature;
import io.smartnodes.protocol.body.MemberVerdict;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.job.Ack;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.Lease;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether a receipt, a verdict or a certificate holds by its signatures (2.6, 5.9). */
public final class CertificateCheck {
  private CertificateCheck() {}

  /**
   * What the checker's own chain and state say.
   *
   * @param nodeKeys node addresses of every validator, also of one that left, by operator: the
   *     current one and the one before
   * @param home node addresses of the job's home
   * @param worker node address of the lease's worker
   * @param witnesses of the job
   */
  public record View(
      Domain domain,
      Map<Address, Set<Address>> nodeKeys,
      Set<Address> home,
      Address worker,
      List<Address> witnesses) {
    /** Copies the collections. */
    public View {
      nodeKeys = Map.copyOf(nodeKeys);
      home = Set.copyOf(home);
      witnesses = List.copyOf(witnesses);
    }
  }

  /** Why something does not hold: the field at fault, and a sentence. */
  public record Flaw(String field, String reason) {}

  /** Checks lease, receipt and acknowledgements, of which there must be a quorum. */
  public static Optional<Flaw> receipt(
      SignedReceipt signed, List<MemberSignature> acks, View view) {
    JobReceipt receipt = signed.receipt();
    Lease lease = signed.lease();
    if (!lease.jobId().equals(receipt.jobId())
        || lease.number() != receipt.lease()
        || lease.first() != receipt.first()
        || lease.count() != receipt.count()
        || lease.count() < 1) {
      return flaw("receipt.lease", "is not the lease of the receipt");
    }
    if (!isSigned(view, lease, signed.homeSignature(), view.home())) {
      return flaw("receipt.home_signature", "is not by the job's home");
    }
    if (!view.domain().isSignedBy(receipt, signed.workerSignature(), view.worker())) {
      return flaw("receipt.worker_signature", "is not by the lease's worker");
    }
    Ack ack = new Ack(receipt.jobId(), receipt.lease(), receipt.hashStruct());
    Set<Address> seen = new HashSet<>();
    for (int i = 0; i < acks.size(); i++) {
      MemberSignature one = acks.get(i);
      Optional<Flaw> flaw =
          member(
              one.operator(),
              ack,
              one.signature(),
              view.witnesses(),
              seen,
              view,
              "acks[" + i + "]");
      if (flaw.isPresent()) {
        return flaw;
      }
    }
    return seen.size() >= Picks.quorum(view.witnesses().size())
        ? Optional.empty()
        : flaw("acks", seen.size() + " are no quorum of " + view.witnesses().size());
  }

  /** Checks a verdict of a member. */
  public static Optional<Flaw> verdict(SignedVerdict verdict, JobReceipt receipt, View view) {
    if (verdict.verdict() instanceof Verdict.Refuting(Refutation refutation)) {
      Optional<Flaw> flaw = refutation(refutation, receipt);
      if (flaw.isPresent()) {
        return flaw;
      }
    }
    return member(
        verdict.operator(),
        verdict.verdict().signed(),
        verdict.signature(),
        view.nodeKeys().keySet(),
        new HashSet<>(),
        view,
        "verdict");
  }

  /**
   * Checks a whole certificate.
   *
   * @param jury by the checker's own block hash; any size that it may have is accepted
   */
  public static Optional<Flaw> certificate(Certificate certificate, Jury jury, View view) {
    JobReceipt receipt = certificate.receipt().receipt();
    Optional<Flaw> flaw = receipt(certificate.receipt(), certificate.acks(), view);
    if (flaw.isPresent()) {
      return flaw;
    }
    if (certificate.outcome() == Outcome.REFUTED) {
      flaw = refutation(certificate.refutation(), receipt);
    } else if (!certificate.refutation().equals(Verdict.NO_REFUTATION)) {
      flaw = flaw("refutation", "stands beside the outcome " + certificate.outcome());
    }
    if (flaw.isPresent()) {
      return flaw;
    }
    Set<Address> seen = new HashSet<>();
    for (int i = 0; i < certificate.verdicts().size(); i++) {
      MemberVerdict one = certificate.verdicts().get(i);
      String field = "verdicts[" + i + "]";
      if (one.sampleEpoch() != 0 || !one.traces().isEmpty()) {
        return flaw(field + ".traces", "before sample secrets are registered");
      }
      flaw =
          member(
              one.operator(),
              said(certificate, receipt.hashStruct()),
              one.signature(),
              jury.order(),
              seen,
              view,
              field);
      if (flaw.isPresent()) {
        return flaw;
      }
    }
    for (int size : jury.sizes()) {
      if (jury.first(size).containsAll(seen) && seen.size() >= Picks.quorum(size)) {
        return Optional.empty();
      }
    }
    return flaw("verdicts", seen.size() + " verdicts are no quorum of the receipt's jury");
  }

  private static Struct said(Certificate certificate, Bytes32 receiptHash) {
    return switch (certificate.outcome()) {
      case CONFIRMED -> new Confirmed(receiptHash, 0, List.of());
      case REFUTED -> certificate.refutation();
      case SILENT -> new Silent(receiptHash);
      case UNDELIVERED -> new Undelivered(receiptHash);
    };
  }

  private static Optional<Flaw> refutation(Refutation refutation, JobReceipt receipt) {
    if (!refutation.receiptHash().equals(receipt.hashStruct())) {
      return flaw("refutation.receipt_hash", "is another receipt");
    }
    long position = refutation.unit() - receipt.first();
    return position < 0 || position >= receipt.count()
        ? flaw("refutation.unit", "is not in the receipt")
        : Optional.empty();
  }

  private static Optional<Flaw> member(
      Address operator,
      Struct said,
      Bytes signature,
      java.util.Collection<Address> entitled,
      Set<Address> seen,
      View view,
      String field) {
    Set<Address> keys = view.nodeKeys().get(operator);
    if (keys == null || !entitled.contains(operator)) {
      return flaw(field + ".operator", operator + " is not entitled to it");
    }
    if (!seen.add(operator)) {
      return flaw(field + ".operator", operator + " is named twice");
    }
    return isSigned(view, said, signature, keys)
        ? Optional.empty()
        : flaw(field + ".signature", "is not by the node key of " + operator);
  }

  private static boolean isSigned(View view, Struct said, Bytes signature, Set<Address> keys) {
    return view.domain()
        .signer(said, signature)
        .filter(key -> keys.contains(key.address()))
        .isPresent();
  }

  private static Optional<Flaw> flaw(String field, String reason) {
    return Optional.of(new Flaw(field, reason));
  }
}
